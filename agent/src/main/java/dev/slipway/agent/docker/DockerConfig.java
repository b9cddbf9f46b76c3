package dev.slipway.agent.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The logins that `docker login` keeps: `config.json` in `DOCKER_CONFIG` or `~/.docker`. Logins
/// that a credential helper keeps are fetched from it, over its stdin and stdout.
public final class DockerConfig {
    private DockerConfig() {}

    /// The login for a registry, if there is one.
    ///
    /// @param environment names the folder, and has the `PATH` of the helpers
    /// @throws DockerException when the file or its helper cannot be used
    public static Optional<Credentials> login(String registry, Map<String, String> environment)
            throws DockerException {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        Path file =
                folder.isBlank()
                        ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker/config.json")
                        : Path.of(folder, "config.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode config = new ObjectMapper().readTree(Files.readAllBytes(file));
            List<String> keys =
                    registry.isEmpty()
                            ? List.of(Credentials.HUB, "docker.io", "index.docker.io")
                            : List.of(
                                    registry,
                                    "https://" + registry,
                                    "https://" + registry + "/v1/");
            for (String key : keys) {
                Optional<Credentials> found = one(config, key, registry, environment);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (IOException problem) {
            throw new DockerException(
                    "The Docker configuration %s cannot be used: %s"
                            .formatted(file, problem.getMessage()),
                    problem);
        }
    }

    private static Optional<Credentials> one(
            JsonNode config, String key, String registry, Map<String, String> environment)
            throws IOException {
        String helper =
                config.path("credHelpers").path(key).asText(config.path("credsStore").asText(""));
        if (!helper.isEmpty()) {
            return ask(helper, key, registry, environment);
        }
        JsonNode entry = config.path("auths").path(key);
        String both = entry.path("auth").asText("");
        if (!both.isEmpty()) {
            String plain = new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8);
            int colon = plain.indexOf(':');
            if (colon < 0) {
                throw new IOException("the login of '%s' is not USER:PASSWORD".formatted(key));
            }
            return Optional.of(
                    new Credentials(
                            registry, plain.substring(0, colon), plain.substring(colon + 1)));
        }
        return entry.has("username")
                ? Optional.of(
                        new Credentials(
                                registry,
                                entry.path("username").asText(),
                                entry.path("password").asText()))
                : Optional.empty();
    }

    private static Optional<Credentials> ask(
            String helper, String key, String registry, Map<String, String> environment)
            throws IOException {
        if (!helper.matches("[A-Za-z0-9._-]+")) {
            throw new IOException("'%s' is not the name of a credential helper".formatted(helper));
        }
        var builder = new ProcessBuilder("docker-credential-" + helper, "get");
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(key.getBytes(StandardCharsets.UTF_8));
        }
        byte[] answer = process.getInputStream().readAllBytes();
        try {
            if (process.waitFor() != 0) {
                // It knows no login for this registry.
                return Optional.empty();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a credential helper ran", stopped);
        }
        JsonNode login = new ObjectMapper().readTree(answer);
        return Optional.of(
                new Credentials(
                        registry, login.path("Username").asText(), login.path("Secret").asText()));
    }
}

package dev.slipway.agent.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.slipway.time.Timers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The logins that `docker login` keeps: `config.json` in `DOCKER_CONFIG` or `~/.docker`. Logins
/// that a credential helper keeps are fetched from it, over its stdin and stdout.
public final class DockerConfig {
    /// A helper may have to ask a service; one that waits for a person never answers.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MOST_BYTES = 1 << 20;
    private static final int KILLED = 128 + 9;

    private DockerConfig() {}

    /// The login for a registry, if there is one.
    ///
    /// @param environment names the folder, and has the `PATH` of the helpers
    /// @param timers end a helper that does not answer
    /// @throws DockerException when the file or its helper cannot be used
    public static Optional<Credentials> login(
            String registry, Map<String, String> environment, Timers timers)
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
                Optional<Credentials> found = one(config, key, registry, environment, timers);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (JsonProcessingException problem) {
            // Its own message may quote the file.
            throw new DockerException(
                    "The Docker configuration %s is not JSON. Correct it.".formatted(file));
        } catch (IOException | IllegalArgumentException problem) {
            throw new DockerException(
                    "The Docker configuration %s cannot be used: %s"
                            .formatted(file, problem.getMessage()),
                    problem);
        }
    }

    private static Optional<Credentials> one(
            JsonNode config,
            String key,
            String registry,
            Map<String, String> environment,
            Timers timers)
            throws IOException {
        String helper =
                config.path("credHelpers").path(key).asText(config.path("credsStore").asText(""));
        if (!helper.isEmpty()) {
            return ask(helper, key, registry, environment, timers);
        }
        JsonNode entry = config.path("auths").path(key);
        String token = entry.path("identitytoken").asText("");
        if (!token.isEmpty()) {
            return Optional.of(new Credentials(registry, Credentials.TOKEN, token));
        }
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
            String helper,
            String key,
            String registry,
            Map<String, String> environment,
            Timers timers)
            throws IOException {
        if (!helper.matches("[A-Za-z0-9._-]+")) {
            throw new IOException("'%s' is not the name of a credential helper".formatted(helper));
        }
        String program = "docker-credential-" + helper;
        Path found =
                Arrays.stream(environment.getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                        .map(folder -> Path.of(folder, program))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                ("it names the credential helper '%s', which"
                                                                + " is not on the agent's PATH")
                                                        .formatted(program)));
        var builder = new ProcessBuilder(found.toString(), "get");
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        Timers.Timer late = timers.after(PATIENCE, () -> end(process));
        try {
            byte[] answer = talk(process, key);
            int code = process.waitFor();
            if (code != 0) {
                return unknown(program, registry, code, answer);
            }
            JsonNode login = new ObjectMapper().readTree(answer);
            return Optional.of(
                    new Credentials(
                            registry,
                            login.path("Username").asText(),
                            login.path("Secret").asText()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a credential helper ran", stopped);
        } catch (JsonProcessingException wrong) {
            // Its own message would quote the answer, which holds a password.
            throw new IOException("'%s get' did not answer with JSON".formatted(program));
        } finally {
            late.cancel();
            end(process);
        }
    }

    /// Its children, too: they may hold its stdout.
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static byte[] talk(Process process, String key) throws IOException {
        try (var stdin = process.getOutputStream()) {
            stdin.write(key.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // A helper that ended without listening has said why.
            return process.getInputStream().readNBytes(MOST_BYTES);
        }
        return process.getInputStream().readNBytes(MOST_BYTES);
    }

    /// A helper that knows no login for a registry fails, and says so on stdout.
    private static Optional<Credentials> unknown(
            String program, String registry, int code, byte[] answer) throws IOException {
        String said = new String(answer, StandardCharsets.UTF_8).strip();
        if (said.contains("credentials not found")) {
            return Optional.empty();
        }
        String end =
                code == KILLED
                        ? "did not answer within %d s".formatted(PATIENCE.toSeconds())
                        : "ended with exit code %d".formatted(code);
        String first = said.lines().findFirst().orElse("");
        throw new IOException(
                "'%s get' %s when it was asked for the login of '%s'%s"
                        .formatted(
                                program,
                                end,
                                registry.isEmpty() ? "Docker Hub" : registry,
                                first.isEmpty() ? "" : ": " + first));
    }
}

package dev.slipway.agent.docker;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Says why an image could not be pulled. The engine's API has no codes for it (a wrong password is
/// a 500), so its text is all there is. Seen with Docker 20.10 and Debian's registry:
/// "unauthorized", "no basic auth credentials", "manifest unknown"; the others are what registries
/// are known to say. A text that is not here is tried again, as a registry that is away is.
final class PullFailure {
    private static final List<String> LOGIN =
            List.of(
                    "unauthorized",
                    "authentication required",
                    "no basic auth credentials",
                    "incorrect username or password",
                    "access denied",
                    "access to the resource is denied",
                    "403 forbidden");

    private static final List<String> MISSING =
            List.of("manifest unknown", "name unknown", "not found", "invalid reference format");

    private PullFailure() {}

    /// @param login what was shown to the registry
    /// @param fromWorkflow whether the workflow gave it, not the agent's Docker configuration
    static DockerException of(
            String image, Optional<Credentials> login, boolean fromWorkflow, Exception problem) {
        String why = Optional.ofNullable(problem.getMessage()).orElse(problem.toString()).strip();
        String said = why.toLowerCase(Locale.ROOT);
        if (LOGIN.stream().anyMatch(said::contains)) {
            return new ImageRefusedException(refused(image, login, fromWorkflow, why), problem);
        }
        String message = "The image '%s' cannot be pulled: %s".formatted(image, why);
        return MISSING.stream().anyMatch(said::contains)
                ? new ImageRefusedException(message, problem)
                : new DockerException(message, problem);
    }

    private static String refused(
            String image, Optional<Credentials> login, boolean fromWorkflow, String why) {
        String host = ImageName.parse(image).registry();
        String registry = host.isEmpty() ? "Docker Hub" : "the registry '" + host + "'";
        if (login.isEmpty()) {
            return ("The image '%s' cannot be pulled: %s wants a login, and there is none (%s)."
                            + " Give the container 'credentials' (an empty user name or password"
                            + " does not count: is the secret set?), or run 'docker login' as the"
                            + " agent's user.")
                    .formatted(image, registry, why);
        }
        String source =
                fromWorkflow ? "the workflow's 'credentials'" : "the agent's Docker configuration";
        return "The image '%s' cannot be pulled: %s refuses the login of '%s' from %s (%s). Correct"
                        .formatted(image, registry, login.get().username(), source, why)
                + " its user name and password, or let that user read the image.";
    }
}

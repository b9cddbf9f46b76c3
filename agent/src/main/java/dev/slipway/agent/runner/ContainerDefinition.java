package dev.slipway.agent.runner;

import dev.slipway.agent.docker.ContainerOptions;
import dev.slipway.agent.docker.Credentials;
import dev.slipway.agent.docker.ImageName;
import dev.slipway.agent.docker.Words;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ObjectValue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A `container`, or a service, as the workflow gives it.
///
/// @param name `container`, or the service's id
/// @param image without `docker://`
/// @param entrypoint of a service, instead of the image's
/// @param command of a service, instead of the image's
record ContainerDefinition(
        String name,
        String image,
        Optional<Credentials> credentials,
        Map<String, String> environment,
        List<String> ports,
        List<String> volumes,
        ContainerOptions options,
        Optional<List<String>> entrypoint,
        List<String> command) {

    /// @param value a text, or a mapping
    /// @return empty when no image is named: then there is no such container
    /// @throws StepFailure when something in it cannot be read
    static Optional<ContainerDefinition> of(String name, Value value) {
        Value image = value instanceof ObjectValue ? value.get("image") : value;
        String text = image.text().strip();
        String plain = text.startsWith("docker://") ? text.substring(9) : text;
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ContainerDefinition(
                            name,
                            plain,
                            credentials(value.get("credentials"), plain),
                            Values.strings(value.get("env")),
                            Values.texts(value.get("ports")),
                            Values.texts(value.get("volumes")),
                            ContainerOptions.parse(value.get("options").text()),
                            words(value.get("entrypoint")),
                            words(value.get("command")).orElse(List.of())));
        } catch (IllegalArgumentException problem) {
            throw new StepFailure(
                    "The container '%s' cannot be made: %s".formatted(name, problem.getMessage()),
                    problem);
        }
    }

    private static Optional<List<String>> words(Value value) {
        String text = value.text();
        return text.isBlank() ? Optional.empty() : Optional.of(Words.of(text));
    }

    private static Optional<Credentials> credentials(Value value, String image) {
        String user = value.get("username").text();
        String password = value.get("password").text();
        if (user.isEmpty() || password.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Credentials(ImageName.parse(image).registry(), user, password));
    }
}

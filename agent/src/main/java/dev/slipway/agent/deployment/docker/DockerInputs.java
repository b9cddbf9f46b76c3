package dev.slipway.agent.deployment.docker;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.PortBinding;

import dev.slipway.agent.deployment.Inputs;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Reads how a container is to be from a step's inputs.
///
/// @param inputs of the step
public record DockerInputs(Inputs inputs) {
    /// `env` and `stop-timeout` are those of the `host` target as well.
    public static final List<String> NAMES =
            List.of("container", "image", "command", "ports", "volumes", "network", "restart");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}");
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /// @throws IllegalArgumentException naming the input that is wrong
    public DockerSettings settings(String owner) {
        String name = inputs.required("container");
        if (!NAME.matcher(name).matches()) {
            throw inputs.wrong("container", "letters, digits, '_' and '-', at most 100");
        }
        String image = inputs.text("image");
        String restart = inputs.text("restart");
        if (!List.of("", "always", "unless-stopped").contains(restart)) {
            throw inputs.wrong("restart", "always or unless-stopped");
        }
        return new DockerSettings(
                name,
                image.isEmpty() ? inputs.required("version") : image,
                inputs.lines("command"),
                inputs.variables("env"),
                checked("ports", PortBinding::parse, "lines such as 8080:80"),
                checked(
                        "volumes",
                        Bind::parse,
                        "lines such as data:/var/lib/app or /etc/app:/etc/app:ro"),
                inputs.text("network"),
                restart.isEmpty() ? "unless-stopped" : restart,
                inputs.duration("stop-timeout", STOP_TIMEOUT),
                owner);
    }

    private List<String> checked(String name, Consumer<String> parse, String allowed) {
        List<String> lines = inputs.lines(name);
        try {
            lines.forEach(parse);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(inputs.wrong(name, allowed).getMessage(), malformed);
        }
        return lines;
    }
}

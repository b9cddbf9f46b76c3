package dev.slipway.agent.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A container to create.
///
/// @param name unique on the engine: making it twice is refused, so it can be a claim
/// @param entrypoint instead of the image's
/// @param command instead of the image's; empty keeps that
/// @param binds `HOST_PATH_OR_VOLUME:PATH[:ro]`, or a path for a volume without a name
/// @param ports as `docker run -p` takes them
/// @param workingDirectory instead of the image's; empty keeps that
/// @param network its name; empty means the engine's default
/// @param aliases its names in that network
/// @param labels say whose it is
/// @param options as a workflow's `options` give them
public record ContainerSpec(
        String name,
        String image,
        Optional<List<String>> entrypoint,
        List<String> command,
        Map<String, String> environment,
        List<String> binds,
        List<String> ports,
        String workingDirectory,
        String network,
        List<String> aliases,
        Map<String, String> labels,
        ContainerOptions options) {

    public ContainerSpec {
        entrypoint = entrypoint.map(List::copyOf);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        binds = List.copyOf(binds);
        ports = List.copyOf(ports);
        aliases = List.copyOf(aliases);
        labels = Map.copyOf(labels);
    }

    /// Names the image only: the environment may hold secrets.
    @Override
    public String toString() {
        return "ContainerSpec[" + name + " of " + image + "]";
    }
}

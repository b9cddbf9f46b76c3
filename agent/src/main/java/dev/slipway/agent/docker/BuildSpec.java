package dev.slipway.agent.docker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an image is built from, for the engine's own (classic) builder.
///
/// @param context the folder whose files the Dockerfile may add, without what its `.dockerignore`
///   names
/// @param dockerfile inside of the context
/// @param tags the image's names
/// @param target the stage to end with; empty means the last
/// @param platform `linux/arm64`; empty means the engine's
/// @param cacheFrom images whose layers may be used, besides those of the engine's own builds
/// @param pull whether base images are looked up at their registry although the engine has them
/// @param login for the registry of base images
public record BuildSpec(
        Path context,
        Path dockerfile,
        Set<String> tags,
        Map<String, String> arguments,
        Map<String, String> labels,
        String target,
        String platform,
        Set<String> cacheFrom,
        boolean noCache,
        boolean pull,
        Optional<Credentials> login) {

    /// A Dockerfile in the folder that it adds files of.
    public static BuildSpec of(Path dockerfile, String tag, Map<String, String> labels) {
        Path folder = dockerfile.toAbsolutePath().getParent();
        return new BuildSpec(
                folder == null ? dockerfile : folder,
                dockerfile,
                Set.of(tag),
                Map.of(),
                labels,
                "",
                "",
                Set.of(),
                false,
                false,
                Optional.empty());
    }
}

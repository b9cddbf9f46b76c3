package dev.slipway.agent.image;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an image that is put together without an engine is made of. The same parts give the same
/// image, to the last bit.
///
/// @param base name of an image, or {@link #SCRATCH}
/// @param files added in this order, a layer each; later ones lie over earlier ones
/// @param output where the image is written to, as `docker load` reads it
public record Assembly(
        String base,
        String platform,
        List<Files> files,
        Config config,
        Instant created,
        Optional<Path> output) {
    /// An empty image.
    public static final String SCRATCH = "scratch";

    /// A file or a folder of the workspace.
    ///
    /// @param source exists in `context`
    /// @param context what symbolic links may not lead out of
    /// @param target absolute, in the image: the file's or folder's own place
    public record Files(Path source, Path context, String target) {}

    /// How a container is started; what is empty is as the base has it.
    ///
    /// @param ports `8080` or `53/udp`
    public record Config(
            List<String> entrypoint,
            List<String> cmd,
            Map<String, String> env,
            Map<String, String> labels,
            List<String> ports,
            String workdir,
            String user) {}
}

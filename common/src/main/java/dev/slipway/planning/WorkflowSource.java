package dev.slipway.planning;

import java.util.Optional;

/// The files of the commit that a run belongs to.
@FunctionalInterface
public interface WorkflowSource {

    /// A source without files: every local reusable workflow is missing.
    WorkflowSource NONE = path -> Optional.empty();

    /// The bytes of a file.
    ///
    /// @param path relative to the repository's root, with `/`: `.github/workflows/build.yml`
    Optional<byte[]> read(String path);
}

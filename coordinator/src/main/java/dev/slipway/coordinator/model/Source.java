package dev.slipway.coordinator.model;

/// What a job's workspace is made from.
public sealed interface Source {
    /// A git repository that the agents can reach, at the run's ref and sha.
    ///
    /// @param url what `git fetch` takes: https, ssh, file or a path
    record Git(String url) implements Source {}

    /// The submitted working tree: a tar (zstd) in the farm's blob store.
    ///
    /// @param sha256 64 lower-case hexadecimal digits
    /// @param size length in bytes
    record Bundle(String sha256, long size) implements Source {}

    /// No source at all: jobs start in an empty workspace.
    record None() implements Source {}
}

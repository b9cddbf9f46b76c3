package dev.slipway.coordinator.model;

/// One file of the workflow language.
///
/// @param path relative to the project, e.g. `.github/workflows/ci.yml`
/// @param source the file's bytes, at most 1 MiB
public record WorkflowFile(String path, Bytes source) {}

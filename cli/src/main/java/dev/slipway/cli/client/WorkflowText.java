package dev.slipway.cli.client;

/// One file of the workflow language.
///
/// @param path relative to the project, e.g. `.github/workflows/ci.yml`
public record WorkflowText(String path, byte[] source) {}

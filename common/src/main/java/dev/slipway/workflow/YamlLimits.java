package dev.slipway.workflow;

/// How much one YAML file may hold. GitHub's own numbers (runner, `ParseOptions.cs`).
///
/// @param maxFileBytes size of the file
/// @param maxDepth nesting of lists and mappings
/// @param maxEvents values, with every alias written out
/// @param maxResultBytes approximate memory of the values, with every alias written out
record YamlLimits(int maxFileBytes, int maxDepth, long maxEvents, long maxResultBytes) {

    static final YamlLimits GITHUB = new YamlLimits(1024 * 1024, 50, 1_000_000, 10L * 1024 * 1024);
}

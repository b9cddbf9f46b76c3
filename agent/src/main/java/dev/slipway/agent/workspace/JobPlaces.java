package dev.slipway.agent.workspace;

import java.nio.file.Path;

/// Where one job works; laid out as GitHub's runner lays out its `$W`.
///
/// @param workspace `$W/<repo>/<repo>`: GITHUB_WORKSPACE
/// @param parent `$W/<repo>`: `runner.workspace`
/// @param temp `$W/_temp`: RUNNER_TEMP
/// @param actions `$W/_actions`: actions that were fetched
/// @param tools `_tool`, RUNNER_TOOL_CACHE; shared by all jobs of the agent
public record JobPlaces(Path workspace, Path parent, Path temp, Path actions, Path tools) {}

package dev.slipway.agent.runner;

import java.nio.file.Path;

/// Where a job's files are, laid out as GitHub's runner does.
///
/// @param workspace `$W/<repo>/<repo>`: GITHUB_WORKSPACE
/// @param runnerWorkspace `$W/<repo>`
/// @param temp `$W/_temp`: RUNNER_TEMP, emptied for each job
/// @param actions `$W/_actions`
/// @param toolCache RUNNER_TOOL_CACHE, shared by all jobs of the agent
/// @param attempt the attempt's own folder (0700): checkpoint, logs, control folders
record JobFolders(
        Path workspace,
        Path runnerWorkspace,
        Path temp,
        Path actions,
        Path toolCache,
        Path attempt) {

    Path fileCommands() {
        return temp.resolve("_runner_file_commands");
    }

    Path eventFile() {
        return temp.resolve("_github_workflow").resolve("event.json");
    }

    Path home() {
        return temp.resolve("_github_home");
    }

    Path lease() {
        return attempt.resolve("lease");
    }
}

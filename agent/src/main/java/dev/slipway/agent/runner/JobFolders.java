package dev.slipway.agent.runner;

import java.nio.file.Path;
import java.util.Map;

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

    /// Where the machine's Node.js is in a job's container.
    static final String CONTAINER_NODE = "/__e/node/bin/node";

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

    /// The same, in the one folder of the attempt that the job's container sees.
    Path containerLease() {
        return attempt.resolve("processes").resolve("lease");
    }

    /// How the job's container sees these folders: at GitHub's paths.
    PathMap containerPaths() {
        Path parent = runnerWorkspace.getFileName();
        return PathMap.of(
                Map.of(
                        runnerWorkspace,
                        "/__w/" + parent,
                        temp,
                        "/__w/_temp",
                        actions,
                        "/__w/_actions",
                        toolCache,
                        "/__t",
                        home(),
                        "/github/home",
                        eventFile().getParent(),
                        "/github/workflow"));
    }

    /// How the container of a Docker action sees them.
    PathMap actionPaths() {
        return PathMap.of(
                Map.of(
                        workspace,
                        "/github/workspace",
                        temp,
                        "/github/runner_temp",
                        fileCommands(),
                        "/github/file_commands",
                        home(),
                        "/github/home",
                        eventFile().getParent(),
                        "/github/workflow"));
    }
}

package dev.slipway.agent.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Gives each running job a set of folders of its own, warm from earlier jobs of the same project
/// where it can. Safe for many threads.
public interface Workspaces {
    /// The folders that a job works in.
    ///
    /// @param workspace GITHUB_WORKSPACE
    /// @param runnerWorkspace its parent
    /// @param temp RUNNER_TEMP
    record Folders(Path workspace, Path runnerWorkspace, Path temp, Path actions, Path toolCache) {}

    /// Takes folders for an attempt.
    ///
    /// @param attempt the same attempt gets the same folders again after a restart
    Folders take(String project, String attempt) throws IOException;

    /// Gives them back.
    void giveBack(String attempt) throws IOException;

    /// Projects with warm folders, the latest first.
    List<String> warmProjects();
}

package dev.slipway.agent;

import dev.slipway.agent.runner.Workspaces;
import dev.slipway.agent.workspace.JobPlaces;
import dev.slipway.agent.workspace.WarmFolders;

import java.io.IOException;
import java.util.List;

/// Gives the runner the agent's warm folders.
///
/// @param folders where they are
record ProjectFolders(WarmFolders folders) implements Workspaces {
    @Override
    public Folders take(String project, String attempt) throws IOException {
        JobPlaces places = folders.take(project, attempt);
        return new Folders(
                places.workspace(),
                places.parent(),
                places.temp(),
                places.actions(),
                places.tools());
    }

    @Override
    public void giveBack(String attempt) throws IOException {
        folders.giveBack(attempt);
    }

    @Override
    public List<String> warmProjects() {
        return folders.warmProjects();
    }
}

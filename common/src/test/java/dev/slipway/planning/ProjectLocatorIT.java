package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

class ProjectLocatorIT {

    @TempDir Path folder;

    private Path file(String name) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, name);
    }

    @Test
    void nearestFolderWithWorkflowsInsideTheGitRootIsTheProject() throws IOException {
        Files.createDirectories(folder.resolve("repo/.git"));
        file("repo/.github/workflows/outer.yml");
        Path inner = file("repo/sub/.github/workflows/b.yaml");
        Path first = file("repo/sub/.github/workflows/a.yml");
        file("repo/sub/.github/workflows/notes.txt");
        file("repo/sub/deep/er/x");

        ProjectLocator project = ProjectLocator.locate(folder.resolve("repo/sub/deep/er"));

        assertThat(project.root()).isEqualTo(folder.resolve("repo/sub"));
        assertThat(project.workflows()).containsExactly(first, inner);
        assertThat(project.relative(inner)).isEqualTo(".github/workflows/b.yaml");
        assertThat(ProjectLocator.locate(folder.resolve("repo")).root())
                .isEqualTo(folder.resolve("repo"));
    }

    @Test
    void searchStopsAtTheGitRoot() throws IOException {
        file(".github/workflows/a.yml");
        Files.createDirectories(folder.resolve("repo/.git"));
        file("repo/sub/x");

        assertThat(ProjectLocator.locate(folder.resolve("repo/sub")).root())
                .isEqualTo(folder.resolve("repo/sub"));
    }

    @Test
    void withoutGitThePathItselfIsTheProject() throws IOException {
        file(".github/workflows/a.yml");
        file("sub/x");

        assertThat(ProjectLocator.locate(folder).workflows()).hasSize(1);
        assertThat(ProjectLocator.locate(folder.resolve("sub")).workflows()).isEmpty();
    }

    @Test
    void workflowFileBelongsToTheProjectAroundIt() throws IOException {
        Path file = file(".github/workflows/a.yml");

        ProjectLocator project = ProjectLocator.locate(file);

        assertThat(project.root()).isEqualTo(folder);
        assertThat(project.file()).contains(file);
        assertThat(project.source().read(".github/workflows/a.yml")).isPresent();
    }

    @Test
    void sourceNeverLeavesTheProject() throws IOException {
        file("secret");
        file("p/.github/workflows/a.yml");

        assertThat(ProjectLocator.locate(folder.resolve("p")).source().read("../secret")).isEmpty();
    }

    @Test
    void missingPathIsAnError() {
        assertThatThrownBy(() -> ProjectLocator.locate(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }
}

package dev.slipway.agent.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SafeFolderIT {
    @TempDir private Path temp;
    private SafeFolder folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = new SafeFolder(temp.resolve("root"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/x", "", "a//b", ".."})
    void pathThatLeavesTheFolderIsRefused(String entry) {
        assertThatThrownBy(() -> folder.place(entry)).isInstanceOf(ActionFailure.class);
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        folder.symlink("out", temp.toString());

        assertThatThrownBy(() -> folder.place("out/x")).isInstanceOf(ActionFailure.class);
        assertThatThrownBy(() -> folder.folder("out/sub/deep", 0755))
                .isInstanceOf(ActionFailure.class);
    }

    @Test
    void fileReplacesALinkOfItsName() throws IOException {
        Path victim = Files.writeString(temp.resolve("victim"), "untouched");
        folder.symlink("name", victim.toString());

        Path place = folder.place("name");
        folder.removeFile(place);
        Files.writeString(place, "new");

        assertThat(victim).hasContent("untouched");
        assertThat(temp.resolve("root/name")).hasContent("new").isRegularFile();
    }

    @Test
    void foldersOnTheWayAreMade() throws IOException {
        assertThat(folder.place("./a/b/c.txt").getParent()).isDirectory();
    }
}

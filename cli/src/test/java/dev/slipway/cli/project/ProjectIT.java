package dev.slipway.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ProjectIT {
    @TempDir Path folder;

    @BeforeEach
    void workflow() throws IOException {
        write(".github/workflows/ci.yml", "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n");
        write("src/main.txt", "one");
    }

    @Test
    void withoutGitTheShaIsAHashOfTheTree() throws Exception {
        Project project = Project.at(folder);
        String first = project.sha(project.tree(List.of()));

        assertThat(project.git()).isEmpty();
        assertThat(first).matches("[0-9a-f]{40}");
        assertThat(project.sha(project.tree(List.of()))).isEqualTo(first);
        write("src/main.txt", "two");
        assertThat(project.sha(project.tree(List.of()))).isNotEqualTo(first);
    }

    @Test
    void withoutGitEverythingButLeftOutFoldersIsPacked() throws Exception {
        write("state/secret", "x");

        assertThat(Project.at(folder).tree(List.of(folder.resolve("state"))).paths())
                .containsExactly(".github/workflows/ci.yml", "src/main.txt");
    }

    @Test
    void withGitIgnoredFilesStayAndUncommittedOnesComeAlong() throws Exception {
        git("init", "-q", "-b", "trunk");
        write(".gitignore", "build/\n");
        write("build/out.bin", "x");
        commit("first");
        write("fresh.txt", "new");
        Files.delete(folder.resolve("src/main.txt"));

        Project project = Project.at(folder);

        assertThat(project.tree(List.of()).paths())
                .containsExactly(".github/workflows/ci.yml", ".gitignore", "fresh.txt");
        assertThat(project.git()).hasValueSatisfying(git -> assertThat(git.dirty()).isTrue());
    }

    @Test
    void gitTellsRefShaRemoteAndChanges() throws Exception {
        git("init", "-q", "-b", "trunk");
        git("remote", "add", "origin", "git@github.com:acme/web.git");
        commit("first");
        write("src/main.txt", "two");
        commit("second");
        write("src/more.txt", "new");

        Project project = Project.at(folder.resolve("src"));
        GitFacts git = project.git().orElseThrow();

        assertThat(project.name()).isEqualTo("acme/web");
        assertThat(project.root()).isEqualTo(folder);
        assertThat(git.ref()).isEqualTo("refs/heads/trunk");
        assertThat(git.sha()).matches("[0-9a-f]{40}");
        assertThat(git.commit().message()).isEqualTo("second");
        assertThat(git.pushChanges(folder).paths()).containsExactly("src/main.txt", "src/more.txt");
    }

    @Test
    void checkedOutTagIsTheRef() throws Exception {
        git("init", "-q", "-b", "trunk");
        commit("first");
        git("tag", "v1");
        git("checkout", "-q", "--detach");

        assertThat(Project.at(folder).git().orElseThrow().ref()).isEqualTo("refs/tags/v1");
    }

    @Test
    void equalTreesGiveEqualBundles() throws Exception {
        write("run.sh", "#!/bin/sh\n");
        assertThat(folder.resolve("run.sh").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(folder.resolve("link"), Path.of("src/main.txt"));
        WorkingTree tree = Project.at(folder).tree(List.of());
        var first = new ByteArrayOutputStream();
        var second = new ByteArrayOutputStream();

        tree.writeTar(first);
        Files.setLastModifiedTime(
                folder.resolve("run.sh"), java.nio.file.attribute.FileTime.fromMillis(0));
        Project.at(folder).tree(List.of()).writeTar(second);

        assertThat(second.toByteArray()).isEqualTo(first.toByteArray());
        try (SourceBundle one = SourceBundle.pack(tree);
                SourceBundle other = SourceBundle.pack(tree)) {
            assertThat(other.blob()).isEqualTo(one.blob());
            assertThat(Files.size(one.file())).isEqualTo(one.blob().size());
        }
    }

    @Test
    void bundleHoldsTheHistoryOfAWholeRepositoryOnly() throws Exception {
        write("part/.github/workflows/a.yml", "on: push");
        git("init", "-q", "-b", "trunk");
        commit("first");

        assertThat(entries(Project.at(folder)))
                .contains("src/main.txt", ".git/slipway.git/HEAD", ".git/slipway.git/packed-refs")
                .anyMatch(it -> it.matches("\\.git/slipway\\.git/objects/pack/.*\\.pack"))
                .noneMatch(it -> it.contains("hooks"));
        assertThat(entries(Project.at(folder.resolve("part"))))
                .containsExactly(".github/workflows/a.yml");
    }

    private static List<String> entries(Project project) throws Exception {
        try (SourceBundle bundle = SourceBundle.pack(project, project.tree(List.of()))) {
            Path tar = Files.createTempFile("bundle", ".tar");
            try (var in = new ZstdInputStream(Files.newInputStream(bundle.file()))) {
                Files.write(tar, in.readAllBytes());
                Process list =
                        new ProcessBuilder("tar", "tf", tar.toString())
                                .redirectErrorStream(true)
                                .start();
                return new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
            } finally {
                Files.delete(tar);
            }
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void commit(String message) throws Exception {
        git("add", "-A");
        git("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "-m", message);
    }

    private void git(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        assertThat(
                        new ProcessBuilder(command)
                                .directory(folder.toFile())
                                .inheritIO()
                                .start()
                                .waitFor())
                .isZero();
    }
}

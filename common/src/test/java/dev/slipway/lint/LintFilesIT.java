package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflow.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class LintFilesIT {

    private static final String GOOD = "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}\n";

    @TempDir Path folder;

    private Path file(String name, String text) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    @Test
    void filesBesideAreConsulted() throws IOException {
        Path caller =
                file(
                        ".github/workflows/a.yml",
                        "on: push\njobs: {a: {uses: ./.github/workflows/b.yml}}\n");
        file(".github/workflows/b.yml", GOOD);

        assertThat(new LintFiles().lint(caller))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("cannot be called");
    }

    @Test
    void actionFilesAreToldByTheirName() throws IOException {
        Path action = file("tools/action.yml", "runs: {using: node20}\n");

        assertThat(new LintFiles().lint(action))
                .extracting(Problem::message)
                .containsExactly("'runs' needs the key 'main'");
    }

    @Test
    void hugeMissingAndUnreadableFilesAreProblems() throws IOException {
        Path huge = folder.resolve("huge.yml");
        try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength(20L * 1024 * 1024);
        }

        LintFiles lint = new LintFiles();
        assertThat(lint.lint(huge))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith("the file is 20.0 MiB");
        assertThat(lint.lint(folder.resolve("none.yml")))
                .extracting(Problem::message)
                .containsExactly("there is no such file");
        assertThat(lint.lint(folder))
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith("there is no workflow file in this folder");
    }

    @Test
    void foldersStandForTheirWorkflows() throws IOException {
        Path a = file(".github/workflows/a.yml", GOOD);
        file(".github/workflows/readme.md", "x");

        assertThat(LintFiles.expand(folder)).containsExactly(a);
        assertThat(LintFiles.expand(a)).containsExactly(a);
    }

    @Test
    void foldersWithoutAProjectStandForTheirYamlFiles() throws IOException {
        Path b = file("corpus/b.yaml", GOOD);
        Path a = file("corpus/a.yml", GOOD);
        file("corpus/readme.md", "x");
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThat(LintFiles.expand(folder.resolve("corpus"))).containsExactly(a, b);
        assertThat(LintFiles.expand(empty)).containsExactly(empty);
    }

    @Test
    void thousandsOfFilesAreOneCall() throws IOException {
        Path good = file("good.yml", GOOD);
        LintFiles lint = new LintFiles();

        for (int i = 0; i < 3_000; i++) {
            assertThat(lint.lint(good)).isEqualTo(List.of());
        }
    }
}

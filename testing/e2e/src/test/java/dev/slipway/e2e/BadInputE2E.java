package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Broken workflows get one clear message and exit 2, from `run` and from `lint` alike.
class BadInputE2E {
    private static final String JOB = "    runs-on: ubuntu-latest\n    steps: [{run: 'true'}]\n";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path scratch;

    @Test
    void badYaml() throws IOException {
        assertRefused("on: push\njobs: [\n", "ci.yml:");
    }

    @Test
    void unknownKeyGetsASuggestion() throws IOException {
        assertRefused("on: push\njobs:\n  a:\n    neds: b\n" + JOB, "neds");
    }

    @Test
    void cycle() throws IOException {
        assertRefused(
                "on: push\njobs:\n  a:\n    needs: b\n%s  b:\n    needs: a\n%s".formatted(JOB, JOB),
                "circle");
    }

    @Test
    void badExpression() throws IOException {
        assertRefused("on: push\njobs:\n  a:\n    if: ${{ github. }}\n" + JOB, "expression");
    }

    @Test
    void twentyMegabyteFile() throws IOException {
        assertRefused("#" + "x".repeat(20 << 20) + "\non: push\n", "limit is 1");
    }

    @Test
    void matrixOfTenThousandJobs() throws IOException {
        String hundred =
                IntStream.range(0, 100)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",", "[", "]"));
        assertRefused(
                "on: push\njobs:\n  a:\n    strategy: {matrix: {x: %s, y: %s}}\n%s"
                        .formatted(hundred, hundred, JOB),
                "256");
    }

    @Test
    void binaryFile() throws IOException {
        byte[] bytes = new byte[4096];
        new Random(1).nextBytes(bytes);
        Path file = workflows().resolve("ci.yml");
        Files.write(file, bytes);
        try (var slipway = new Slipway(scratch)) {
            var lint = slipway.run(scratch, "lint", file.toString()).expect(2);
            assertThat(lint.out() + lint.err()).contains("ci.yml");
            slipway.run(scratch, "run", file.toString()).expect(2);
        }
    }

    @Test
    void workflowThatNeedsWhatIsNotThereYetIsRefused() throws IOException {
        Path file = workflows().resolve("ci.yml");
        Files.writeString(
                file,
                "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    snapshot: image\n"
                        + "    steps: [{run: 'true'}]\n");
        try (var slipway = new Slipway(scratch)) {
            var run = slipway.run(scratch, "run", file.toString()).expect(2);
            assertThat(run.out() + run.err()).contains("snapshot");
        }
    }

    private void assertRefused(String text, String expected) throws IOException {
        Path file = workflows().resolve("ci.yml");
        Files.writeString(file, text);
        try (var slipway = new Slipway(scratch)) {
            var lint = slipway.run(scratch, "lint", file.toString()).expect(2);
            assertThat(lint.out() + lint.err()).containsIgnoringCase(expected);
            var run = slipway.run(scratch, "run", file.toString()).expect(2);
            assertThat(run.out() + run.err()).containsIgnoringCase(expected);
        }
    }

    private Path workflows() throws IOException {
        return Files.createDirectories(scratch.resolve("project/.github/workflows"));
    }
}

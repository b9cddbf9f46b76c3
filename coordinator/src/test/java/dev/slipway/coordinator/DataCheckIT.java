package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.backup.DataCheck;
import dev.slipway.coordinator.storage.DataFormat;
import dev.slipway.coordinator.storage.Problem;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.SystemClock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Damaged data: what is damaged is named, and nothing is served or acknowledged on top of it.
@Timeout(120)
class DataCheckIT {
    @TempDir Path folder;
    private Path data;
    private long run;

    /// A farm with some runs; in table files, since a backup flushes.
    @BeforeEach
    void fill() throws Exception {
        Path first = folder.resolve("first");
        try (TestFarm farm = farm(first);
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            for (int i = 0; i < 5; i++) {
                run = farm.oneRun(agent, 5);
            }
            data =
                    Backup.take(
                                    first,
                                    folder.resolve("backups"),
                                    0,
                                    new SystemClock(),
                                    progress -> {})
                            .folder();
        }
    }

    private TestFarm farm(Path where) throws Exception {
        return new TestFarm(where, folder.resolve("keys"), Map.of());
    }

    @Test
    void dataAsItWasWrittenHasNoProblems() {
        var problems = new ArrayList<Problem>();
        DataCheck.Summary summary = new DataCheck(data, new SystemClock(), problems::add).run();

        assertThat(problems).isEmpty();
        assertThat(summary.runs()).isEqualTo(5);
        assertThat(summary.chunks()).isEqualTo(25);
        assertThat(summary.blobs()).isEqualTo(10);
    }

    @Test
    void damagedTableFileIsNamedAndNotServed() throws Exception {
        // The first bytes of a table file are rows; every table is read at a start or by a check.
        List<Path> damaged = new ArrayList<>();
        for (Path table : files("db", ".sst")) {
            flip(table, 20);
            damaged.add(table);
        }

        assertThat(problems())
                .extracting(Problem::where)
                .containsAll(damaged.stream().map(Path::toString).toList());
        assertThatThrownBy(() -> farm(data))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(".sst")
                .hasMessageContaining("restore a backup");
    }

    @Test
    void missingTableFileIsNamedAndNotServed() throws Exception {
        Path gone = files("db", ".sst").getFirst();
        Files.delete(gone);

        assertThat(problems())
                .anyMatch(problem -> problem.toString().contains(gone.getFileName().toString()));
        assertThatThrownBy(() -> farm(data))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(gone.getFileName().toString());
    }

    @Test
    void damagedOutputIsNamedAndTheRestIsReadable() throws Exception {
        Path segment = files("logs", ".log").getFirst();
        flip(segment, Files.size(segment) - 1);

        assertThat(problems())
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.where()).isEqualTo(segment.toString());
                            assertThat(problem.what()).contains("chunk 4").contains(run + "/1/1#1");
                        });
        try (TestFarm farm = farm(data)) {
            assertThat(farm.log(run - 1)).hasSize(5);
            assertThatThrownBy(() -> farm.log(run)).hasMessageContaining(segment.toString());
        }
    }

    @Test
    void shortOrMissingLogFileIsNotServed() throws Exception {
        Path segment = files("logs", ".log").getFirst();
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(file.length() - 10);
        }

        assertThat(problems()).anyMatch(problem -> problem.where().equals(segment.toString()));
        assertThatThrownBy(() -> farm(data))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(segment.toString())
                .hasMessageContaining("backup");
        Files.delete(segment);
        assertThat(problems()).anyMatch(problem -> problem.what().contains("the file is gone"));
        assertThatThrownBy(() -> farm(data))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("log segment 1 is gone");
    }

    @Test
    void damagedAndMissingBlobsAreNamedWithWhatNeedsThem() throws Exception {
        Path damaged = artifactBlob(run - 1);
        Path gone = artifactBlob(run);
        flip(damaged, 0);
        Files.delete(gone);

        assertThat(problems())
                .extracting(Problem::where)
                .containsExactlyInAnyOrder(
                        damaged.toString(), gone.toString().replaceFirst("-[0-9a-f]+$", ""));
        assertThat(problems()).anyMatch(problem -> problem.what().contains("artifact 'app'"));
    }

    @Test
    void dataOfANewerVersionIsRefused() throws Exception {
        Files.writeString(data.resolve("format"), DataFormat.CURRENT + 1 + "\n");

        assertThatThrownBy(() -> farm(data))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("a newer Slipway wrote it")
                .hasMessageContaining("reads up to format " + DataFormat.CURRENT);
        assertThatThrownBy(this::problems)
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("a newer Slipway wrote it");
    }

    @Test
    void dataOfAnOlderVersionIsTakenOver() throws Exception {
        Files.writeString(data.resolve("format"), "1\n");

        farm(data).close();

        assertThat(data.resolve("format")).hasContent("" + DataFormat.CURRENT);
    }

    @Test
    void lostOrExchangedKeyFileIsNoticedAtTheStart() throws Exception {
        Path keys = folder.resolve("keys");
        Path away = folder.resolve("keys.away");
        Files.move(keys, away);

        assertThatThrownBy(() -> farm(data))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(keys.toString())
                .hasMessageContaining("missing");
        assertThat(keys).doesNotExist();
        farm(folder.resolve("another")).close();
        assertThatThrownBy(() -> farm(data))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("does not hold the key");
        Files.move(away, keys, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        farm(data).close();
    }

    @Test
    void dataThatIsServedIsNotChecked() throws Exception {
        try (TestFarm farm = farm(data)) {
            farm.submit("something");
            assertThatThrownBy(this::problems)
                    .isInstanceOf(SlipwayException.class)
                    .hasMessageContaining("A coordinator serves");
        }
    }

    private Path artifactBlob(long of) throws Exception {
        String digest = TestFarm.blob(TestFarm.content(of)).getSha256();
        return files("blobs", "").stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith(digest))
                .findFirst()
                .orElseThrow();
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        new DataCheck(data, new SystemClock(), problems::add).run();
        return problems;
    }

    private List<Path> files(String below, String suffix) throws Exception {
        try (var files = Files.walk(data.resolve(below))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(suffix))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static void flip(Path file, long at) throws Exception {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 0x10);
        }
    }
}

package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// A farm is backed up while it works, lost, and put back.
class BackupE2E {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path scratch;

    @Test
    void farmThatLostItsDiskGoesOnFromItsBackupAndSoDoesTheRunningJob() throws IOException {
        Path project = project();
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            farm.startAgent("one", "--slots", "2");
            long finished = farm.submit(project, ".github/workflows/short.yml");
            assertThat(farm.awaitEnd(project, finished, LIMIT)).isEqualTo("success");
            long running = farm.submit(project, ".github/workflows/long.yml");
            Path witness = scratch.resolve("witness");
            Eventually.holds("step has begun", LIMIT, () -> lineCount(witness) > 100);

            String backups = scratch.resolve("backups").toString();
            String data = scratch.resolve("data").toString();
            farm.local("backup", "--data", data, "--to", backups).expect(0);
            int atBackup = lineCount(witness);
            Eventually.holds(
                    "more is acknowledged after the backup",
                    LIMIT,
                    () -> logLines(farm, project, running).size() > atBackup + 100);
            var second = farm.local("backup", "--data", data, "--to", backups, "--json").expect(0);
            assertThat(second.out()).contains("\"new_files\"");
            deleteAll(Path.of(Farm.field(second.out(), "folder")));
            farm.coordinator().killNine();
            deleteAll(Path.of(data));

            farm.local("restore", "--from", backups, "--to", data).expect(0);
            farm.local("verify-data", data).expect(0);
            farm.startCoordinator();

            assertThat(logLines(farm, project, finished)).containsExactly("all of it");
            Files.writeString(scratch.resolve("enough"), "");
            assertThat(farm.awaitEnd(project, running, LIMIT)).isEqualTo("success");
            assertThat(Files.readAllLines(scratch.resolve("starts"))).containsExactly("started");
            checkHole(logLines(farm, project, running), lineCount(witness), atBackup);
        }
    }

    @Test
    void damageIsNamedWithItsFile() throws IOException {
        Path project = project();
        Path data = scratch.resolve("data");
        try (var farm = new Farm(new Slipway(scratch), scratch)) {
            farm.startAgent("one");
            long run = farm.submit(project, ".github/workflows/short.yml");
            assertThat(farm.awaitEnd(project, run, LIMIT)).isEqualTo("success");
            assertThat(farm.local("verify-data", data.toString()).expect(3).err())
                    .contains("A coordinator serves");
            farm.coordinator().killNine();

            farm.local("verify-data", data.toString()).expect(0);
            Path segment = data.resolve("logs/00000001.log");
            byte[] bytes = Files.readAllBytes(segment);
            bytes[bytes.length - 1] ^= 1;
            Files.write(segment, bytes);
            var found = farm.local("verify-data", data.toString(), "--json").expect(1);

            assertThat(found.out()).contains(segment.toString()).contains("\"problems\":1");
        }
    }

    /// Everything up to the backup is there, and what follows on the hole follows in order.
    private static void checkHole(List<String> log, int printed, int atBackup) {
        assertThat(log).filteredOn(line -> line.contains("restored from a backup")).hasSize(1);
        List<Integer> numbers =
                log.stream()
                        .filter(line -> !line.contains("restored from a backup"))
                        .map(Integer::valueOf)
                        .toList();
        int whole = 0;
        while (whole < numbers.size() && numbers.get(whole) == whole + 1) {
            whole++;
        }
        assertThat(whole).as("lines without a hole").isBetween(atBackup / 2, printed);
        List<Integer> rest = numbers.subList(whole, numbers.size());
        assertThat(rest).as("lines behind the hole").isNotEmpty();
        assertThat(rest)
                .isEqualTo(IntStream.rangeClosed(rest.getFirst(), printed).boxed().toList());
    }

    private static List<String> logLines(Farm farm, Path project, long run) {
        return farm.run(project, "logs", Long.toString(run), "--raw").expect(0).lines();
    }

    private static int lineCount(Path file) {
        try {
            return Files.exists(file) ? (int) Files.readString(file).lines().count() : 0;
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path project() throws IOException {
        Path project = Files.createDirectories(scratch.resolve("project"));
        Path workflows = Files.createDirectories(project.resolve(".github/workflows"));
        Files.writeString(
                workflows.resolve("short.yml"),
                """
                on: push
                jobs:
                  short:
                    runs-on: ubuntu-latest
                    steps: [{run: echo all of it}]
                """);
        Files.writeString(
                workflows.resolve("long.yml"),
                """
                on: push
                jobs:
                  long:
                    runs-on: ubuntu-latest
                    steps:
                      - run: |
                          echo started >> '%1$s/starts'
                          n=0
                          while [ ! -e '%1$s/enough' ]; do
                            n=$((n + 1))
                            echo $n
                            echo $n >> '%1$s/witness'
                            sleep 0.01
                          done
                """
                        .formatted(scratch));
        return project;
    }
}

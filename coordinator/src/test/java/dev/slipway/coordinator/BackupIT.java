package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.api.v1.Conclusion;
import dev.slipway.coordinator.backup.Backups;
import dev.slipway.coordinator.backup.DataCheck;
import dev.slipway.coordinator.backup.Restore;
import dev.slipway.coordinator.storage.BlobsElsewhere;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.Problem;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.SecureIds;
import dev.slipway.time.SystemClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/// Backups of a farm that works, and what comes back from them.
@Timeout(120)
class BackupIT {
    private static final int LINES = 12;

    @TempDir Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private Path backups() {
        return folder.resolve("backups");
    }

    private TestFarm farm(Path data) throws Exception {
        return new TestFarm(data, folder.resolve("keys"), Map.of());
    }

    @Test
    void backupUnderLoadHoldsEverythingThatWasAcknowledgedBefore() throws Exception {
        var acknowledged = new CopyOnWriteArrayList<Long>();
        List<Long> before;
        Path backup;
        try (TestFarm farm = farm(data());
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            var stop = new AtomicBoolean();
            var load = load(farm, agent, acknowledged, stop);
            awaitRuns(acknowledged, 20);

            before = List.copyOf(acknowledged);
            backup = take(data()).folder();
            awaitRuns(acknowledged, before.size() + 10);
            stop.set(true);
            load.get();
        }

        Path restored = folder.resolve("restored");
        Restore.run(backups(), restored, false, new SecureIds(), progress -> {});

        assertThat(problems(backup)).isEmpty();
        assertThat(problems(restored)).isEmpty();
        try (TestFarm farm = farm(restored)) {
            for (long run : before) {
                assertThat(farm.run(run).getConclusion())
                        .as("run %d", run)
                        .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
                assertThat(farm.log(run)).as("log of run %d", run).isEqualTo(lines(run));
                assertThat(farm.artifactSize(run)).as("artifact of run %d", run).isPositive();
            }
        }
    }

    @Test
    void backupsShareWhatDidNotChangeAndStandAlone() throws Exception {
        Path first;
        Backups.Taken second;
        long run;
        try (TestFarm farm = farm(data());
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            run = farm.oneRun(agent, LINES);
            first = take(data()).folder();
            farm.oneRun(agent, LINES);
            second = take(data());
        }
        Path blob = blobs(first).getFirst();
        Path sameBlob = second.folder().resolve(first.relativize(blob));

        assertThat(Files.getAttribute(blob, "unix:ino"))
                .isEqualTo(Files.getAttribute(sameBlob, "unix:ino"));
        assertThat(second.info().newFiles()).isLessThan(second.info().files());
        deleteAll(first);
        assertThat(problems(second.folder())).isEmpty();
        Restore.run(backups(), folder.resolve("again"), false, new SecureIds(), progress -> {});
        try (TestFarm farm = farm(folder.resolve("again"))) {
            assertThat(farm.log(run)).isEqualTo(lines(run));
        }
    }

    @Test
    void farmThatIsNotServedIsBackedUpToo() throws Exception {
        long run;
        try (TestFarm farm = farm(data());
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            run = farm.oneRun(agent, LINES);
        }

        Backups.Taken taken = take(data());

        assertThat(taken.info().lastRun()).isEqualTo(run);
        assertThat(problems(taken.folder())).isEmpty();
        assertThat(Files.exists(data().resolve("backup-stage"))).isFalse();
    }

    @Test
    void restoredFarmServesBlobsOfAllVersionsWithoutWhatTheirStoreNoted() throws Exception {
        long old;
        long run;
        try (TestFarm farm = farm(data());
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            old = farm.oneRun(agent, LINES);
            run = farm.oneRun(agent, LINES);
        }
        Path generation = blob(data(), old);
        Path asOfVersion01 = generation.resolveSibling(digest(old));
        Files.move(generation, asOfVersion01);
        Files.createFile(asOfVersion01.resolveSibling(digest(old) + ".doomed-1"));

        Path backup = take(data()).folder();

        assertThat(backup.resolve("blobs")).isDirectoryNotContaining("glob:**/{pins,epochs}");
        assertThat(blobs(backup)).noneMatch(file -> file.toString().contains(".doomed-"));
        assertThat(blobs(backup)).hasSize(4);
        Path restored = folder.resolve("restored");
        Restore.run(backups(), restored, false, new SecureIds(), progress -> {});
        assertThat(problems(restored)).isEmpty();
        try (TestFarm farm = farm(restored);
                ScriptedAgent agent = farm.agent("a2", "two")) {
            assertThat(farm.artifactSize(old)).isPositive();
            assertThat(farm.artifactSize(run)).isPositive();
            agent.join(List.of());
            assertThat(farm.artifactSize(farm.oneRun(agent, LINES))).isPositive();
        }
    }

    @Test
    void blobsElsewhereAreNotInABackupWhichSaysSo() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        var flags = Map.of("blobs", elsewhere.toString());
        long run;
        Path backup;
        try (TestFarm farm = new TestFarm(data(), folder.resolve("keys"), flags);
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            run = farm.oneRun(agent, LINES);
            backup = take(data()).folder();
        }

        assertThat(backup.resolve("blobs")).doesNotExist();
        assertThat(BlobsElsewhere.read(new DataLayout(backup))).hasValue(elsewhere.toString());
        assertThat(problems(backup)).isEmpty();
        Path restored = folder.resolve("restored");
        Restore.run(backups(), restored, false, new SecureIds(), progress -> {});
        try (TestFarm farm = new TestFarm(restored, folder.resolve("keys"), flags)) {
            assertThat(farm.artifactSize(run)).isPositive();
        }
        farm(restored).close();
        assertThat(BlobsElsewhere.read(new DataLayout(restored))).isEmpty();
        assertThat(problems(restored)).anyMatch(problem -> problem.what().contains("is gone"));
    }

    private static String digest(long run) throws Exception {
        return TestFarm.blob(TestFarm.content(run)).getSha256();
    }

    private static Path blob(Path data, long run) throws Exception {
        String digest = digest(run);
        return blobs(data).stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith(digest))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void restoredFarmBeginsAboveEveryEpochThatAgentsHaveSeen() throws Exception {
        String farmId;
        long epoch = 0;
        try (TestFarm farm = farm(data())) {
            take(data());
            farmId = farm.coordinator().farmId();
        }
        for (int i = 0; i < 3; i++) {
            try (TestFarm farm = farm(data())) {
                epoch = farm.coordinator().epoch();
            }
        }

        Restore.run(backups(), folder.resolve("same"), false, new SecureIds(), progress -> {});
        Restore.run(backups(), folder.resolve("other"), true, new SecureIds(), progress -> {});

        try (TestFarm same = farm(folder.resolve("same"));
                TestFarm other = farm(folder.resolve("other"))) {
            assertThat(same.coordinator().epoch()).isGreaterThan(epoch).isGreaterThan(1_000_000);
            assertThat(same.coordinator().farmId()).isEqualTo(farmId);
            assertThat(other.coordinator().farmId()).isNotEqualTo(farmId);
        }
    }

    @Test
    void oldestBackupsGoWhenSoManyAreKept() throws Exception {
        try (TestFarm farm = farm(data())) {
            for (int i = 0; i < 4; i++) {
                farm.submit("backup " + i);
                Backup.take(data(), backups(), 2, new SystemClock(), progress -> {});
            }
        }

        try (var left = Files.list(backups())) {
            assertThat(left.filter(Files::isDirectory)).hasSize(2);
        }
    }

    @Test
    void restoreNeverOverwritesAndHalfOfOneIsNotServed() throws Exception {
        try (TestFarm farm = farm(data())) {
            farm.submit("something");
            take(data());
        }

        assertThatThrownBy(
                        () ->
                                Restore.run(
                                        backups(), data(), false, new SecureIds(), progress -> {}))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("is not empty");
        Path broken = folder.resolve("broken");
        Restore.run(backups(), broken, false, new SecureIds(), progress -> {});
        Files.writeString(broken.resolve("restore-unfinished"), "x");
        assertThatThrownBy(() -> farm(broken))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("has not ended");
    }

    @Test
    void folderWithOtherThingsOrAnotherFarmsBackupsIsRefused() throws Exception {
        Files.createDirectories(backups());
        Files.writeString(backups().resolve("thesis.tex"), "x");
        try (TestFarm farm = farm(data())) {
            farm.submit("something");
            assertThatThrownBy(() -> take(data()))
                    .isInstanceOf(SlipwayException.class)
                    .hasMessageContaining("thesis.tex");
            Files.delete(backups().resolve("thesis.tex"));
            take(data());
        }
        Path other = folder.resolve("other");
        try (TestFarm farm = farm(other)) {
            farm.submit("something");
            assertThatThrownBy(() -> take(other))
                    .isInstanceOf(SlipwayException.class)
                    .hasMessageContaining("has backups of farm");
        }
    }

    private Backups.Taken take(Path data) {
        return Backup.take(data, backups(), 0, new SystemClock(), progress -> {});
    }

    private static CompletableFuture<Void> load(
            TestFarm farm, ScriptedAgent agent, List<Long> acknowledged, AtomicBoolean stop) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        while (!stop.get()) {
                            acknowledged.add(farm.oneRun(agent, LINES));
                        }
                    } catch (Exception problem) {
                        throw new AssertionError(problem);
                    }
                });
    }

    private static void awaitRuns(List<Long> acknowledged, int count) {
        while (acknowledged.size() < count) {
            Thread.onSpinWait();
        }
    }

    private static List<String> lines(long run) {
        return IntStream.range(0, LINES).mapToObj(i -> TestFarm.line(run, i)).toList();
    }

    private static List<Problem> problems(Path data) {
        var problems = new ArrayList<Problem>();
        new DataCheck(data, new SystemClock(), problems::add).run();
        return problems;
    }

    private static List<Path> blobs(Path backup) throws Exception {
        try (var files = Files.walk(backup.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void deleteAll(Path root) throws Exception {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

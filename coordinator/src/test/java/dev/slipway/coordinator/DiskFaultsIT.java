package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.api.v1.Conclusion;
import dev.slipway.coordinator.backup.DataCheck;
import dev.slipway.coordinator.logs.Chunk;
import dev.slipway.coordinator.logs.ChunkRow;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.coordinator.storage.Problem;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;

import io.grpc.StatusRuntimeException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/// A coordinator on a disk that gets full or fails: it says so and stops, and when the cause is
/// gone it has everything that it acknowledged.
@Timeout(120)
class DiskFaultsIT {
    private static final String TEXT = "x".repeat(20_000);
    private static final StepKey STEP = new StepKey(AttemptId.parse("1/1/1"), 1);

    @TempDir Path folder;
    private SmallDisk disk;

    @BeforeEach
    void mount() throws Exception {
        disk = SmallDisk.make(folder, 96);
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            disk.close();
        }
    }

    private Path data() {
        return disk.folder().resolve("data");
    }

    private TestFarm farm() throws Exception {
        return new TestFarm(data(), folder.resolve("keys"), Map.of());
    }

    @Test
    void fullDiskStopsTheCoordinatorAndEverythingAcknowledgedIsThereOnceThereIsRoom()
            throws Exception {
        List<Long> acknowledged;
        Throwable why;
        Path ballast;
        try (TestFarm farm = farm()) {
            farm.submit(TEXT);
            ballast = disk.fill(300);
            acknowledged = submitUntilRefused(farm);
            why = farm.coordinator().awaitFailure();
        }

        assertThat(why)
                .hasMessageContaining(data().resolve("db").toString())
                .hasMessageContaining("No space left")
                .hasMessageContaining("Free space");
        disk.fill(0);
        assertThatThrownBy(this::farm)
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(data().toString())
                .hasMessageContainingAll("No space left", "ree space");
        Files.delete(ballast);
        try (TestFarm farm = farm()) {
            for (long run : acknowledged) {
                assertThat(farm.run(run).getNumber()).isEqualTo(run);
            }
            assertThat(farm.submit(TEXT)).isGreaterThan(acknowledged.getLast());
        }
        assertThat(problems()).isEmpty();
    }

    @Test
    void uploadsAndOutputThatDoNotFitAreRefusedAndComeAgain() throws Exception {
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            long first = farm.oneRun(agent, 3);
            Path ballast = disk.fill(2_000);
            byte[] big = new byte[8 << 20];

            assertThatThrownBy(() -> farm.upload(TestFarm.blob(big), big))
                    .hasMessageContaining(data().resolve("blobs").toString())
                    .hasMessageContaining("No space left");

            Files.delete(ballast);
            farm.upload(TestFarm.blob(big), big);
            assertThat(farm.log(first)).hasSize(3);
            long second = farm.oneRun(agent, 3);
            assertThat(farm.run(second).getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        }
        assertThat(problems()).isEmpty();
    }

    @Test
    void diskThatFailsStopsTheCoordinatorAndEverythingAcknowledgedIsThereOnceItIsRepaired()
            throws Exception {
        var acknowledged = new ArrayList<Long>();
        Throwable why;
        try (TestFarm farm = farm()) {
            for (int i = 0; i < 5; i++) {
                acknowledged.add(farm.submit("small"));
            }
            disk.becomeReadOnly();
            assertThatThrownBy(() -> farm.submit("too late"))
                    .isInstanceOf(StatusRuntimeException.class);
            why = farm.coordinator().awaitFailure();
        }

        assertThat(why)
                .hasMessageContaining(data().resolve("db").toString())
                .hasMessageContaining("Read-only file system")
                .hasMessageContaining("Make");
        assertThatThrownBy(this::farm)
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(data().toString())
                .hasMessageContaining("Read-only file system");
        disk.repair();
        try (TestFarm farm = farm()) {
            for (long run : acknowledged) {
                assertThat(farm.run(run).getNumber()).isEqualTo(run);
            }
        }
        assertThat(problems()).isEmpty();
    }

    @Test
    void tornEndOfTheWriteAheadLogIsDroppedAndDamageInItIsNot() throws Exception {
        var acknowledged = new ArrayList<Long>();
        try (TestFarm farm = farm()) {
            for (int i = 0; i < 5; i++) {
                acknowledged.add(farm.submit("small"));
            }
        }
        Path log = writeAheadLog();
        byte[] whole = Files.readAllBytes(log);
        try (var file = new RandomAccessFile(log.toFile(), "rw")) {
            // The head of a record that a power failure cut: its checksum, length and type.
            file.seek(file.length());
            file.write(new byte[] {1, 2, 3, 4, (byte) 200, 0, 1, 9, 9});
        }
        try (TestFarm farm = farm()) {
            for (long run : acknowledged) {
                assertThat(farm.run(run).getNumber()).isEqualTo(run);
            }
        }

        Path next = writeAheadLog();
        Files.write(next, whole);
        try (var file = new RandomAccessFile(next.toFile(), "rw")) {
            file.seek(whole.length / 2);
            file.write(whole[whole.length / 2] ^ 0x10);
        }
        assertThatThrownBy(this::farm)
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(data().resolve("db").toString())
                .hasMessageContaining("restore a backup");
    }

    @Test
    void outputThatDoesNotFitIsRefusedAndTakenOnceThereIsRoom() throws Exception {
        var index = new LogIndex(new MemoryDatabase());
        Path logs = disk.folder().resolve("logs");
        Path ballast;
        int stored = 0;
        try (LogStore store = logStore(logs, index)) {
            ballast = disk.fill(5_000);
            var why = new CompletableFuture<SlipwayException>();
            while (!why.isDone()) {
                stored += send(store, stored, why) ? 1 : 0;
            }
            assertThat(why.get()).hasMessageContaining("No space left");
            assertThat(send(store, stored, new CompletableFuture<>())).isFalse();

            Files.delete(ballast);
            assertThat(send(store, stored, new CompletableFuture<>())).isTrue();
        }

        try (LogStore store = logStore(logs, index)) {
            for (ChunkRow row : store.chunks(STEP, 0, 1_000)) {
                assertThat(store.read(row)).isEqualTo(output((int) row.index()));
            }
            assertThat(store.chunks(STEP, 0, 1_000)).hasSize(stored + 1);
        }
    }

    private static LogStore logStore(Path folder, LogIndex index) throws Exception {
        return LogStore.open(
                folder, index, LogStore.Limits.DEFAULT, new SystemClock(), new SystemThreads());
    }

    /// @return whether it was acknowledged
    private static boolean send(
            LogStore store, int index, CompletableFuture<SlipwayException> failure)
            throws Exception {
        byte[] data = output(index);
        var crc = new CRC32C();
        crc.update(data);
        var acknowledged = new CompletableFuture<Boolean>();
        store.append(
                new Chunk(
                        STEP,
                        index,
                        index * 10L,
                        index * 10L + 10,
                        ByteBuffer.wrap(data),
                        (int) crc.getValue(),
                        data.length,
                        1,
                        "",
                        false),
                new LogStore.Listener() {
                    @Override
                    public void stored(Receipt receipt) {
                        acknowledged.complete(receipt.nextIndex() == index + 1);
                    }

                    @Override
                    public void failed(SlipwayException problem) {
                        failure.complete(problem);
                        acknowledged.complete(false);
                    }
                });
        return acknowledged.get();
    }

    /// Two megabytes that nothing can compress.
    private static byte[] output(int index) {
        byte[] bytes = new byte[2 << 20];
        new Random(index).nextBytes(bytes);
        return bytes;
    }

    private Path writeAheadLog() throws Exception {
        try (var files = Files.list(data().resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static List<Long> submitUntilRefused(TestFarm farm) {
        var acknowledged = new ArrayList<Long>();
        while (true) {
            try {
                acknowledged.add(farm.submit(TEXT));
            } catch (StatusRuntimeException refused) {
                return acknowledged;
            }
        }
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        new DataCheck(data(), new SystemClock(), problems::add).run();
        return problems;
    }
}

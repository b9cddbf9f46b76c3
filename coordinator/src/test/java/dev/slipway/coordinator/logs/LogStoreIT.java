package dev.slipway.coordinator.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;

import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

class LogStoreIT {
    private static final AttemptId ATTEMPT = AttemptId.parse("7/1/1");
    private static final StepKey STEP = new StepKey(ATTEMPT, 1);
    private static final Instant T0 = Instant.parse("2026-11-24T03:00:00Z");

    @TempDir Path folder;
    private final LogIndex index = new LogIndex(new MemoryDatabase());
    private LogStore store;

    @BeforeEach
    void open() throws IOException {
        store = open(index, new LogStore.Limits(1000, 1 << 20));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void linesComeBackInOrderInPages() throws Exception {
        for (int i = 0; i < 20; i++) {
            send(chunk(STEP, i, "line " + i + "a", "line " + i + "b"));
        }

        var texts = new ArrayList<String>();
        LogCursor.Planned cursor = LogCursor.START;
        LogReader.Page page;
        do {
            page = new LogReader(store).planned(List.of(ATTEMPT), LogReader.Filter.ALL, cursor, 70);
            page.lines().forEach(line -> texts.add(new String(line.line().text(), UTF_8)));
            cursor = (LogCursor.Planned) LogCursor.parse(page.next().toString());
        } while (page.more());

        assertThat(texts).hasSize(40).startsWith("line 0a", "line 0b").endsWith("line 19b");
        assertThat(texts).doesNotHaveDuplicates();
    }

    @Test
    void followersReadInTheOrderOfArrival() throws Exception {
        var other = new StepKey(AttemptId.parse("7/2/1"), 0);
        var woken = new CountDownLatch(1);
        try (var _ = store.follow(7, woken::countDown)) {
            send(chunk(STEP, 0, "first"));
            send(chunk(other, 0, "second"));
            send(chunk(STEP, 1, "third"));
            woken.await();
        }

        LogReader.Page page =
                new LogReader(store)
                        .arrived(7, LogReader.Filter.ALL, new LogCursor.Arrived(0, 0), 1000);

        assertThat(page.lines().stream().map(line -> new String(line.line().text(), UTF_8)))
                .containsExactly("first", "second", "third");
        assertThat(
                        new LogReader(store)
                                .arrived(
                                        7,
                                        LogReader.Filter.ALL,
                                        (LogCursor.Arrived) page.next(),
                                        1000)
                                .lines())
                .isEmpty();
    }

    @Test
    void holesAreRefusedAndRepeatsIgnored() throws Exception {
        send(chunk(STEP, 0, "a"));

        assertThat(send(chunk(STEP, 2, "c")).refusal()).contains("chunk 1 is missing");
        assertThat(send(chunk(STEP, 0, "a")).refusal()).isEmpty();
        assertThat(send(chunk(STEP, 1, "b"))).isEqualTo(new Receipt(STEP, 2, 20, ""));
        assertThat(store.step(STEP).orElseThrow().lines()).isEqualTo(2);
    }

    @Test
    void wrongChecksumIsRefused() throws Exception {
        Chunk good = chunk(STEP, 0, "a");
        Chunk bad = new Chunk(STEP, 0, 0, 10, good.data(), good.crc32c() + 1, 20, 1, "", false);

        assertThat(send(bad).refusal()).contains("checksum");
        assertThat(send(good).refused()).isFalse();
    }

    @Test
    void acknowledgedChunksSurviveTheLossOfTheIndexAndATornEnd() throws Exception {
        for (int i = 0; i < 50; i++) {
            send(chunk(STEP, i, "line " + i));
        }
        store.close();
        Path newest;
        try (var files = Files.list(folder)) {
            newest = files.sorted().toList().getLast();
        }
        try (var channel = FileChannel.open(newest, StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap(new byte[] {0x53, 0x4C, 0x47, 0x31, 0, 0}));
        }

        store = open(new LogIndex(new MemoryDatabase()), new LogStore.Limits(1000, 1 << 20));

        assertThat(store.step(STEP).orElseThrow().nextIndex()).isEqualTo(50);
        assertThat(send(chunk(STEP, 50, "next")).refused()).isFalse();
        assertThat(read()).hasSize(51).endsWith("line 49", "next");
    }

    @Test
    void damageInTheMiddleIsNamed() throws Exception {
        for (int i = 0; i < 50; i++) {
            send(chunk(STEP, i, "line " + i));
        }
        store.close();
        Path oldest;
        try (var files = Files.list(folder)) {
            oldest = files.sorted().toList().getFirst();
        }
        try (var channel = FileChannel.open(oldest, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 40);
        }

        assertThatThrownBy(
                        () ->
                                open(
                                        new LogIndex(new MemoryDatabase()),
                                        new LogStore.Limits(1000, 1 << 20)))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining(oldest.toString());
        store = open(index, new LogStore.Limits(1000, 1 << 20));
    }

    @Test
    void logIsCompleteOnlyWhenItsEndCame() throws Exception {
        send(chunk(STEP, 0, "a"));
        assertThat(store.completeTo(ATTEMPT, Map.of(1, 10L))).isFalse();

        Chunk last = chunk(STEP, 1, "b");
        send(new Chunk(STEP, 1, 10, 20, last.data(), last.crc32c(), last.plainSize(), 1, "", true));

        assertThat(store.completeTo(ATTEMPT, Map.of(1, 20L, 2, 0L))).isTrue();
        assertThat(store.completeTo(ATTEMPT, Map.of(1, 21L))).isFalse();
        assertThat(send(chunk(STEP, 2, "c")).refusal()).contains("has ended");
    }

    @Test
    void closedLogSaysThatOutputIsMissing() throws Exception {
        send(chunk(STEP, 0, "a"));

        store.closeIncomplete(ATTEMPT, "the agent is lost");

        assertThat(store.incomplete(ATTEMPT)).isTrue();
        assertThat(read()).last().asString().contains("the agent is lost");
    }

    @Test
    void removedRunFreesItsSegments() throws Exception {
        var other = new StepKey(AttemptId.parse("8/1/1"), 0);
        for (int i = 0; i < 100; i++) {
            send(chunk(STEP, i, "line " + i));
        }
        send(chunk(other, 0, "stays"));

        store.removeRuns(List.of(7L));
        store.close();
        store = open(index, new LogStore.Limits(1000, 1 << 20));

        assertThat(store.steps(7)).isEmpty();
        assertThat(store.steps(8)).hasSize(1);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    private LogStore open(LogIndex index, LogStore.Limits limits) throws IOException {
        return LogStore.open(folder, index, limits, new SystemClock(), new SystemThreads());
    }

    private List<String> read() {
        return new LogReader(store)
                        .planned(List.of(ATTEMPT), LogReader.Filter.ALL, LogCursor.START, 1 << 20)
                        .lines()
                        .stream()
                        .map(line -> new String(line.line().text(), UTF_8))
                        .toList();
    }

    private Receipt send(Chunk chunk) throws Exception {
        var receipt = new CompletableFuture<Receipt>();
        store.append(
                chunk,
                new LogStore.Listener() {
                    @Override
                    public void stored(Receipt stored) {
                        receipt.complete(stored);
                    }

                    @Override
                    public void failed(SlipwayException problem) {
                        receipt.completeExceptionally(problem);
                    }
                });
        return receipt.get();
    }

    /// Every chunk stands for ten bytes of raw output.
    private static Chunk chunk(StepKey step, int index, String... texts) {
        var writer = new LogLines.Writer(64);
        for (String text : texts) {
            byte[] bytes = text.getBytes(UTF_8);
            writer.add(T0, LogLine.Kind.OUTPUT, bytes, 0, bytes.length);
        }
        byte[] plain = writer.take();
        byte[] data = Zstd.compress(plain);
        return new Chunk(
                step,
                index,
                index * 10L,
                index * 10L + 10,
                ByteBuffer.wrap(data),
                Record.crc(data, 0, data.length),
                plain.length,
                texts.length,
                "",
                false);
    }
}

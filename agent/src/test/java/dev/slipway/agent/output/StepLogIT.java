package dev.slipway.agent.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;

import dev.slipway.testkit.ManualTime;
import dev.slipway.time.Threads;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLine.Kind;
import dev.slipway.wire.LogLines;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;

class StepLogIT {
    @TempDir private Path directory;

    private final ManualTime time = new ManualTime();
    private final RecordingSink sink = new RecordingSink();
    private LogLimits limits = LogLimits.DEFAULT;
    private StepLog log;

    @BeforeEach
    void open() throws IOException {
        var masks = new Masks();
        masks.add("s3cret");
        var context = new StepContext(masks, new ProblemMatchers(), new FakeFiles(Map.of()), sink);
        var settings = new CommandSettings(1, false, false, false);
        log =
                StepLog.open(
                        directory,
                        settings,
                        context,
                        limits,
                        new StepLog.Time(time, time, sameThread()));
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private void reopen() throws IOException {
        log.close();
        open();
    }

    @Test
    void firstOutputIsWrittenAtOnce() throws Exception {
        print("hello s3cret\nwor");

        LogChunk chunk = log.spool().chunk(0).orElseThrow();

        assertThat(texts(chunk)).containsExactly("hello ***");
        assertThat(chunk.rawFrom()).isZero();
        assertThat(chunk.rawTo()).isEqualTo(13);
        assertThat(log.safeTo()).isEqualTo(13);
        assertThat(log.rawOffset()).isEqualTo(16);
        assertThat(lines(chunk).getFirst().at()).isEqualTo(ManualTime.START);
    }

    @Test
    void linesShortlyAfterEachOtherTravelTogether() throws Exception {
        print("1\n");
        print("2\n");
        time.advance(Duration.ofMillis(20));
        print("3\n");
        assertThat(log.spool().endIndex()).isEqualTo(1);

        time.advance(Duration.ofMillis(30));

        assertThat(texts(log.spool().chunk(1).orElseThrow())).containsExactly("2", "3");
    }

    @Test
    void fullChunksDoNotWait() throws Exception {
        print("1\n");
        print("0123456789\n".repeat(100_000));

        assertThat(log.spool().endIndex()).isGreaterThan(3);
        assertThat(everything().stream().filter(line -> line.startsWith("0")))
                .hasSizeGreaterThan(90_000);
    }

    @Test
    void logEndsWithALastChunk() throws Exception {
        log.say("start", List.of("Run it"));
        print("out\nno end");
        log.endOutput();
        log.say("end", List.of("Process completed with exit code 0."));
        log.finish();
        log.finish();

        assertThat(everything())
                .containsExactly("Run it", "out", "no end", "Process completed with exit code 0.");
        assertThat(kinds()).containsExactly(Kind.META, Kind.OUTPUT, Kind.OUTPUT, Kind.META);
        assertThat(log.spool().isComplete()).isTrue();
        assertThat(log.spool().chunk(log.spool().endIndex() - 1).orElseThrow().last()).isTrue();
        assertThat(log.spool().await(log.spool().endIndex())).isEmpty();
    }

    @Test
    void restartGoesOnFromTheLastChunk() throws Exception {
        log.say("start", List.of("Run it"));
        print("one\n::add-mask::hidden\n::stop-commands::x\n");
        print("lost with the agent\n::notice::n");
        long resume = log.safeTo();

        reopen();
        log.say("start", List.of("Run it"));
        assertThat(log.rawOffset()).isEqualTo(resume);
        print("hidden\n::group::plain\n");
        log.finish();

        assertThat(everything())
                .containsExactly("Run it", "one", "::stop-commands::x", "***", "::group::plain");
    }

    @Test
    void recordCutOffByAKillIsDropped() throws Exception {
        print("one\n");
        time.advance(Duration.ofMillis(50));
        print("two\n");
        log.close();
        Path segment;
        try (var files = Files.list(directory.resolve("spool"))) {
            segment = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        Files.write(segment, java.util.Arrays.copyOf(bytes, bytes.length - 3));

        open();

        assertThat(log.rawOffset()).isEqualTo(4);
        print("two\n");
        log.finish();
        assertThat(everything()).containsExactly("one", "two");
    }

    @Test
    void acknowledgedChunksAreDeletedButNotTheState() throws Exception {
        print("::stop-commands::x\n");
        var random = new Random(1);
        for (int i = 0; i < 60; i++) {
            print(noise(random, 300_000));
        }
        log.spool().acknowledge(log.spool().endIndex());
        long files;
        try (var list = Files.list(directory.resolve("spool"))) {
            files = list.count();
        }
        assertThat(files).isEqualTo(1);

        reopen();
        print("::group::still plain\n");
        log.finish();

        assertThat(everything()).last().isEqualTo("::group::still plain");
    }

    @Test
    void fullSpoolHoldsTheWriterUp() throws Exception {
        log.close();
        limits = new LogLimits(0, 1_000_000, Duration.ofMillis(50));
        open();
        var random = new Random(2);
        var done = new AtomicBoolean();
        var finished = new CountDownLatch(1);
        Thread writer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        for (int i = 0; i < 20; i++) {
                                            print(noise(random, 300_000));
                                        }
                                        done.set(true);
                                    } catch (IOException | InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    } finally {
                                        finished.countDown();
                                    }
                                });
        long next = 0;
        long seen = 0;
        while (writer.isAlive()) {
            next = log.spool().endIndex();
            seen = Math.max(seen, next - log.spool().firstIndex());
            log.spool().acknowledge(next);
        }
        finished.await();

        assertThat(done).isTrue();
        assertThat(seen).isLessThan(12);
    }

    @Test
    void ownLinesNeverWaitForRoom() throws Exception {
        log.close();
        limits = new LogLimits(0, 100_000, Duration.ofMillis(50));
        open();
        var random = new Random(4);
        Thread writer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        print(noise(random, 5_000_000));
                                        log.finish();
                                    } catch (IOException | InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        log.spool().await(0);
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        log.say("cancel", List.of("Cancelling"));
        boolean held = writer.isAlive();
        var texts = new ArrayList<String>();
        for (var next = log.spool().await(0); next.isPresent(); ) {
            texts.addAll(texts(next.get()));
            log.spool().acknowledge(next.get().index() + 1);
            next = log.spool().await(next.get().index() + 1);
        }

        assertThat(held).isTrue();
        assertThat(texts).contains("Cancelling");
        assertThat(log.spool().isDrained()).isTrue();
    }

    @Test
    void ownLinesAreWrittenOncePerKey() throws Exception {
        log.say("a", List.of("one s3cret"));
        log.say("a", List.of("two"));
        time.advance(Duration.ofMillis(50));
        reopen();
        log.say("a", List.of("three"));
        log.finish();
        log.say("b", List.of("too late"));

        assertThat(everything()).containsExactly("one ***");
    }

    @Test
    void closingEndsAllWaiting() throws Exception {
        var answers = new ArrayList<String>();
        Thread reader =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        answers.add(String.valueOf(log.spool().await(0)));
                                    } catch (IOException | InterruptedException e) {
                                        answers.add(e.toString());
                                    }
                                });
        log.close();
        reader.join();

        assertThat(answers).containsExactly("Optional.empty");
        assertThatThrownBy(() -> print("x\n")).isInstanceOf(IOException.class);
    }

    @Test
    void lostOutputLeavesAGap() throws Exception {
        print("one\npart");
        log.lost(100, "the disk was full");
        print("two\n");
        log.finish();

        assertThat(everything())
                .containsExactly("one", "part", "[92 bytes are lost: the disk was full]", "two");
        LogChunk gap =
                chunks().stream().filter(c -> !c.gapCause().isEmpty()).findFirst().orElseThrow();
        assertThat(gap.rawFrom()).isEqualTo(8);
        assertThat(gap.rawTo()).isEqualTo(100);
        assertThat(gap.gapCause()).isEqualTo("the disk was full");
    }

    @Test
    void onlyHeadAndTailOfAHugeLogAreKept() throws Exception {
        log.close();
        limits = LogLimits.DEFAULT.withCap(2_000_000);
        open();
        for (int i = 0; i < 100_000; i++) {
            print("line %07d of the huge log, long enough to count\n".formatted(i));
        }
        print("::set-output name=late::still obeyed\n");
        log.endOutput();
        log.say("end", List.of("the end"));
        log.finish();

        List<String> all = everything();
        assertThat(all).startsWith("line 0000000 of the huge log, long enough to count");
        assertThat(all).last().isEqualTo("the end");
        assertThat(all).contains("line 0099999 of the huge log, long enough to count");
        assertThat(all)
                .anyMatch(line -> line.contains("left out: the log's limit is 2000000 bytes"));
        assertThat(all).hasSizeBetween(20_000, 60_000);
        assertThat(sink.events()).contains("output late=still obeyed");
        assertRangesFit();
    }

    @Test
    void restartInTheTailKeepsEverything() throws Exception {
        log.close();
        limits = LogLimits.DEFAULT.withCap(1_000_000);
        open();
        byte[] output = hugeOutput();
        var random = new Random(3);
        while (log.rawOffset() < output.length) {
            int at = (int) log.rawOffset();
            int end = Math.min(output.length, at + 1 + random.nextInt(200_000));
            byte[] portion = java.util.Arrays.copyOfRange(output, at, end);
            log.accept(portion, portion.length);
            time.advance(Duration.ofMillis(random.nextInt(60)));
            if (random.nextInt(5) == 0) {
                reopen();
            }
        }
        log.endOutput();
        log.finish();
        List<String> all = everything();

        assertRangesFit();
        assertThat(all).startsWith("line 0000000").last().isEqualTo("line 0199999");
        assertThat(all.stream().filter(line -> line.startsWith("line")).distinct().count())
                .isEqualTo(all.stream().filter(line -> line.startsWith("line")).count());
    }

    @Test
    void interruptedMoveOfTheTailIsFinishedAfterARestart() throws Exception {
        log.close();
        limits = LogLimits.DEFAULT.withCap(1_000_000);
        open();
        byte[] output = hugeOutput();
        log.accept(output, output.length);
        log.endOutput();
        Path copy = directory.resolve("spool");
        Path spoolFile;
        try (var files = Files.list(copy)) {
            spoolFile = files.findFirst().orElseThrow();
        }
        long before = Files.size(spoolFile);
        log.finish();
        final List<String> expected = everything();
        log.close();
        try (var channel =
                java.nio.channels.FileChannel.open(spoolFile, StandardOpenOption.WRITE)) {
            channel.truncate(before + (channel.size() - before) / 2);
        }

        open();
        assertThat(log.rawOffset()).isEqualTo(output.length);
        log.finish();

        assertThat(everything()).isEqualTo(expected);
        assertRangesFit();
    }

    private static byte[] hugeOutput() {
        var text = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            text.append("line %07d\n".formatted(i));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void print(String text) throws IOException, InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.accept(bytes, bytes.length);
    }

    /// Incompressible lines.
    private static String noise(Random random, int size) {
        var text = new StringBuilder(size);
        while (text.length() < size) {
            text.append(Long.toString(random.nextLong(), 36)).append('\n');
        }
        return text.toString();
    }

    private List<LogChunk> chunks() throws IOException {
        var chunks = new ArrayList<LogChunk>();
        for (long i = log.spool().firstIndex(); i < log.spool().endIndex(); i++) {
            chunks.add(log.spool().chunk(i).orElseThrow());
        }
        return chunks;
    }

    /// No chunk overlaps another, none is missing, and the checksums are right.
    private void assertRangesFit() throws IOException {
        long at = 0;
        long index = 0;
        for (LogChunk chunk : chunks()) {
            var crc = new CRC32C();
            crc.update(chunk.data());
            assertThat((int) crc.getValue()).isEqualTo(chunk.crc32c());
            assertThat(chunk.index()).isEqualTo(index++);
            assertThat(chunk.rawFrom()).isEqualTo(at);
            at = chunk.rawTo();
        }
        assertThat(at).isEqualTo(log.rawOffset());
    }

    private List<String> everything() throws IOException {
        var all = new ArrayList<String>();
        for (LogChunk chunk : chunks()) {
            all.addAll(texts(chunk));
        }
        return all;
    }

    private List<Kind> kinds() throws IOException {
        var all = new ArrayList<Kind>();
        for (LogChunk chunk : chunks()) {
            lines(chunk).forEach(line -> all.add(line.kind()));
        }
        return all;
    }

    private static List<String> texts(LogChunk chunk) {
        return lines(chunk).stream()
                .map(line -> new String(line.text(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<LogLine> lines(LogChunk chunk) {
        List<LogLine> lines = LogLines.decode(Zstd.decompress(chunk.data(), chunk.plainSize()));
        assertThat(lines).hasSize(chunk.lines());
        return lines;
    }

    /// Runs bodies at once: what the timer starts happens while the test advances the time.
    private static Threads sameThread() {
        return new Threads() {
            @Override
            public Thread start(String name, Runnable body) {
                body.run();
                return Thread.currentThread();
            }

            @Override
            public Thread startOwner(String name, Runnable body) {
                throw new UnsupportedOperationException();
            }
        };
    }
}

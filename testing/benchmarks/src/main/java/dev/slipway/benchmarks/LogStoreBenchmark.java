package dev.slipway.benchmarks;

import com.github.luben.zstd.Zstd;

import dev.slipway.coordinator.logs.Chunk;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/// Output on its way to the coordinator's disk: chunks of 1 MiB of raw lines, 32 in flight,
/// acknowledged once synced. The score is MiB of raw lines per second. The baseline writes the same
/// compressed bytes to a file and syncs it as often.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LogStoreBenchmark {
    private static final int IN_FLIGHT = 32;
    private static final int RAW_BYTES = 1 << 20;

    private Path folder;
    private RocksDatabase database;
    private LogStore store;
    private FileChannel file;
    private ByteBuffer data;
    private int crc;
    private int plainSize;
    private int lines;
    private StepKey step;
    private long index;

    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory(Path.of("target"), "log-benchmark");
        database = RocksDatabase.open(folder.resolve("db"));
        store =
                LogStore.open(
                        folder.resolve("logs"),
                        new LogIndex(database),
                        LogStore.Limits.DEFAULT,
                        new SystemClock(),
                        new SystemThreads());
        file =
                FileChannel.open(
                        folder.resolve("baseline"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        step = new StepKey(AttemptId.parse("1/1/1"), 1);
        prepare();
    }

    /// Lines as builds print them: a prefix that repeats, a part that does not.
    private void prepare() {
        var writer = new LogLines.Writer(RAW_BYTES);
        long seed = 41;
        int raw = 0;
        while (raw < RAW_BYTES) {
            seed = seed * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
            String line =
                    "[INFO] Compiling module %d of %d: dev/slipway/Class%d.java in %d ms"
                            .formatted(lines % 97, 97, seed >>> 44, seed >>> 54);
            byte[] text = line.getBytes(StandardCharsets.UTF_8);
            writer.add(Instant.EPOCH.plusMillis(lines), LogLine.Kind.OUTPUT, text, 0, text.length);
            raw += text.length + 1;
            lines++;
        }
        byte[] plain = writer.take();
        plainSize = plain.length;
        byte[] compressed = Zstd.compress(plain, 1);
        var checksum = new CRC32C();
        checksum.update(compressed);
        crc = (int) checksum.getValue();
        data = ByteBuffer.wrap(compressed);
    }

    @Benchmark
    @OperationsPerInvocation(IN_FLIGHT)
    public void store() throws InterruptedException {
        var done = new CountDownLatch(IN_FLIGHT);
        for (int i = 0; i < IN_FLIGHT; i++) {
            store.append(next(), new Counting(done));
        }
        done.await();
    }

    private Chunk next() {
        long at = index++;
        return new Chunk(
                step,
                at,
                at * RAW_BYTES,
                (at + 1) * RAW_BYTES,
                data.duplicate(),
                crc,
                plainSize,
                lines,
                "",
                false);
    }

    @Benchmark
    @OperationsPerInvocation(IN_FLIGHT)
    public void baselineFile() throws IOException {
        for (int i = 0; i < IN_FLIGHT; i++) {
            ByteBuffer bytes = data.duplicate();
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
        file.force(false);
    }

    @TearDown
    public void close() throws IOException {
        store.close();
        database.close();
        file.close();
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private record Counting(CountDownLatch done) implements LogStore.Listener {
        @Override
        public void stored(Receipt receipt) {
            if (receipt.refused()) {
                throw new IllegalStateException(receipt.refusal());
            }
            done.countDown();
        }

        @Override
        public void failed(SlipwayException problem) {
            throw new IllegalStateException(problem);
        }
    }
}

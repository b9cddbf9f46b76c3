package dev.slipway.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.EnginePorts;
import dev.slipway.coordinator.engine.EngineSettings;
import dev.slipway.coordinator.engine.SingleWriter;
import dev.slipway.coordinator.journal.DatabaseJournal;
import dev.slipway.coordinator.logs.Chunk;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptReport;
import dev.slipway.coordinator.model.AttemptResult;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.Retention;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.coordinator.storage.RunFilter;
import dev.slipway.coordinator.storage.RunPage;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.id.SecureIds;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/// From a submitted run to its durable lease, one after the other, on a disk with 120,000 finished
/// runs: undisturbed, and while retention removes 100,000 of them. The ratio of the percentiles is
/// the result. What the sweep has done is printed at the end.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 1, time = 60)
@Fork(1)
public class RetentionBenchmark {
    private static final int FINISHED = 120_000;
    private static final int KEPT = 20_000;
    private static final String WORKFLOW =
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n";

    @Param({"idle", "sweeping"})
    public String retention = "idle";

    private final SystemClock clock = new SystemClock();
    private final SystemTimers timers = new SystemTimers("timers");
    private final SynchronousQueue<AttemptId> leased = new SynchronousQueue<>();
    private Path folder;
    private RocksDatabase database;
    private LogStore logs;
    private SingleWriter engine;
    private Thread sweeper;
    private long tokens;
    private volatile String swept = "";

    @Setup
    public void open() throws IOException, InterruptedException {
        folder = Files.createTempDirectory(Path.of("target"), "retention-benchmark");
        database = RocksDatabase.open(folder.resolve("db"));
        logs =
                LogStore.open(
                        folder.resolve("logs"),
                        new LogIndex(database),
                        LogStore.Limits.DEFAULT,
                        clock,
                        new SystemThreads());
        fill();
        var runs = new TableRunStore(database);
        engine =
                SingleWriter.start(
                        EngineSettings.STANDALONE,
                        new DatabaseJournal(database, runs),
                        new EnginePorts(
                                clock,
                                timers,
                                new SystemThreads(),
                                new SecureIds(),
                                Authority.STANDALONE),
                        Throwable::printStackTrace);
        engine.listen((position, events) -> events.forEach(this::heard));
        engine.ask(new Command.AgentConnected(agent(), 1));
        if (retention.equals("sweeping")) {
            sweeper = Thread.ofPlatform().start(this::sweep);
        }
    }

    private void fill() throws InterruptedException {
        var store = new TableRunStore(database);
        FarmState state = store.load();
        var stored = new CountDownLatch(FINISHED);
        for (long run = 1; run <= FINISHED; run++) {
            var at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(run);
            apply(store, state, new Event.RunQueued(head(run), spec("token-" + run), at));
            apply(store, state, new Event.RunFinished(run, Conclusion.SUCCESS, "", at));
            logs.append(chunk(run), new Counting(stored));
        }
        stored.await();
    }

    private void apply(TableRunStore store, FarmState state, Event event) {
        state.apply(state.position() + 1, event);
        var batch = new Batch();
        store.write(batch, state.takeChanges());
        database.write(batch, Database.Durability.BUFFERED);
    }

    private void sweep() {
        Retention.Remover remover =
                runs -> {
                    Duration batchBegun = clock.uptime();
                    List<Long> gone = engine.ask(new Command.RemoveRuns(runs)).runs();
                    gone.forEach(logs::removeRun);
                    timers.pause(clock.uptime().minus(batchBegun));
                    return gone;
                };
        long begun = System.nanoTime();
        try {
            long removed =
                    new Retention(database, new Retention.Limits(KEPT, 0), remover)
                            .sweep(clock.now());
            swept =
                    "removed %d runs in %d ms"
                            .formatted(removed, (System.nanoTime() - begun) / 1_000_000);
        } catch (InterruptedException end) {
            swept =
                    "%d runs were left when it was broken off after %d ms"
                            .formatted(left(), (System.nanoTime() - begun) / 1_000_000);
        }
    }

    private long left() {
        long runs = 0;
        long next = 0;
        var store = new TableRunStore(database);
        do {
            RunPage page = store.list(RunFilter.ALL, 500, next);
            runs += page.runs().stream().filter(run -> run.number() <= FINISHED).count();
            next = page.next();
        } while (next != 0);
        return runs - KEPT;
    }

    private void heard(Event event) {
        if (event instanceof Event.JobLeased lease) {
            try {
                leased.put(lease.attempt());
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Benchmark
    public AttemptId start() throws InterruptedException {
        engine.submit(new Command.SubmitRun(spec("new-" + tokens++)), new Ignored<>());
        AttemptId attempt = leased.take();
        engine.submit(
                new Command.ReportAttempt("a", attempt, engine.epoch(), end()), new Ignored<>());
        return attempt;
    }

    private AttemptReport end() {
        var end = new AttemptEnd(Conclusion.SUCCESS, Cause.SUCCESS, "", clock.now(), "", 0);
        return new AttemptReport(
                1,
                clock.now(),
                List.of(),
                List.of(),
                new TreeMap<>(),
                null,
                null,
                new AttemptResult(end, new TreeMap<>(), ""));
    }

    private static AgentInfo agent() {
        return new AgentInfo(
                "a",
                "one",
                "boot",
                "process",
                "0",
                1_000,
                List.of("ubuntu-latest"),
                "linux",
                "x64",
                false,
                "",
                List.of());
    }

    private static RunHead head(long run) {
        return new RunHead(
                run,
                "shop",
                "CI",
                "ci.yml",
                "title",
                "push",
                "refs/heads/main",
                "main",
                "sha",
                "ann",
                run,
                0,
                Optional.empty());
    }

    private static RunSpec spec(String token) {
        return new RunSpec(
                "shop",
                new WorkflowFile("ci.yml", Bytes.utf8(WORKFLOW)),
                List.of(),
                new EventFacts(
                        "push",
                        "",
                        "refs/heads/main",
                        "sha",
                        "",
                        "",
                        "main",
                        "ann",
                        Optional.empty()),
                new TreeMap<>(),
                new TreeMap<>(),
                SealedSecrets.NONE,
                new Source.None(),
                List.of(),
                new TreeMap<>(),
                0,
                false,
                token,
                List.of());
    }

    /// The whole output of a run's only step.
    static Chunk chunk(long run) {
        byte[] data = Zstd.compress(("output of run " + run).repeat(40).getBytes(UTF_8));
        var crc = new CRC32C();
        crc.update(data);
        var step = new StepKey(AttemptId.parse(run + "/1/1"), 1);
        return new Chunk(
                step, 0, 0, 100, ByteBuffer.wrap(data), (int) crc.getValue(), 100, 1, "", true);
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        if (sweeper != null) {
            sweeper.interrupt();
            sweeper.join();
            System.out.println("sweep: " + swept);
        }
        engine.close();
        logs.close();
        database.close();
        timers.close();
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static final class Ignored<A> implements dev.slipway.coordinator.engine.Reply<A> {
        @Override
        public void accepted(A answer, long position) {
            // The lease is what is measured.
        }

        @Override
        public void refused(dev.slipway.error.Refusal refusal) {
            throw new IllegalStateException(String.valueOf(refusal));
        }

        @Override
        public void lost(RuntimeException cause) {
            throw cause;
        }
    }

    private record Counting(CountDownLatch done) implements LogStore.Listener {
        @Override
        public void stored(Receipt receipt) {
            done.countDown();
        }

        @Override
        public void failed(SlipwayException problem) {
            throw new IllegalStateException(problem);
        }
    }
}

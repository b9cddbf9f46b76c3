package dev.slipway.benchmarks;

import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.JobNode;
import dev.slipway.coordinator.model.JobPlan;
import dev.slipway.coordinator.model.Lease;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/// Fills a data folder with a long history, as the journal would have: runs of one job each, which
/// one attempt with one step brought to success, one run a second up to now, each with some output.
///
/// `testing/benchmarks/scale` calls it; then a coordinator is started on the folder.
public final class FinishedRuns {
    private static final int RUNS_AT_ONCE = 500;
    private static final int CHUNKS_UNDER_WAY = 4_096;
    private static final String WORKFLOW =
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n";
    private static final JobNode NODE = new JobNode("a", -1, 1, 0, JobNode.Kind.STEPS, List.of());
    private static final JobPlan PLAN =
            new JobPlan(
                    "a",
                    List.of("ubuntu-latest"),
                    "{}",
                    1,
                    0,
                    true,
                    false,
                    "",
                    false,
                    Optional.empty(),
                    360,
                    5);

    private final Database database;
    private final TableRunStore store;
    private final FarmState state;
    private final LogStore logs;
    private final Semaphore room = new Semaphore(CHUNKS_UNDER_WAY);
    private final Instant begin;

    private FinishedRuns(Database database, LogStore logs, Instant begin) {
        this.database = database;
        this.logs = logs;
        this.store = new TableRunStore(database);
        this.state = store.load();
        this.begin = begin;
    }

    /// @param args the data folder, and how many runs
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        long runs = Long.parseLong(args[1]);
        long started = System.nanoTime();
        try (var database = RocksDatabase.open(folder.resolve("db"));
                var logs =
                        LogStore.open(
                                folder.resolve("logs"),
                                new LogIndex(database),
                                LogStore.Limits.DEFAULT,
                                new SystemClock(),
                                new SystemThreads())) {
            var history = new FinishedRuns(database, logs, Instant.now().minusSeconds(runs));
            for (long run = 1; run <= runs; run++) {
                history.add(run);
            }
            history.write();
            history.room.acquire(CHUNKS_UNDER_WAY);
        }
        System.out.printf(
                Locale.ROOT,
                "%d finished runs written in %.0f s%n",
                runs,
                (System.nanoTime() - started) / 1e9);
    }

    private void add(long run) throws InterruptedException {
        room.acquire();
        logs.append(RetentionBenchmark.chunk(run), new Stored(room));
        Instant at = begin.plusSeconds(run);
        var job = new JobId(run, 1);
        AttemptId attempt = job.attempt(1);
        var lease = new Lease("agent", "one", "boot", 1, Duration.ofHours(1), at);
        var end = new AttemptEnd(Conclusion.SUCCESS, Cause.SUCCESS, "", at, "", 0);
        apply(new Event.RunQueued(head(run), spec(run), at));
        apply(new Event.JobPlanned(job, NODE, PLAN, at));
        apply(new Event.JobQueued(job, at));
        apply(new Event.JobLeased(attempt, AttemptReason.of(1), lease));
        apply(new Event.AttemptStarted(attempt, at, at));
        apply(new Event.StepFinished(attempt, step(at), at));
        apply(new Event.AttemptFinished(attempt, end, at));
        apply(new Event.JobFinished(job, Conclusion.SUCCESS, "", new TreeMap<>(), "", at));
        apply(new Event.RunFinished(run, Conclusion.SUCCESS, "", at));
        if (run % RUNS_AT_ONCE == 0) {
            write();
        }
    }

    private void apply(Event event) {
        state.apply(state.position() + 1, event);
    }

    private void write() {
        var batch = new Batch();
        store.write(batch, state.takeChanges());
        database.write(batch, Database.Durability.BUFFERED);
    }

    private static StepState step(Instant at) {
        return new StepState(
                1, "make", "", Status.FINISHED, Conclusion.SUCCESS, Conclusion.SUCCESS, at, at, 0);
    }

    private static RunHead head(long run) {
        return new RunHead(
                run,
                "shop-" + run % 50,
                "CI",
                ".github/workflows/ci.yml",
                "Change number " + run,
                "push",
                "refs/heads/main",
                "main",
                "0123456789abcdef0123456789abcdef01234567",
                "ann",
                run,
                0,
                Optional.empty());
    }

    private static RunSpec spec(long run) {
        return new RunSpec(
                "shop-" + run % 50,
                new WorkflowFile(".github/workflows/ci.yml", Bytes.utf8(WORKFLOW)),
                List.of(),
                new EventFacts(
                        "push",
                        "",
                        "refs/heads/main",
                        "0123456789abcdef0123456789abcdef01234567",
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
                "token-" + run,
                List.of());
    }

    private record Stored(Semaphore room) implements LogStore.Listener {
        @Override
        public void stored(Receipt receipt) {
            room.release();
        }

        @Override
        public void failed(SlipwayException problem) {
            throw new IllegalStateException(problem);
        }
    }
}

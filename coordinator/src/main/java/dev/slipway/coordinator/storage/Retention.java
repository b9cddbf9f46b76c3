package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.storage.RunTables.TimedText;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Removes old finished runs, and client tokens of more than a day, in small batches beside the
/// engine. Safe to interrupt anywhere: each run goes at once or not at all. For one thread.
public final class Retention {
    /// Runs removed in one batch.
    private static final int BATCH = 50;

    /// How long a client token is remembered.
    public static final Duration TOKEN_LIFE = Duration.ofHours(24);

    private final Database database;
    private final Limits limits;
    private final Guard guard;

    /// @param guard asks the engine, and tells other tables
    public Retention(Database database, Limits limits, Guard guard) {
        this.database = database;
        this.limits = limits;
        this.guard = guard;
    }

    /// What to keep. Zero or less means without limit.
    ///
    /// @param runs how many finished runs
    /// @param days how long, by the time of their end
    public record Limits(long runs, int days) {}

    /// What retention asks of the rest of the coordinator.
    public interface Guard {
        /// Which of these runs may go: finished, and from now on not to be rerun ({@link
        /// dev.slipway.coordinator.model.Command.RetireRuns}).
        List<Long> retirable(List<Long> runs) throws InterruptedException;

        /// Removes the output of these runs. Before their rows, so that none is left without a run
        /// when the process ends in between; the next sweep finds the runs again.
        void removeOutput(List<Long> runs);

        /// Adds to the batch what other tables keep for a run.
        void removing(long run, Batch batch);

        /// Called after each batch: may wait, so that others come first.
        void breathe() throws InterruptedException;
    }

    /// Removes what is too old or too much by now.
    ///
    /// @return how many runs were removed
    public long sweep(Instant now) throws InterruptedException {
        sweepTokens(now.minus(TOKEN_LIFE));
        long removed = 0;
        if (limits.days() > 0) {
            removed += sweepRuns(now.minus(Duration.ofDays(limits.days())), 0);
        }
        if (limits.runs() > 0) {
            removed += sweepRuns(now.plusSeconds(1), limits.runs());
        }
        return removed;
    }

    /// @param keep how many of those that ended before stay
    private long sweepRuns(Instant before, long keep) throws InterruptedException {
        long surplus = keep == 0 ? Long.MAX_VALUE : surplus(before, keep);
        Instant from = Instant.EPOCH;
        long removed = 0;
        while (removed < surplus) {
            List<Long> some = oldest(from, before, (int) Math.min(BATCH, surplus - removed));
            if (some.isEmpty()) {
                return removed;
            }
            List<Long> going = guard.retirable(some);
            from = remove(going, from);
            removed += going.size();
            if (going.size() < some.size()) {
                return removed;
            }
            guard.breathe();
        }
        return removed;
    }

    private long surplus(Instant before, long keep) {
        long[] count = new long[1];
        RunIndex.ended(
                database,
                Instant.EPOCH,
                before,
                run -> {
                    count[0]++;
                    return true;
                });
        return Math.max(0, count[0] - keep);
    }

    /// @param from none ended earlier: so that what was deleted is not read over and over
    private List<Long> oldest(Instant from, Instant before, int most) {
        var runs = new ArrayList<Long>(most);
        RunIndex.ended(
                database,
                from,
                before,
                run -> {
                    runs.add(run);
                    return runs.size() < most;
                });
        return runs;
    }

    /// @return when the last of them ended
    private Instant remove(List<Long> runs, Instant from) {
        if (runs.isEmpty()) {
            return from;
        }
        Instant last = from;
        guard.removeOutput(runs);
        var batch = new Batch();
        for (long number : runs) {
            Optional<RunState> run = RunTables.RUNS.get(database, number);
            if (run.isPresent()) {
                RunIndex.remove(batch, run.get());
                guard.removing(number, batch);
                last = run.map(RunState::finishedAt).orElse(last);
            }
            RunTables.RUNS.delete(batch, number);
            RunTables.SPECS.delete(batch, number);
            RunTables.JOBS.deletePrefix(batch, to -> to.number(number));
            RunTables.ATTEMPTS.deletePrefix(batch, to -> to.number(number));
            RunTables.ANNOTATIONS.deletePrefix(batch, to -> to.number(number));
            RunTables.SUMMARIES.deletePrefix(batch, to -> to.number(number));
            RunTables.TESTS.deletePrefix(batch, to -> to.number(number));
        }
        database.write(batch, Database.Durability.BUFFERED);
        return last;
    }

    private void sweepTokens(Instant before) {
        while (true) {
            var old = new ArrayList<TimedText>();
            RunTables.TOKEN_TIMES.scan(
                    database,
                    all -> {},
                    (key, nothing) -> {
                        if (key.millis() < before.toEpochMilli()) {
                            old.add(key);
                        }
                        return key.millis() < before.toEpochMilli() && old.size() < 1_000;
                    });
            if (old.isEmpty()) {
                return;
            }
            var batch = new Batch();
            for (TimedText key : old) {
                RunTables.TOKEN_TIMES.delete(batch, key);
                RunTables.TOKENS.delete(batch, key.text());
            }
            database.write(batch, Database.Durability.BUFFERED);
        }
    }
}

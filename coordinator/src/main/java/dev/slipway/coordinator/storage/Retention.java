package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.storage.RunTables.TimedText;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds finished runs that are too old or too many and has them removed, in small batches. Safe to
/// interrupt anywhere: each run goes at once or not at all. For one thread.
public final class Retention {
    /// Runs removed in one batch.
    private static final int BATCH = 50;

    private final Database database;
    private final Limits limits;
    private final Remover remover;

    /// @param remover records that runs are gone
    public Retention(Database database, Limits limits, Remover remover) {
        this.database = database;
        this.limits = limits;
        this.remover = remover;
    }

    /// What to keep. Zero or less means without limit.
    ///
    /// @param runs how many finished runs
    /// @param days how long, by the time of their end
    public record Limits(long runs, int days) {}

    /// Removes runs.
    @FunctionalInterface
    public interface Remover {
        /// @return those of them that are gone: a run that is being rerun stays
        List<Long> remove(List<Long> runs) throws InterruptedException;
    }

    /// Removes what is too old or too much by now.
    ///
    /// @return how many runs were removed
    public long sweep(Instant now) throws InterruptedException {
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
            from = endOf(some.getLast()).orElse(from);
            List<Long> gone = remover.remove(some);
            removed += gone.size();
            if (gone.size() < some.size()) {
                return removed;
            }
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

    private Optional<Instant> endOf(long run) {
        return RunTables.RUNS.get(database, run).map(RunState::finishedAt);
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

    /// Forgets client tokens that nobody asks for any more: what they did is decided by their time.
    ///
    /// @param most how many at once
    /// @return how many
    public static int sweepTokens(Database database, Instant before, int most) {
        var old = new ArrayList<TimedText>();
        RunTables.TOKEN_TIMES.scan(
                database,
                all -> {},
                (key, nothing) -> {
                    boolean isOld = key.millis() < before.toEpochMilli();
                    if (isOld) {
                        old.add(key);
                    }
                    return isOld && old.size() < most;
                });
        if (old.isEmpty()) {
            return 0;
        }
        var batch = new Batch();
        for (TimedText key : old) {
            RunTables.TOKEN_TIMES.delete(batch, key);
            RunTables.TOKENS
                    .get(database, key.text())
                    .filter(use -> use.at().isBefore(before))
                    .ifPresent(use -> RunTables.TOKENS.delete(batch, key.text()));
        }
        database.write(batch, Database.Durability.BUFFERED);
        return old.size();
    }
}

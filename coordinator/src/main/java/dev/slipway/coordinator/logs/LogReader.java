package dev.slipway.coordinator.logs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;

/// Reads lines back, a page at a time, in plan order or in the order of arrival. Blocks on the
/// disk; safe for many threads.
public final class LogReader {
    private static final int CHUNKS_AT_ONCE = 64;

    private final LogSource store;

    public LogReader(LogSource store) {
        this.store = store;
    }

    /// @param lines what was read
    /// @param next where to go on
    /// @param more whether a next page would have had lines at the time of reading
    public record Page(List<Line> lines, LogCursor next, boolean more) {}

    /// One line of one step.
    public record Line(StepKey step, LogLine line) {}

    /// What a reader wants: steps and lines.
    public record Filter(Predicate<StepKey> steps, Predicate<LogLine> lines) {
        public static final Filter ALL = new Filter(step -> true, line -> true);
    }

    /// The next lines of these attempts, in this order, steps by number.
    ///
    /// @param maxBytes of text; at least one line is read all the same
    public Page planned(
            List<AttemptId> order, Filter filter, LogCursor.Planned from, int maxBytes) {
        var page = new PageBuilder(filter, maxBytes);
        LogCursor.Planned cursor = from;
        for (AttemptId attempt : order.subList(place(order, from), order.size())) {
            for (StepKey step : stepsOf(attempt, filter)) {
                boolean resumed = step.equals(from.step());
                if (step.attempt().equals(from.step().attempt())
                        && step.compareTo(from.step()) < 0) {
                    continue;
                }
                cursor = new LogCursor.Planned(step, resumed ? from.index() : 0, 0);
                int line = resumed ? from.line() : 0;
                cursor = readStep(page, cursor, line);
                if (page.full()) {
                    return new Page(page.lines, cursor, true);
                }
            }
        }
        return new Page(page.lines, cursor, false);
    }

    /// Where to go on: at the cursor's attempt, or at the one that has followed on it meanwhile.
    private static int place(List<AttemptId> order, LogCursor.Planned from) {
        AttemptId attempt = from.step().attempt();
        int exact = order.indexOf(attempt);
        if (exact >= 0) {
            return exact;
        }
        int sameJob = order.stream().map(AttemptId::job).toList().indexOf(attempt.job());
        return Math.max(0, sameJob);
    }

    private List<StepKey> stepsOf(AttemptId attempt, Filter filter) {
        SortedMap<StepKey, StepLog> steps = store.steps(attempt.run());
        return steps.keySet().stream()
                .filter(step -> step.attempt().equals(attempt))
                .filter(filter.steps())
                .toList();
    }

    private LogCursor.Planned readStep(PageBuilder page, LogCursor.Planned from, int skip) {
        StepKey step = from.step();
        long index = from.index();
        int line = skip;
        List<ChunkRow> rows = store.chunks(step, index, CHUNKS_AT_ONCE);
        while (!rows.isEmpty()) {
            for (ChunkRow row : rows) {
                int read = page.add(row, decode(row), line);
                if (read >= 0) {
                    return new LogCursor.Planned(step, row.index(), read);
                }
                line = 0;
                index = row.index() + 1;
                if (page.full()) {
                    return new LogCursor.Planned(step, index, 0);
                }
            }
            rows = store.chunks(step, index, CHUNKS_AT_ONCE);
        }
        return new LogCursor.Planned(step, index, line);
    }

    /// The next lines of a run in the order in which they came.
    ///
    /// @param maxBytes of text; at least one line is read all the same
    public Page arrived(long run, Filter filter, LogCursor.Arrived from, int maxBytes) {
        var page = new PageBuilder(filter, maxBytes);
        long sequence = from.sequence();
        int line = from.line();
        List<ChunkRow> rows = store.arrivals(run, sequence, CHUNKS_AT_ONCE);
        while (!rows.isEmpty()) {
            for (ChunkRow row : rows) {
                if (filter.steps().test(row.step())) {
                    int read = page.add(row, decode(row), line);
                    if (read >= 0) {
                        return new Page(page.lines, new LogCursor.Arrived(sequence, read), true);
                    }
                }
                line = 0;
                sequence = row.sequence();
                if (page.full()) {
                    return new Page(page.lines, new LogCursor.Arrived(sequence, 0), true);
                }
            }
            rows = store.arrivals(run, sequence, CHUNKS_AT_ONCE);
        }
        return new Page(page.lines, new LogCursor.Arrived(sequence, line), false);
    }

    private List<LogLine> decode(ChunkRow row) {
        try {
            byte[] data = store.read(row);
            if (data == null || data.length == 0) {
                return List.of();
            }
            return LogLines.decode(Zstd.decompress(data, row.plainSize()));
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The log of step %s cannot be read (%s).".formatted(row.step(), problem),
                    problem);
        } catch (ZstdException | IllegalArgumentException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "Chunk %d of the log of step %s is not what an agent may send (%s)."
                            .formatted(row.index(), row.step(), problem.getMessage()),
                    problem);
        }
    }

    /// A page that fills up.
    private static final class PageBuilder {
        final List<Line> lines = new ArrayList<>();
        private final Filter filter;
        private int room;

        PageBuilder(Filter filter, int maxBytes) {
            this.filter = filter;
            this.room = maxBytes;
        }

        boolean full() {
            return room <= 0;
        }

        /// Takes a chunk's lines from one on.
        ///
        /// @return how many lines of the chunk have been read when it did not fit, else -1
        int add(ChunkRow row, List<LogLine> chunk, int from) {
            for (int i = from; i < chunk.size(); i++) {
                if (full()) {
                    return i;
                }
                LogLine line = chunk.get(i);
                if (filter.lines().test(line)) {
                    lines.add(new Line(row.step(), line));
                    room -= line.text().length + 24;
                }
            }
            return -1;
        }
    }
}

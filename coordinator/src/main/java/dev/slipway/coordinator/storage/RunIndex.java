package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.RunState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/// Finds runs by what people filter for, newest first, without looking at others: one sorted list
/// of run numbers per project, workflow, branch, status and conclusion, intersected by leaping from
/// one list's candidate to the next list's.
///
/// Run numbers rise with the time of submission (the engine's time never goes back), so a range of
/// times is a range of numbers.
final class RunIndex {
    private static final String LISTS = "run_lists";
    private static final String TIMES = "run_times";
    private static final String ENDS = "run_ends";

    private static final int PROJECT = 1;
    private static final int WORKFLOW = 2;
    private static final int BRANCH = 3;
    private static final int STATUS = 4;
    private static final int CONCLUSION = 5;
    private static final int ALL = 6;

    private RunIndex() {}

    /// Brings the lists up to date with a changed run.
    static void change(Batch batch, Optional<RunState> before, RunState after) {
        var old = before.map(RunIndex::listsOf).orElseGet(List::of);
        var now = listsOf(after);
        for (ListKey list : old) {
            if (!now.contains(list)) {
                batch.delete(LISTS, list.entry(after.number()));
            }
        }
        for (ListKey list : now) {
            if (!old.contains(list)) {
                batch.put(LISTS, list.entry(after.number()), RunTables.NOTHING);
            }
        }
        if (before.isEmpty()) {
            batch.put(TIMES, timeKey(after.queuedAt(), after.number()), RunTables.NOTHING);
        }
        before.map(RunState::finishedAt)
                .ifPresent(end -> batch.delete(ENDS, timeKey(end, after.number())));
        if (after.finishedAt() != null) {
            batch.put(ENDS, timeKey(after.finishedAt(), after.number()), RunTables.NOTHING);
        }
    }

    static void remove(Batch batch, RunState run) {
        listsOf(run).forEach(list -> batch.delete(LISTS, list.entry(run.number())));
        batch.delete(TIMES, timeKey(run.queuedAt(), run.number()));
        if (run.finishedAt() != null) {
            batch.delete(ENDS, timeKey(run.finishedAt(), run.number()));
        }
    }

    /// Numbers of the runs that pass the filter, newest first.
    ///
    /// @param below only numbers below this one
    /// @param visitor says whether to go on
    static void find(Reads reads, RunFilter filter, long below, LongPredicate visitor) {
        long top = below - 1;
        if (filter.queuedBefore().isPresent()) {
            top = Math.min(top, firstFrom(reads, filter.queuedBefore().get()) - 1);
        }
        long bottom = filter.queuedAfter().map(after -> firstFrom(reads, after)).orElse(1L);
        var cursors = new ArrayList<ListCursor>();
        try {
            for (ListKey list : wanted(filter)) {
                cursors.add(new ListCursor(list, reads.cursor(LISTS)));
            }
            leap(cursors, top, bottom, visitor);
        } finally {
            cursors.forEach(ListCursor::close);
        }
    }

    /// Numbers of finished runs by the time of their end, oldest first.
    ///
    /// @param from of an end, inclusive
    /// @param before of an end, exclusive
    static void ended(Reads reads, Instant from, Instant before, LongPredicate visitor) {
        try (Reads.Cursor cursor = reads.cursor(ENDS)) {
            cursor.seek(timeKey(from, 0));
            while (cursor.valid()) {
                var key = new KeyReader(cursor.key());
                if (key.number() >= before.toEpochMilli() || !visitor.test(key.number())) {
                    return;
                }
                cursor.next();
            }
        }
    }

    private static void leap(
            List<ListCursor> cursors, long top, long bottom, LongPredicate visitor) {
        long candidate = top;
        while (candidate >= bottom) {
            long agreed = candidate;
            for (ListCursor cursor : cursors) {
                agreed = cursor.atOrBelow(agreed);
                if (agreed < bottom) {
                    return;
                }
            }
            if (agreed < candidate) {
                candidate = agreed;
            } else if (visitor.test(candidate)) {
                candidate--;
            } else {
                return;
            }
        }
    }

    /// The lowest number of a run submitted at that time or later; beyond all if there is none.
    private static long firstFrom(Reads reads, Instant time) {
        long millis = Math.max(0, time.toEpochMilli());
        try (Reads.Cursor cursor = reads.cursor(TIMES)) {
            cursor.seek(new KeyWriter().number(millis).toKey());
            if (!cursor.valid()) {
                return Long.MAX_VALUE;
            }
            var key = new KeyReader(cursor.key());
            key.number();
            return key.number();
        }
    }

    private static List<ListKey> wanted(RunFilter filter) {
        var lists = new ArrayList<ListKey>();
        add(lists, PROJECT, filter.project());
        add(lists, WORKFLOW, filter.workflow());
        add(lists, BRANCH, filter.branch());
        filter.status().ifPresent(status -> lists.add(new ListKey(STATUS, status.name())));
        filter.conclusion()
                .ifPresent(conclusion -> lists.add(new ListKey(CONCLUSION, conclusion.name())));
        if (lists.isEmpty()) {
            lists.add(new ListKey(ALL, ""));
        }
        return lists;
    }

    private static List<ListKey> listsOf(RunState run) {
        var lists = new ArrayList<ListKey>();
        lists.add(new ListKey(ALL, ""));
        add(lists, PROJECT, run.head().project());
        for (String workflow :
                new TreeSet<>(List.of(run.head().workflowName(), run.head().workflowPath()))) {
            add(lists, WORKFLOW, workflow);
        }
        add(lists, BRANCH, run.head().branch());
        lists.add(new ListKey(STATUS, run.status().name()));
        if (run.conclusion() != null) {
            lists.add(new ListKey(CONCLUSION, run.conclusion().name()));
        }
        return lists;
    }

    private static void add(List<ListKey> lists, int kind, String value) {
        if (!value.isEmpty()) {
            lists.add(new ListKey(kind, value));
        }
    }

    private static byte[] timeKey(Instant time, long number) {
        return new KeyWriter().number(Math.max(0, time.toEpochMilli())).number(number).toKey();
    }

    private record ListKey(int kind, String value) {
        byte[] prefix() {
            return new KeyWriter().small(kind).text(value).toKey();
        }

        byte[] entry(long run) {
            return new KeyWriter().small(kind).text(value).descending(run).toKey();
        }
    }

    private static final class ListCursor {
        private final ListKey list;
        private final byte[] prefix;
        private final Reads.Cursor cursor;

        ListCursor(ListKey list, Reads.Cursor cursor) {
            this.list = list;
            this.prefix = list.prefix();
            this.cursor = cursor;
        }

        /// The highest number in the list that is not above `number`; 0 if there is none.
        long atOrBelow(long number) {
            cursor.seek(list.entry(number));
            if (!cursor.valid()) {
                return 0;
            }
            byte[] key = cursor.key();
            boolean inList =
                    key.length > prefix.length
                            && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
            if (!inList) {
                return 0;
            }
            return new KeyReader(Arrays.copyOfRange(key, prefix.length, key.length)).descending();
        }

        void close() {
            cursor.close();
        }
    }
}

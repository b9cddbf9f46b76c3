package dev.slipway.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What clients asked of a farm and what they heard, with times: the input of {@link
/// Linearizability}. Safe for many threads.
final class History {
    /// An answer never came: the call may take effect at any later time, or never.
    static final long NEVER = Long.MAX_VALUE;

    private final List<Call> calls = new ArrayList<>();

    /// One call about one run.
    ///
    /// @param key the run, by the client's own name for it
    /// @param asked nanoseconds, of one clock for all calls
    /// @param answered the same; {@link #NEVER} when no answer came
    record Call(String key, Ask ask, Answer answer, long asked, long answered) {}

    /// What was asked.
    enum Ask {
        SUBMIT,
        SHOW,
        CANCEL
    }

    /// What was heard.
    sealed interface Answer {
        /// Nothing: the client gave up.
        record Unknown() implements Answer {}

        /// The run's number, from SUBMIT.
        record Number(long run) implements Answer {}

        /// `queued`, `running` or `finished`, from SHOW; the conclusion is empty until then.
        record Seen(String status, String conclusion) implements Answer {}

        /// From CANCEL: it was accepted, or had been before.
        record Accepted() implements Answer {}

        /// From CANCEL: the run had finished.
        record TooLate() implements Answer {}
    }

    synchronized void add(Call call) {
        calls.add(call);
    }

    synchronized int size() {
        return calls.size();
    }

    /// The calls of each run, in the order in which they were asked.
    synchronized SortedMap<String, List<Call>> byRun() {
        var byRun = new TreeMap<String, List<Call>>();
        for (Call call : calls) {
            byRun.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
        }
        for (Map.Entry<String, List<Call>> run : byRun.entrySet()) {
            run.getValue().sort((a, b) -> Long.compare(a.asked(), b.asked()));
        }
        return byRun;
    }
}

package dev.slipway.e2e;

import dev.slipway.e2e.History.Answer;
import dev.slipway.e2e.History.Call;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether the calls about one run can be put into one order that fits their times and what each
/// heard (Wing and Gong's search, with the visited states remembered).
///
/// A run moves on by itself between calls, never back:
///
/// ```
/// absent ─submit─▶ queued ──▶ running ──▶ finished(conclusion)
///                    └────────────────────────▲   cancelled only after a cancel
/// ```
final class Linearizability {
    private final List<Call> calls;
    private final Set<Visited> visited = new HashSet<>();

    /// @param number 0: not submitted
    private record State(long number, String status, String conclusion, boolean cancelAsked) {
        static final State ABSENT = new State(0, "", "", false);

        boolean finished() {
            return status.equals("finished");
        }
    }

    private record Visited(BitSet done, State state) {}

    private Linearizability(List<Call> calls) {
        this.calls = calls;
    }

    /// @param calls about one run, in the order in which they were asked
    static boolean holds(List<Call> calls) {
        return new Linearizability(calls).search(new BitSet(calls.size()), State.ABSENT);
    }

    private boolean search(BitSet done, State state) {
        if (onlyUnansweredLeft(done)) {
            return true;
        }
        if (!visited.add(new Visited((BitSet) done.clone(), state))) {
            return false;
        }
        long firstAnswer = firstAnswer(done);
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            Call call = calls.get(i);
            if (call.asked() > firstAnswer) {
                break;
            }
            State after = after(state, call);
            if (after != null) {
                done.set(i);
                if (search(done, after)) {
                    return true;
                }
                done.clear(i);
            }
        }
        return false;
    }

    private boolean onlyUnansweredLeft(BitSet done) {
        return firstAnswer(done) == History.NEVER;
    }

    private long firstAnswer(BitSet done) {
        long first = History.NEVER;
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            first = Math.min(first, calls.get(i).answered());
        }
        return first;
    }

    /// The state after a call, or null when what it heard cannot be heard now.
    private static State after(State state, Call call) {
        return switch (call.answer()) {
            case Answer.Unknown unknown -> afterUnknown(state, call);
            case Answer.Number number -> submitted(state, number.run());
            case Answer.Seen seen -> seen(state, seen);
            case Answer.Accepted accepted -> cancelled(state);
            case Answer.TooLate tooLate ->
                    state.number() == 0 ? null : finished(state, state.conclusion());
        };
    }

    private static State afterUnknown(State state, Call call) {
        return switch (call.ask()) {
            case SHOW -> state;
            case SUBMIT -> state.number() == 0 ? new State(-1, "queued", "", false) : state;
            case CANCEL -> state.number() == 0 || state.finished() ? state : cancelled(state);
        };
    }

    /// The number of a submit that was never answered (-1) becomes known by the next one.
    private static State submitted(State state, long run) {
        if (state.number() == 0) {
            return new State(run, "queued", "", false);
        }
        boolean same = state.number() == run || state.number() == -1;
        return same
                ? new State(run, state.status(), state.conclusion(), state.cancelAsked())
                : null;
    }

    private static State seen(State state, Answer.Seen seen) {
        if (state.number() == 0) {
            return null;
        }
        boolean forward =
                switch (seen.status()) {
                    case "queued" -> state.status().equals("queued");
                    case "running" -> !state.finished();
                    case "finished" ->
                            !state.finished()
                                    || state.conclusion().isEmpty()
                                    || state.conclusion().equals(seen.conclusion());
                    default -> false;
                };
        boolean explained = !seen.conclusion().equals("cancelled") || state.cancelAsked();
        return forward && explained
                ? new State(state.number(), seen.status(), seen.conclusion(), state.cancelAsked())
                : null;
    }

    /// The first cancel of a finished run would have been refused.
    private static State cancelled(State state) {
        return state.number() == 0 || state.finished() && !state.cancelAsked()
                ? null
                : new State(state.number(), state.status(), state.conclusion(), true);
    }

    private static State finished(State state, String conclusion) {
        return new State(state.number(), "finished", conclusion, state.cancelAsked());
    }
}

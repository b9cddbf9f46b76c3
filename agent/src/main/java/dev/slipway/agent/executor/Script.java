package dev.slipway.agent.executor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a scripted process does, in order. One that comes to the end of its script exits with 0.
///
/// @param startsAfter how long its supervisor takes to claim the start
/// @param ignoresInterrupt whether SIGINT does nothing to it
/// @param ignoresTerminate whether SIGTERM does nothing to it
public record Script(
        List<Act> acts, Duration startsAfter, boolean ignoresInterrupt, boolean ignoresTerminate) {

    public Script {
        acts = List.copyOf(acts);
    }

    /// One thing that a process does.
    public sealed interface Act {
        record Print(String text) implements Act {}

        record Work(Duration time) implements Act {}

        record End(int code) implements Act {}

        /// Works for ever, or until it is killed.
        record Hang() implements Act {}

        /// The machine's memory is used up and the kernel kills the process.
        record RunOutOfMemory() implements Act {}

        /// The supervisor dies, and with it the knowledge of the result.
        record LoseSupervisor() implements Act {}

        /// From here on nothing that it prints is recorded: the disk is full.
        record LoseOutput(String reason) implements Act {}
    }

    public static Script of(Act... acts) {
        return new Script(List.of(acts), Duration.ZERO, false, false);
    }

    /// Prints `lines` numbered lines, `line 0` first, one each `interval`, and exits with `code`.
    public static Script counting(int lines, Duration interval, int code) {
        List<Act> acts = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            acts.add(new Act.Print("line " + line + "\n"));
            acts.add(new Act.Work(interval));
        }
        acts.add(new Act.End(code));
        return new Script(acts, Duration.ZERO, false, false);
    }

    public Script startingAfter(Duration delay) {
        return new Script(acts, delay, ignoresInterrupt, ignoresTerminate);
    }

    /// The same, but only SIGKILL ends it.
    public Script ignoringSignals() {
        return new Script(acts, startsAfter, true, true);
    }
}

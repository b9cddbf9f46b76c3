package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunState;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/// How a run ends whose jobs have all ended: cancelled if that was asked for and something did not
/// succeed; else failed if a job failed, cancelled if one was, skipped if all were.
final class RunEnd {
    private RunEnd() {}

    static Event of(RunState run, Collection<JobState> jobs, Turn turn) {
        Conclusion conclusion = conclusion(run, jobs);
        String message =
                conclusion == Conclusion.CANCELLED && run.cancel() != null
                        ? run.cancel().reason()
                        : "";
        return new Event.RunFinished(run.number(), conclusion, message, turn.now());
    }

    private static Conclusion conclusion(RunState run, Collection<JobState> jobs) {
        Set<Conclusion> ends = EnumSet.noneOf(Conclusion.class);
        for (JobState job : jobs) {
            Conclusion end = job.forgivenConclusion();
            if (end == null) {
                throw new IllegalStateException("finished job %s has no end".formatted(job.id()));
            }
            ends.add(end);
        }
        if (run.cancelRequested() && !ends.equals(EnumSet.of(Conclusion.SUCCESS))) {
            return Conclusion.CANCELLED;
        }
        if (ends.contains(Conclusion.FAILURE) || ends.contains(Conclusion.TIMED_OUT)) {
            return Conclusion.FAILURE;
        }
        if (ends.contains(Conclusion.CANCELLED)) {
            return Conclusion.CANCELLED;
        }
        return ends.contains(Conclusion.SUCCESS) ? Conclusion.SUCCESS : Conclusion.SKIPPED;
    }
}

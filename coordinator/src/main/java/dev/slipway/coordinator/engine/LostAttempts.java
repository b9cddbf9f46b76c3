package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;

import java.util.List;
import java.util.Optional;

/// Attempts whose lease has ended stay open for their late result until the job is leased again or
/// ends: here they are closed.
final class LostAttempts {
    private LostAttempts() {}

    /// The end of a job's lost attempt, if it has one that is open.
    static List<Event> end(FarmView view, JobState job, Turn turn) {
        if (job.attempts() == 0) {
            return List.of();
        }
        Optional<AttemptState> open =
                view.attempt(job.latestAttempt())
                        .filter(attempt -> attempt.lost() && !attempt.finished());
        return open.<List<Event>>map(attempt -> List.of(end(attempt, turn))).orElseGet(List::of);
    }

    static Event.AttemptFinished end(AttemptState attempt, Turn turn) {
        String detail =
                "agent '%s' was not heard until its lease ended"
                        .formatted(attempt.lease().agentName());
        return new Event.AttemptFinished(
                attempt.id(),
                new AttemptEnd(Conclusion.FAILURE, Cause.AGENT_LOST, detail, turn.now(), detail, 0),
                turn.now());
    }
}

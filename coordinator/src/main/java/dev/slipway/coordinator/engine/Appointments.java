package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.deployments.Protection;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Recovery;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.id.JobId;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When jobs that wait for time to pass look again: at the end of their environment's wait timer,
/// at their next try to recover, at the end of the patience with that.
final class Appointments {
    private final FarmView farm;
    private final WakeUps<JobId> waits;

    Appointments(FarmView farm, WakeUps<JobId> waits) {
        this.farm = farm;
        this.waits = waits;
    }

    /// A job has changed, or what it waits for has.
    void arrange(JobState job, Turn turn) {
        Optional<Duration> left =
                job.recovering() && !job.status().onAgent()
                        ? recovery(job, turn)
                        : job.hold() == Hold.ENVIRONMENT && !job.finished()
                                ? gate(job, turn)
                                : Optional.empty();
        left.ifPresent(span -> set(job.id(), span));
    }

    void cancel(JobId job) {
        waits.cancel(job);
    }

    private static Optional<Duration> recovery(JobState job, Turn turn) {
        return Optional.ofNullable(job.recovery())
                .map(known -> Duration.between(turn.now(), next(known, turn.now())));
    }

    private static Instant next(Recovery recovery, Instant now) {
        return now.isBefore(recovery.notBefore()) ? recovery.notBefore() : recovery.deadline();
    }

    private Optional<Duration> gate(JobState job, Turn turn) {
        RunState run = farm.run(job.id().run()).orElseThrow();
        return farm.deployments()
                .environment(Protection.environment(run, job))
                .map(EnvironmentState::rules)
                .map(rules -> Protection.left(rules, job, turn.now()));
    }

    /// @param left zero or less: nothing to wait for
    private void set(JobId job, Duration left) {
        if (left.isPositive()) {
            // Just after it, so that it is over then.
            waits.set(job, left.plusMillis(1));
        } else {
            waits.cancel(job);
        }
    }
}

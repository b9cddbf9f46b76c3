package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Deployments that an attempt has left in flight are finished by further attempts of its job,
/// which do nothing else (ADR 56): whoever ended it, the target must come to a version that is
/// healthy.
public final class Recoveries {
    /// How long each attempt for a job waits. What five of them cannot do needs a person.
    private static final List<Duration> DELAYS =
            List.of(
                    Duration.ZERO,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(270));

    /// How long a recovery waits for its turn, its agent above all.
    static final Duration PATIENCE = Duration.ofHours(1);

    private Recoveries() {}

    /// Deployments of a job that another attempt can finish.
    public static List<Deployment> inFlight(FarmView view, JobState job) {
        return Numbering.ofJob(view.deployments(), job).stream()
                .filter(Deployment::inFlight)
                .toList();
    }

    /// What follows for a job from the end of its attempt: nothing when all of its deployments have
    /// ended, none has touched its target, or it was tried often enough. Who cancels a recovery, or
    /// forces a job to end, wants nothing more of it.
    ///
    /// @param end of the attempt
    /// @param otherwise how the job would end
    public static Optional<Event> after(
            FarmView view, JobState job, AttemptEnd end, Event.JobFinished otherwise, Instant now) {
        List<Deployment> left = inFlight(view, job);
        Recovery before = job.recovery();
        int tries = before == null ? 1 : before.tries() + 1;
        boolean unwanted = job.cancel() != null && (before != null || job.cancel().force());
        if (left.isEmpty() || unwanted || tries > DELAYS.size()) {
            return Optional.empty();
        }
        Instant deadline = before == null ? now.plus(PATIENCE) : before.deadline();
        Instant notBefore = now.plus(DELAYS.get(tries - 1));
        if (!notBefore.isBefore(deadline)) {
            return Optional.empty();
        }
        Recovery next =
                before != null
                        ? before.again(notBefore)
                        : new Recovery(
                                tries,
                                agent(view, left),
                                notBefore,
                                deadline,
                                why(end),
                                otherwise.conclusion(),
                                otherwise.outputs(),
                                otherwise.environmentUrl());
        return Optional.of(new Event.JobRecovering(job.id(), next, now));
    }

    /// The end of a job whose deployments have been recovered, or will not be.
    public static Event.JobFinished end(FarmView view, JobState job, Instant now) {
        Recovery recovery = Objects.requireNonNull(job.recovery());
        boolean done = inFlight(view, job).isEmpty();
        String message =
                "Its deployment was left in flight (%s)%s."
                        .formatted(
                                recovery.why(),
                                done
                                        ? " and finished by a recovery"
                                        : "; a recovery could not finish it");
        return new Event.JobFinished(
                job.id(),
                recovery.conclusion(),
                message,
                recovery.outputs(),
                recovery.environmentUrl(),
                now);
    }

    private static String why(AttemptEnd end) {
        return end.detail().isEmpty() ? "the attempt ended" : end.detail();
    }

    /// Services of a machine and its containers are within reach of its agent only; of a cluster
    /// there are many ways in.
    private static String agent(FarmView view, List<Deployment> left) {
        return left.stream()
                .filter(deployment -> !deployment.target().kind().equals("kubernetes"))
                .findFirst()
                .flatMap(deployment -> view.attempt(deployment.origin().attempt()))
                .map(AttemptState::lease)
                .map(lease -> lease.agentName())
                .orElse("");
    }
}

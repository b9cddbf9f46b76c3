package dev.slipway.coordinator.sessions;

import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Lease;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Who may act for which unfinished attempt, by the events that are durable: asked for every log
/// chunk and storage call without troubling the engine. Written by the engine's thread, read by
/// all.
public final class Grants {
    private final ConcurrentSkipListMap<AttemptId, Grant> grants = new ConcurrentSkipListMap<>();

    /// @param agentId who holds the lease
    /// @param agentName what people call it
    /// @param epoch of the lease
    public record Grant(String agentId, String agentName, long epoch) {
        static Grant of(Lease lease) {
            return new Grant(lease.agentId(), lease.agentName(), lease.epoch());
        }
    }

    /// Takes over what is true now; called on the engine's thread.
    void restore(FarmView farm) {
        for (String agent : farm.agentsWithAttempts()) {
            for (AttemptId attempt : farm.attemptsOf(agent)) {
                farm.attempt(attempt)
                        .map(AttemptState::lease)
                        .ifPresent(lease -> grants.put(attempt, Grant.of(lease)));
            }
        }
    }

    void leased(AttemptId attempt, Lease lease) {
        grants.put(attempt, Grant.of(lease));
    }

    /// @return who held it
    Optional<Grant> finished(AttemptId attempt) {
        return Optional.ofNullable(grants.remove(attempt));
    }

    /// The holder of an unfinished attempt.
    public Optional<Grant> of(AttemptId attempt) {
        return Optional.ofNullable(grants.get(attempt));
    }

    /// The holders of a job's unfinished attempts.
    List<Grant> ofJob(JobId job) {
        return new ArrayList<>(
                grants.subMap(job.attempt(1), true, job.attempt(Integer.MAX_VALUE), true).values());
    }

    /// The holders of a run's unfinished attempts.
    List<Grant> ofRun(long run) {
        AttemptId first = new JobId(run, 1).attempt(1);
        AttemptId last = new JobId(run, Integer.MAX_VALUE).attempt(Integer.MAX_VALUE);
        return new ArrayList<>(grants.subMap(first, true, last, true).values());
    }

    /// The attempt that a token gives the right to act for.
    ///
    /// @throws SlipwayException when it gives that right no longer, or never did
    public AttemptId require(String farmId, dev.slipway.agent.v1.Token token) {
        AttemptId attempt = attempt(token);
        Grant grant = grants.get(attempt);
        if (!farmId.equals(token.getFarmId())
                || grant == null
                || grant.epoch() != token.getEpoch()) {
            throw new SlipwayException(
                    ErrorCode.STALE_ATTEMPT,
                    "Attempt %s has ended or belongs to another agent or farm.".formatted(attempt));
        }
        return attempt;
    }

    /// The attempt that a token names.
    ///
    /// @throws SlipwayException when it names none
    static AttemptId attempt(dev.slipway.agent.v1.Token token) {
        try {
            return AttemptId.parse(token.getAttempt());
        } catch (IllegalArgumentException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'%s' is no attempt: RUN/JOB/ATTEMPT.".formatted(token.getAttempt()),
                    wrong);
        }
    }
}

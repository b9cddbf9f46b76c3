package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A job as it is now. Immutable; {@link #edit} makes the next one. See {@link Status} for how it
/// moves.
///
/// @param id run and ordinal
/// @param node where it stands in the run's graph
/// @param plan what is known of it; only a name until it is planned
/// @param planned true once its needs are done and its plan is known
/// @param status where it is
/// @param hold what holds it back while BLOCKED
/// @param conclusion set when finished; before `continue-on-error`
/// @param createdAt when it came into being
/// @param queuedAt when it became ready for an agent (the latest time)
/// @param startedAt when its latest attempt started
/// @param finishedAt when it ended
/// @param outputs its `outputs`, once finished
/// @param environmentUrl as evaluated by the agent; else empty
/// @param message why it waits, was skipped or failed before it ran; else empty
/// @param cancel set from the moment its cancel was requested
/// @param seat its place in its concurrency group
/// @param attempts number of its latest attempt; 0 before the first
/// @param retries how often the farm tried again by itself in this run attempt
/// @param reason what its next attempt is for
/// @param avoid agents to avoid if others fit: those that failed it
/// @param runAttempt the run attempt that it ran (or will run) in
/// @param gate how far it has come through its environment's protection
/// @param recovery set from when an attempt left deployments in flight
/// @param changedAt journal position of the last change
public record JobState(
        JobId id,
        JobNode node,
        JobPlan plan,
        boolean planned,
        Status status,
        @Nullable Hold hold,
        @Nullable Conclusion conclusion,
        Instant createdAt,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        SortedMap<String, String> outputs,
        String environmentUrl,
        String message,
        @Nullable CancelRequest cancel,
        @Nullable Seat seat,
        int attempts,
        int retries,
        AttemptReason reason,
        List<String> avoid,
        int runAttempt,
        Gate gate,
        @Nullable Recovery recovery,
        long changedAt) {
    public JobState {
        avoid = List.copyOf(avoid);
    }

    /// A job that has just come into being.
    public static JobState waiting(
            JobId id, JobNode node, String name, Instant at, int runAttempt, long changedAt) {
        return new JobState(
                id,
                node,
                JobPlan.unplanned(name),
                false,
                Status.WAITING,
                null,
                null,
                at,
                null,
                null,
                null,
                new TreeMap<>(),
                "",
                "",
                null,
                null,
                0,
                0,
                AttemptReason.FIRST,
                List.of(),
                runAttempt,
                Gate.NONE,
                null,
                changedAt);
    }

    public boolean finished() {
        return status == Status.FINISHED;
    }

    public boolean cancelRequested() {
        return cancel != null;
    }

    /// Whether all that is left to do is finishing its deployments.
    public boolean recovering() {
        return recovery != null && !finished();
    }

    public boolean isCall() {
        return node.kind() == JobNode.Kind.CALL;
    }

    /// False for a call whose called jobs stand for it: people see those instead.
    public boolean shown() {
        return !isCall() || startedAt == null;
    }

    /// What others see: a failure that `continue-on-error` forgives counts as success.
    public @Nullable Conclusion forgivenConclusion() {
        boolean forgiven =
                plan.continueOnError()
                        && (conclusion == Conclusion.FAILURE || conclusion == Conclusion.TIMED_OUT);
        return forgiven ? Conclusion.SUCCESS : conclusion;
    }

    /// The latest attempt.
    ///
    /// @throws IllegalArgumentException before the first
    public AttemptId latestAttempt() {
        return id.attempt(attempts);
    }

    public JobEdit edit() {
        return new JobEdit(this);
    }
}

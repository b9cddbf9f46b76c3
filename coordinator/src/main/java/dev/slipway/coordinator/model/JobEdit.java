package dev.slipway.coordinator.model;

import dev.slipway.id.JobId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/// Collects changes to a job.
public final class JobEdit {
    private final JobId id;
    private JobNode node;
    private JobPlan plan;
    private boolean planned;
    private Status status;
    private @Nullable Hold hold;
    private @Nullable Conclusion conclusion;
    private final Instant createdAt;
    private @Nullable Instant queuedAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private SortedMap<String, String> outputs;
    private String environmentUrl;
    private String message;
    private @Nullable CancelRequest cancel;
    private @Nullable Seat seat;
    private int attempts;
    private int retries;
    private AttemptReason reason;
    private List<String> avoid;
    private int runAttempt;
    private Gate gate;
    private @Nullable Recovery recovery;

    JobEdit(JobState from) {
        id = from.id();
        node = from.node();
        plan = from.plan();
        planned = from.planned();
        status = from.status();
        hold = from.hold();
        conclusion = from.conclusion();
        createdAt = from.createdAt();
        queuedAt = from.queuedAt();
        startedAt = from.startedAt();
        finishedAt = from.finishedAt();
        outputs = from.outputs();
        environmentUrl = from.environmentUrl();
        message = from.message();
        cancel = from.cancel();
        seat = from.seat();
        attempts = from.attempts();
        retries = from.retries();
        reason = from.reason();
        avoid = from.avoid();
        runAttempt = from.runAttempt();
        gate = from.gate();
        recovery = from.recovery();
    }

    public JobEdit node(JobNode value) {
        node = value;
        return this;
    }

    /// Sets the plan; from now on the job counts as planned.
    public JobEdit plan(JobPlan value) {
        plan = value;
        planned = true;
        return this;
    }

    /// Forgets the plan but for the name.
    public JobEdit unplanned() {
        plan = JobPlan.unplanned(plan.name());
        planned = false;
        return this;
    }

    /// Sets the status; whatever held the job back does so no longer.
    public JobEdit status(Status value) {
        status = value;
        hold = null;
        return this;
    }

    public JobEdit blocked(Hold by) {
        status = Status.BLOCKED;
        hold = by;
        return this;
    }

    public JobEdit conclusion(@Nullable Conclusion value) {
        conclusion = value;
        return this;
    }

    public JobEdit queuedAt(@Nullable Instant value) {
        queuedAt = value;
        return this;
    }

    public JobEdit startedAt(@Nullable Instant value) {
        startedAt = value;
        return this;
    }

    public JobEdit finishedAt(@Nullable Instant value) {
        finishedAt = value;
        return this;
    }

    public JobEdit outputs(SortedMap<String, String> value) {
        outputs = Collections.unmodifiableSortedMap(value);
        return this;
    }

    public JobEdit environmentUrl(String value) {
        environmentUrl = value;
        return this;
    }

    public JobEdit message(String value) {
        message = value;
        return this;
    }

    public JobEdit cancel(@Nullable CancelRequest value) {
        cancel = value;
        return this;
    }

    public JobEdit seat(@Nullable Seat value) {
        seat = value;
        return this;
    }

    public JobEdit attempts(int value) {
        attempts = value;
        return this;
    }

    public JobEdit retries(int value) {
        retries = value;
        return this;
    }

    public JobEdit reason(AttemptReason value) {
        reason = value;
        return this;
    }

    public JobEdit avoid(List<String> value) {
        avoid = value;
        return this;
    }

    public JobEdit runAttempt(int value) {
        runAttempt = value;
        return this;
    }

    public JobEdit gate(Gate value) {
        gate = value;
        return this;
    }

    public JobEdit recovery(@Nullable Recovery value) {
        recovery = value;
        return this;
    }

    /// @param changedAt the journal position of this change
    public JobState at(long changedAt) {
        return new JobState(
                id,
                node,
                plan,
                planned,
                status,
                hold,
                conclusion,
                createdAt,
                queuedAt,
                startedAt,
                finishedAt,
                outputs,
                environmentUrl,
                message,
                cancel,
                seat,
                attempts,
                retries,
                reason,
                avoid,
                runAttempt,
                gate,
                recovery,
                changedAt);
    }
}

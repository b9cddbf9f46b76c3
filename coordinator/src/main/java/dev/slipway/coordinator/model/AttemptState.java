package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One attempt at a job as it is now. Immutable.
///
/// @param id run, job, number
/// @param runAttempt the run attempt that it belongs to
/// @param reason what it is for
/// @param lease who runs it
/// @param status LEASED, RUNNING or FINISHED
/// @param lost true from the end of its lease: its result is still taken until the job is leased
///   again; nothing else is
/// @param conclusion set when finished
/// @param cause set when finished
/// @param causeDetail the cause in words; else empty
/// @param startedAt when the agent began
/// @param finishedAt when it ended
/// @param cancelAcknowledgedAt when the agent said that it acts on the cancel
/// @param steps all steps that have started, by number
/// @param findings which annotations, summaries and tests are recorded
/// @param logIncomplete why the log has a hole or end that cannot be filled; empty when it is whole
/// @param outputPosition position of the output log that a finished attempt vouches for
/// @param changedAt journal position of the last change
public record AttemptState(
        AttemptId id,
        int runAttempt,
        AttemptReason reason,
        Lease lease,
        Status status,
        boolean lost,
        @Nullable Conclusion conclusion,
        @Nullable Cause cause,
        String causeDetail,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant cancelAcknowledgedAt,
        List<StepState> steps,
        Findings findings,
        String logIncomplete,
        long outputPosition,
        long changedAt) {
    public AttemptState {
        steps = List.copyOf(steps);
    }

    /// An attempt that an agent has just been given.
    public static AttemptState leased(
            AttemptId id, int runAttempt, AttemptReason reason, Lease lease, long changedAt) {
        return new AttemptState(
                id,
                runAttempt,
                reason,
                lease,
                Status.LEASED,
                false,
                null,
                null,
                "",
                null,
                null,
                null,
                List.of(),
                Findings.NONE,
                "",
                0,
                changedAt);
    }

    public boolean finished() {
        return status == Status.FINISHED;
    }

    /// True while the agent holds a lease for it.
    public boolean live() {
        return !finished() && !lost;
    }

    public Optional<StepState> step(int number) {
        return steps.stream().filter(step -> step.number() == number).findFirst();
    }

    AttemptState started(Instant at, long position) {
        return with(
                new Moving(Status.RUNNING, lost, at, cancelAcknowledgedAt, steps, findings),
                position);
    }

    AttemptState lost(long position) {
        return with(
                new Moving(status, true, startedAt, cancelAcknowledgedAt, steps, findings),
                position);
    }

    AttemptState cancelAcknowledged(Instant at, long position) {
        return with(new Moving(status, lost, startedAt, at, steps, findings), position);
    }

    AttemptState found(Findings now, long position) {
        return with(
                new Moving(status, lost, startedAt, cancelAcknowledgedAt, steps, now), position);
    }

    /// Adds a step, or replaces the one with its number.
    AttemptState withStep(StepState step, long position) {
        var next = new ArrayList<StepState>(steps.size() + 1);
        boolean placed = false;
        for (StepState other : steps) {
            if (!placed && other.number() >= step.number()) {
                next.add(step);
                placed = true;
            }
            if (other.number() != step.number()) {
                next.add(other);
            }
        }
        if (!placed) {
            next.add(step);
        }
        return with(
                new Moving(status, lost, startedAt, cancelAcknowledgedAt, next, findings),
                position);
    }

    AttemptState finished(AttemptEnd end, long position) {
        return new AttemptState(
                id,
                runAttempt,
                reason,
                lease,
                Status.FINISHED,
                lost,
                end.conclusion(),
                end.cause(),
                end.detail(),
                startedAt,
                end.at(),
                cancelAcknowledgedAt,
                steps,
                findings,
                end.logIncomplete(),
                end.outputPosition(),
                position);
    }

    /// What changes while an attempt lives.
    private record Moving(
            Status status,
            boolean lost,
            @Nullable Instant startedAt,
            @Nullable Instant cancelAcknowledgedAt,
            List<StepState> steps,
            Findings findings) {}

    private AttemptState with(Moving next, long position) {
        return new AttemptState(
                id,
                runAttempt,
                reason,
                lease,
                next.status(),
                next.lost(),
                conclusion,
                cause,
                causeDetail,
                next.startedAt(),
                finishedAt,
                next.cancelAcknowledgedAt(),
                next.steps(),
                next.findings(),
                logIncomplete,
                outputPosition,
                position);
    }
}

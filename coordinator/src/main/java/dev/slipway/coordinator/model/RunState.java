package dev.slipway.coordinator.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/// A run as it is now. Immutable; {@link #edit} makes the next one.
///
/// A rerun is a new *run attempt* of the same run: {@link #runAttempt} rises by one, the jobs that
/// run again get attempts of a higher number with the reason {@link AttemptReason#RERUN}, and the
/// results of all other jobs stay.
///
/// @param head what never changes
/// @param runAttempt `github.run_attempt`, from 1
/// @param status BLOCKED (waits for its concurrency group), QUEUED, RUNNING or FINISHED
/// @param conclusion set when finished
/// @param queuedAt when it was submitted
/// @param startedAt when its first job started (of the latest run attempt)
/// @param finishedAt when it ended
/// @param cancel set from the moment a cancel was accepted
/// @param message why it could not start or was ended by the farm; else empty
/// @param seat the run's place in its workflow's concurrency group
/// @param jobs how many jobs it has: the highest ordinal
/// @param changedAt journal position of the last change
public record RunState(
        RunHead head,
        int runAttempt,
        Status status,
        @Nullable Conclusion conclusion,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable CancelRequest cancel,
        String message,
        @Nullable Seat seat,
        int jobs,
        long changedAt) {
    public long number() {
        return head.number();
    }

    public boolean finished() {
        return status == Status.FINISHED;
    }

    public boolean cancelRequested() {
        return cancel != null;
    }

    public Optional<Seat> heldSeat() {
        return Optional.ofNullable(seat).filter(Seat::held);
    }

    public Edit edit() {
        return new Edit(this);
    }

    /// Collects changes to a run.
    public static final class Edit {
        private final RunHead head;
        private int runAttempt;
        private Status status;
        private @Nullable Conclusion conclusion;
        private final Instant queuedAt;
        private @Nullable Instant startedAt;
        private @Nullable Instant finishedAt;
        private @Nullable CancelRequest cancel;
        private String message;
        private @Nullable Seat seat;
        private int jobs;

        private Edit(RunState from) {
            head = from.head;
            runAttempt = from.runAttempt;
            status = from.status;
            conclusion = from.conclusion;
            queuedAt = from.queuedAt;
            startedAt = from.startedAt;
            finishedAt = from.finishedAt;
            cancel = from.cancel;
            message = from.message;
            seat = from.seat;
            jobs = from.jobs;
        }

        public Edit runAttempt(int value) {
            runAttempt = value;
            return this;
        }

        public Edit status(Status value) {
            status = value;
            return this;
        }

        public Edit conclusion(@Nullable Conclusion value) {
            conclusion = value;
            return this;
        }

        public Edit startedAt(@Nullable Instant value) {
            startedAt = value;
            return this;
        }

        public Edit finishedAt(@Nullable Instant value) {
            finishedAt = value;
            return this;
        }

        public Edit cancel(@Nullable CancelRequest value) {
            cancel = value;
            return this;
        }

        public Edit message(String value) {
            message = value;
            return this;
        }

        public Edit seat(@Nullable Seat value) {
            seat = value;
            return this;
        }

        public Edit jobs(int value) {
            jobs = value;
            return this;
        }

        /// @param changedAt the journal position of this change
        public RunState at(long changedAt) {
            return new RunState(
                    head,
                    runAttempt,
                    status,
                    conclusion,
                    queuedAt,
                    startedAt,
                    finishedAt,
                    cancel,
                    message,
                    seat,
                    jobs,
                    changedAt);
        }
    }
}

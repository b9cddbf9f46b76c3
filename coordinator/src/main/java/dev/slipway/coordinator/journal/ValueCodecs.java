package dev.slipway.coordinator.journal;

import com.google.protobuf.Timestamp;

import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Concurrency;
import dev.slipway.coordinator.model.Seat;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.journal.v1.Stored;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The small values that events and rows share, to and from their stored form.
final class ValueCodecs {
    private ValueCodecs() {}

    static Timestamp time(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    static Instant time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    /// The time of a field that may be missing.
    static @Nullable Instant time(boolean present, Timestamp time) {
        return present ? time(time) : null;
    }

    static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    static int conclusion(@Nullable Conclusion conclusion) {
        return conclusion == null ? 0 : conclusion.number();
    }

    static @Nullable Conclusion conclusion(int number) {
        return number == 0 ? null : Conclusion.of(number);
    }

    static Stored.JobRef job(JobId id) {
        return Stored.JobRef.newBuilder().setRun(id.run()).setJob(id.job()).build();
    }

    static JobId job(Stored.JobRef ref) {
        return new JobId(ref.getRun(), ref.getJob());
    }

    static Stored.AttemptRef attempt(AttemptId id) {
        return Stored.AttemptRef.newBuilder()
                .setRun(id.run())
                .setJob(id.job().job())
                .setAttempt(id.number())
                .build();
    }

    static AttemptId attempt(Stored.AttemptRef ref) {
        return new JobId(ref.getRun(), ref.getJob()).attempt(ref.getAttempt());
    }

    static Stored.Concurrency concurrency(Concurrency concurrency) {
        return Stored.Concurrency.newBuilder()
                .setGroup(concurrency.group())
                .setCancelInProgress(concurrency.cancelInProgress())
                .setQueueMax(concurrency.queueMax())
                .build();
    }

    static Concurrency concurrency(Stored.Concurrency stored) {
        return new Concurrency(
                stored.getGroup(), stored.getCancelInProgress(), stored.getQueueMax());
    }

    static Optional<Concurrency> concurrency(boolean present, Stored.Concurrency stored) {
        return present ? Optional.of(concurrency(stored)) : Optional.empty();
    }

    static Stored.Seat seat(Seat seat) {
        return Stored.Seat.newBuilder()
                .setConcurrency(concurrency(seat.concurrency()))
                .setHeld(seat.held())
                .setTicket(seat.ticket())
                .build();
    }

    static @Nullable Seat seat(boolean present, Stored.Seat stored) {
        return present
                ? new Seat(
                        concurrency(stored.getConcurrency()), stored.getHeld(), stored.getTicket())
                : null;
    }

    static Stored.CancelRequest cancel(CancelRequest cancel) {
        return Stored.CancelRequest.newBuilder()
                .setReason(cancel.reason())
                .setBy(cancel.by())
                .setAt(time(cancel.at()))
                .build();
    }

    static CancelRequest cancel(Stored.CancelRequest stored) {
        return new CancelRequest(stored.getReason(), stored.getBy(), time(stored.getAt()));
    }

    static @Nullable CancelRequest cancel(boolean present, Stored.CancelRequest stored) {
        return present ? cancel(stored) : null;
    }
}

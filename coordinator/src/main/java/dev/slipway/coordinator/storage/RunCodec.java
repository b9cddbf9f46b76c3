package dev.slipway.coordinator.storage;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Concurrency;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Seat;
import dev.slipway.coordinator.model.Status;
import dev.slipway.journal.v1.Run;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;

/// Runs, as `slipway.journal.v1.Run`; and the parts that runs and jobs share.
public final class RunCodec implements Codec<RunState> {
    @Override
    public byte[] encode(RunState run) {
        var to =
                Run.newBuilder()
                        .setHead(toProto(run.head()))
                        .setRunAttempt(run.runAttempt())
                        .setStatus(toProto(run.status()))
                        .setConclusion(toProto(run.conclusion()))
                        .setQueuedAtMs(Millis.of(run.queuedAt()))
                        .setStartedAtMs(Millis.of(run.startedAt()))
                        .setFinishedAtMs(Millis.of(run.finishedAt()))
                        .setMessage(run.message())
                        .setJobs(run.jobs())
                        .setChangedAt(run.changedAt());
        if (run.cancel() != null) {
            to.setCancel(toProto(run.cancel()));
        }
        if (run.seat() != null) {
            to.setSeat(toProto(run.seat()));
        }
        return to.build().toByteArray();
    }

    @Override
    public RunState decode(byte[] bytes) {
        try {
            Run from = Run.parseFrom(bytes);
            return new RunState(
                    fromProto(from.getHead()),
                    from.getRunAttempt(),
                    fromProto(from.getStatus()),
                    fromProto(from.getConclusion()),
                    Millis.at(from.getQueuedAtMs()),
                    Millis.orNull(from.getStartedAtMs()),
                    Millis.orNull(from.getFinishedAtMs()),
                    from.hasCancel() ? fromProto(from.getCancel()) : null,
                    from.getMessage(),
                    from.hasSeat() ? fromProto(from.getSeat()) : null,
                    from.getJobs(),
                    from.getChangedAt());
        } catch (InvalidProtocolBufferException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    public static dev.slipway.journal.v1.RunHead toProto(RunHead head) {
        var to =
                dev.slipway.journal.v1.RunHead.newBuilder()
                        .setNumber(head.number())
                        .setProject(head.project())
                        .setWorkflowName(head.workflowName())
                        .setWorkflowPath(head.workflowPath())
                        .setTitle(head.title())
                        .setEventName(head.eventName())
                        .setRef(head.ref())
                        .setBranch(head.branch())
                        .setSha(head.sha())
                        .setActor(head.actor())
                        .setNumberInWorkflow(head.numberInWorkflow())
                        .setPriority(head.priority());
        head.concurrency().ifPresent(group -> to.setConcurrency(toProto(group)));
        return to.build();
    }

    public static RunHead fromProto(dev.slipway.journal.v1.RunHead from) {
        return new RunHead(
                from.getNumber(),
                from.getProject(),
                from.getWorkflowName(),
                from.getWorkflowPath(),
                from.getTitle(),
                from.getEventName(),
                from.getRef(),
                from.getBranch(),
                from.getSha(),
                from.getActor(),
                from.getNumberInWorkflow(),
                from.getPriority(),
                from.hasConcurrency()
                        ? Optional.of(fromProto(from.getConcurrency()))
                        : Optional.empty());
    }

    static dev.slipway.journal.v1.Concurrency toProto(Concurrency group) {
        return dev.slipway.journal.v1.Concurrency.newBuilder()
                .setGroup(group.group())
                .setCancelInProgress(group.cancelInProgress())
                .setQueueMax(group.queueMax())
                .build();
    }

    static Concurrency fromProto(dev.slipway.journal.v1.Concurrency from) {
        return new Concurrency(from.getGroup(), from.getCancelInProgress(), from.getQueueMax());
    }

    static dev.slipway.journal.v1.Seat toProto(Seat seat) {
        return dev.slipway.journal.v1.Seat.newBuilder()
                .setConcurrency(toProto(seat.concurrency()))
                .setHeld(seat.held())
                .setTicket(seat.ticket())
                .build();
    }

    static Seat fromProto(dev.slipway.journal.v1.Seat from) {
        return new Seat(fromProto(from.getConcurrency()), from.getHeld(), from.getTicket());
    }

    static dev.slipway.journal.v1.CancelRequest toProto(CancelRequest cancel) {
        return dev.slipway.journal.v1.CancelRequest.newBuilder()
                .setReason(cancel.reason())
                .setBy(cancel.by())
                .setAtMs(Millis.of(cancel.at()))
                .setForce(cancel.force())
                .build();
    }

    static CancelRequest fromProto(dev.slipway.journal.v1.CancelRequest from) {
        return new CancelRequest(
                from.getReason(), from.getBy(), Millis.at(from.getAtMs()), from.getForce());
    }

    static dev.slipway.journal.v1.Status toProto(Status status) {
        return Objects.requireNonNull(
                dev.slipway.journal.v1.Status.forNumber(status.number()), "status");
    }

    static Status fromProto(dev.slipway.journal.v1.Status from) {
        return Status.of(from.getNumber());
    }

    public static dev.slipway.journal.v1.Conclusion toProto(@Nullable Conclusion conclusion) {
        return conclusion == null
                ? dev.slipway.journal.v1.Conclusion.CONCLUSION_UNSPECIFIED
                : Objects.requireNonNull(
                        dev.slipway.journal.v1.Conclusion.forNumber(conclusion.number()),
                        "conclusion");
    }

    public static @Nullable Conclusion fromProto(dev.slipway.journal.v1.Conclusion from) {
        return from.getNumber() == 0 ? null : Conclusion.of(from.getNumber());
    }
}

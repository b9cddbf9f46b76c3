package dev.slipway.coordinator.storage;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Findings;
import dev.slipway.coordinator.model.Lease;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.id.AttemptId;
import dev.slipway.journal.v1.Attempt;
import dev.slipway.journal.v1.Step;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/// Attempts with their steps, as `slipway.journal.v1.Attempt`. The value repeats neither the key
/// nor the annotations, which have rows of their own.
public final class AttemptCodec {
    private AttemptCodec() {}

    static byte[] encode(AttemptState attempt) {
        var to =
                Attempt.newBuilder()
                        .setRunAttempt(attempt.runAttempt())
                        .setReason(JobCodec.toProto(attempt.reason()))
                        .setLease(toProto(attempt.lease()))
                        .setStatus(RunCodec.toProto(attempt.status()))
                        .setLost(attempt.lost())
                        .setStartedAtMs(Millis.of(attempt.startedAt()))
                        .setCancelAcknowledgedAtMs(Millis.of(attempt.cancelAcknowledgedAt()))
                        .putAllSummaryFingerprints(attempt.findings().summaries())
                        .setTestsFingerprint(attempt.findings().tests())
                        .setChangedAt(attempt.changedAt());
        attempt.steps().forEach(step -> to.addSteps(toProto(step)));
        if (attempt.conclusion() != null
                && attempt.cause() != null
                && attempt.finishedAt() != null) {
            to.setEnd(
                    toProto(
                            new AttemptEnd(
                                    attempt.conclusion(),
                                    attempt.cause(),
                                    attempt.causeDetail(),
                                    attempt.finishedAt(),
                                    attempt.logIncomplete(),
                                    attempt.outputPosition())));
        }
        return to.build().toByteArray();
    }

    /// @param annotations ids of its annotations, from their rows
    static AttemptState decode(AttemptId id, byte[] bytes, List<String> annotations) {
        try {
            return decode(id, Attempt.parseFrom(bytes), annotations);
        } catch (InvalidProtocolBufferException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static AttemptState decode(AttemptId id, Attempt from, List<String> annotations) {
        @Nullable AttemptEnd end = from.hasEnd() ? fromProto(from.getEnd()) : null;
        return new AttemptState(
                id,
                from.getRunAttempt(),
                JobCodec.fromProto(from.getReason()),
                fromProto(from.getLease()),
                RunCodec.fromProto(from.getStatus()),
                from.getLost(),
                end == null ? null : end.conclusion(),
                end == null ? null : end.cause(),
                end == null ? "" : end.detail(),
                Millis.orNull(from.getStartedAtMs()),
                end == null ? null : end.at(),
                Millis.orNull(from.getCancelAcknowledgedAtMs()),
                from.getStepsList().stream().map(AttemptCodec::fromProto).toList(),
                new Findings(
                        annotations,
                        new TreeMap<>(from.getSummaryFingerprintsMap()),
                        from.getTestsFingerprint()),
                end == null ? "" : end.logIncomplete(),
                end == null ? 0 : end.outputPosition(),
                from.getChangedAt());
    }

    public static dev.slipway.journal.v1.Lease toProto(Lease lease) {
        return dev.slipway.journal.v1.Lease.newBuilder()
                .setAgentId(lease.agentId())
                .setAgentName(lease.agentName())
                .setBootId(lease.bootId())
                .setEpoch(lease.epoch())
                .setTtlMs(lease.ttl().toMillis())
                .setAtMs(Millis.of(lease.at()))
                .build();
    }

    public static Lease fromProto(dev.slipway.journal.v1.Lease from) {
        return new Lease(
                from.getAgentId(),
                from.getAgentName(),
                from.getBootId(),
                from.getEpoch(),
                Duration.ofMillis(from.getTtlMs()),
                Millis.at(from.getAtMs()));
    }

    public static Step toProto(StepState step) {
        return Step.newBuilder()
                .setNumber(step.number())
                .setName(step.name())
                .setId(step.id())
                .setStatus(RunCodec.toProto(step.status()))
                .setConclusion(RunCodec.toProto(step.conclusion()))
                .setOutcome(RunCodec.toProto(step.outcome()))
                .setStartedAtMs(Millis.of(step.startedAt()))
                .setFinishedAtMs(Millis.of(step.finishedAt()))
                .setLogEnd(step.logEnd())
                .build();
    }

    public static StepState fromProto(Step from) {
        return new StepState(
                from.getNumber(),
                from.getName(),
                from.getId(),
                RunCodec.fromProto(from.getStatus()),
                RunCodec.fromProto(from.getConclusion()),
                RunCodec.fromProto(from.getOutcome()),
                Millis.at(from.getStartedAtMs()),
                Millis.orNull(from.getFinishedAtMs()),
                from.getLogEnd());
    }

    public static dev.slipway.journal.v1.AttemptEnd toProto(AttemptEnd end) {
        return dev.slipway.journal.v1.AttemptEnd.newBuilder()
                .setConclusion(RunCodec.toProto(end.conclusion()))
                .setCause(
                        Objects.requireNonNull(
                                dev.slipway.journal.v1.Cause.forNumber(end.cause().number()),
                                "cause"))
                .setDetail(end.detail())
                .setAtMs(Millis.of(end.at()))
                .setLogIncomplete(end.logIncomplete())
                .setOutputPosition(end.outputPosition())
                .build();
    }

    public static AttemptEnd fromProto(dev.slipway.journal.v1.AttemptEnd from) {
        return new AttemptEnd(
                Conclusion.of(from.getConclusion().getNumber()),
                Cause.of(from.getCause().getNumber()),
                from.getDetail(),
                Millis.at(from.getAtMs()),
                from.getLogIncomplete(),
                from.getOutputPosition());
    }
}

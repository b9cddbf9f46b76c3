package dev.slipway.coordinator.storage;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Gate;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.JobNode;
import dev.slipway.coordinator.model.JobPlan;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Recovery;
import dev.slipway.id.JobId;
import dev.slipway.journal.v1.Job;
import dev.slipway.journal.v1.JobKind;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Jobs, as `slipway.journal.v1.Job`. The value does not repeat the key.
public final class JobCodec {
    private JobCodec() {}

    static byte[] encode(JobState job) {
        var to =
                Job.newBuilder()
                        .setNode(toProto(job.node()))
                        .setPlan(toProto(job.plan()))
                        .setPlanned(job.planned())
                        .setStatus(RunCodec.toProto(job.status()))
                        .setHold(toProto(job.hold()))
                        .setConclusion(RunCodec.toProto(job.conclusion()))
                        .setCreatedAtMs(Millis.of(job.createdAt()))
                        .setQueuedAtMs(Millis.of(job.queuedAt()))
                        .setStartedAtMs(Millis.of(job.startedAt()))
                        .setFinishedAtMs(Millis.of(job.finishedAt()))
                        .putAllOutputs(job.outputs())
                        .setEnvironmentUrl(job.environmentUrl())
                        .setMessage(job.message())
                        .setAttempts(job.attempts())
                        .setRetries(job.retries())
                        .setReason(toProto(job.reason()))
                        .addAllAvoid(job.avoid())
                        .setRunAttempt(job.runAttempt())
                        .addAllApprovals(job.gate().approvals())
                        .setGateSinceMs(Millis.of(job.gate().since()))
                        .setChangedAt(job.changedAt());
        if (job.cancel() != null) {
            to.setCancel(RunCodec.toProto(job.cancel()));
        }
        if (job.seat() != null) {
            to.setSeat(RunCodec.toProto(job.seat()));
        }
        if (job.recovery() != null) {
            to.setRecovery(toProto(job.recovery()));
        }
        return to.build().toByteArray();
    }

    static JobState decode(JobId id, byte[] bytes) {
        try {
            Job from = Job.parseFrom(bytes);
            return new JobState(
                    id,
                    fromProto(from.getNode()),
                    fromProto(from.getPlan()),
                    from.getPlanned(),
                    RunCodec.fromProto(from.getStatus()),
                    fromProto(from.getHold()),
                    RunCodec.fromProto(from.getConclusion()),
                    Millis.at(from.getCreatedAtMs()),
                    Millis.orNull(from.getQueuedAtMs()),
                    Millis.orNull(from.getStartedAtMs()),
                    Millis.orNull(from.getFinishedAtMs()),
                    Collections.unmodifiableSortedMap(new TreeMap<>(from.getOutputsMap())),
                    from.getEnvironmentUrl(),
                    from.getMessage(),
                    from.hasCancel() ? RunCodec.fromProto(from.getCancel()) : null,
                    from.hasSeat() ? RunCodec.fromProto(from.getSeat()) : null,
                    from.getAttempts(),
                    from.getRetries(),
                    fromProto(from.getReason()),
                    from.getAvoidList(),
                    from.getRunAttempt(),
                    new Gate(from.getApprovalsList(), Millis.orNull(from.getGateSinceMs())),
                    from.hasRecovery() ? fromProto(from.getRecovery()) : null,
                    from.getChangedAt());
        } catch (InvalidProtocolBufferException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    public static dev.slipway.journal.v1.Recovery toProto(Recovery recovery) {
        return dev.slipway.journal.v1.Recovery.newBuilder()
                .setTries(recovery.tries())
                .setAgent(recovery.agent())
                .setNotBeforeMs(Millis.of(recovery.notBefore()))
                .setDeadlineMs(Millis.of(recovery.deadline()))
                .setWhy(recovery.why())
                .setConclusion(RunCodec.toProto(recovery.conclusion()))
                .putAllOutputs(recovery.outputs())
                .setEnvironmentUrl(recovery.environmentUrl())
                .build();
    }

    public static Recovery fromProto(dev.slipway.journal.v1.Recovery from) {
        return new Recovery(
                from.getTries(),
                from.getAgent(),
                Millis.at(from.getNotBeforeMs()),
                Millis.at(from.getDeadlineMs()),
                from.getWhy(),
                Conclusion.of(from.getConclusion().getNumber()),
                new TreeMap<>(from.getOutputsMap()),
                from.getEnvironmentUrl());
    }

    public static dev.slipway.journal.v1.JobNode toProto(JobNode node) {
        return dev.slipway.journal.v1.JobNode.newBuilder()
                .setNode(node.node())
                .setLegPlusOne(node.leg() + 1)
                .setGroup(node.group())
                .setParent(node.parent())
                .setKind(
                        node.kind() == JobNode.Kind.CALL
                                ? JobKind.JOB_KIND_CALL
                                : JobKind.JOB_KIND_STEPS)
                .addAllNeeds(node.needs())
                .build();
    }

    public static JobNode fromProto(dev.slipway.journal.v1.JobNode from) {
        return new JobNode(
                from.getNode(),
                from.getLegPlusOne() - 1,
                from.getGroup(),
                from.getParent(),
                from.getKind() == JobKind.JOB_KIND_CALL ? JobNode.Kind.CALL : JobNode.Kind.STEPS,
                from.getNeedsList());
    }

    public static dev.slipway.journal.v1.JobPlan toProto(JobPlan plan) {
        var to =
                dev.slipway.journal.v1.JobPlan.newBuilder()
                        .setName(plan.name())
                        .addAllRunsOn(plan.runsOn())
                        .setMatrixJson(plan.matrixJson())
                        .setLegs(plan.legs())
                        .setMaxParallel(plan.maxParallel())
                        .setFailFast(plan.failFast())
                        .setContinueOnError(plan.continueOnError())
                        .setEnvironment(plan.environment())
                        .setDeploys(plan.deploys())
                        .setTimeoutMinutes(plan.timeoutMinutes())
                        .setCancelTimeoutMinutes(plan.cancelTimeoutMinutes());
        plan.concurrency().ifPresent(group -> to.setConcurrency(RunCodec.toProto(group)));
        return to.build();
    }

    public static JobPlan fromProto(dev.slipway.journal.v1.JobPlan from) {
        return new JobPlan(
                from.getName(),
                from.getRunsOnList(),
                from.getMatrixJson(),
                from.getLegs(),
                from.getMaxParallel(),
                from.getFailFast(),
                from.getContinueOnError(),
                from.getEnvironment(),
                from.getDeploys(),
                from.hasConcurrency()
                        ? Optional.of(RunCodec.fromProto(from.getConcurrency()))
                        : Optional.empty(),
                from.getTimeoutMinutes(),
                from.getCancelTimeoutMinutes());
    }

    public static dev.slipway.journal.v1.Hold toProto(@Nullable Hold hold) {
        return hold == null
                ? dev.slipway.journal.v1.Hold.HOLD_UNSPECIFIED
                : Objects.requireNonNull(
                        dev.slipway.journal.v1.Hold.forNumber(hold.number()), "hold");
    }

    public static @Nullable Hold fromProto(dev.slipway.journal.v1.Hold from) {
        return from.getNumber() == 0 ? null : Hold.of(from.getNumber());
    }

    public static dev.slipway.journal.v1.AttemptReason toProto(AttemptReason reason) {
        return Objects.requireNonNull(
                dev.slipway.journal.v1.AttemptReason.forNumber(reason.number()), "reason");
    }

    public static AttemptReason fromProto(dev.slipway.journal.v1.AttemptReason from) {
        return AttemptReason.of(from.getNumber());
    }
}

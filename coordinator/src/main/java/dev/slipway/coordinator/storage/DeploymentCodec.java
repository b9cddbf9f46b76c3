package dev.slipway.coordinator.storage;

import com.google.protobuf.ByteString;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.Incident;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.id.AttemptId;
import dev.slipway.journal.v1.DeploymentPhase;
import dev.slipway.journal.v1.Environment;

import java.time.Duration;
import java.util.Objects;
import java.util.TreeMap;

/// Deployments and environments, as `slipway.journal.v1` has them.
public final class DeploymentCodec {
    private DeploymentCodec() {}

    public static dev.slipway.journal.v1.Deployment toProto(Deployment from) {
        Deployment.Origin origin = from.origin();
        Deployment.Times times = from.times();
        Deployment.Lineage lineage = from.lineage();
        var to =
                dev.slipway.journal.v1.Deployment.newBuilder()
                        .setProject(from.environment().project())
                        .setEnvironment(from.label())
                        .setNumber(from.number())
                        .setAttempt(origin.attempt().toString())
                        .setRunAttempt(origin.runAttempt())
                        .setStep(origin.step())
                        .setJobName(origin.jobName())
                        .setJobKey(origin.jobKey())
                        .setWorkflowPath(origin.workflowPath())
                        .setEvent(origin.event())
                        .setSha(origin.sha())
                        .setRef(origin.ref())
                        .setActor(origin.actor())
                        .setTargetKind(from.target().kind())
                        .setTarget(from.target().name())
                        .setVersion(from.target().version())
                        .setPhase(phase(from.phase()))
                        .setStartedAtMs(Millis.of(times.startedAt()))
                        .setChangingSinceMs(Millis.of(times.changingSince()))
                        .setUnhealthySinceMs(Millis.of(times.unhealthySince()))
                        .setFinishedAtMs(Millis.of(times.finishedAt()))
                        .setDetail(from.detail())
                        .setRunningVersion(from.runningVersion())
                        .setUrl(from.url())
                        .setReplaces(lineage.replaces())
                        .setGoodVersion(lineage.goodVersion())
                        .setRollbackOf(lineage.rollbackOf())
                        .setCommits(lineage.commits())
                        .setCommitsKnown(lineage.commitsKnown())
                        .setSealed(ByteString.copyFrom(from.sealed().toArray()));
        if (from.cause() != null) {
            to.setCause(
                    Objects.requireNonNull(
                            dev.slipway.journal.v1.Cause.forNumber(from.cause().number()),
                            "cause"));
        }
        return to.build();
    }

    public static Deployment fromProto(dev.slipway.journal.v1.Deployment from) {
        return new Deployment(
                new Deployment.Name(
                        EnvironmentName.of(from.getProject(), from.getEnvironment()),
                        from.getNumber()),
                from.getEnvironment(),
                new Deployment.Origin(
                        AttemptId.parse(from.getAttempt()),
                        from.getRunAttempt(),
                        from.getStep(),
                        from.getJobName(),
                        from.getJobKey(),
                        from.getWorkflowPath(),
                        from.getEvent(),
                        from.getSha(),
                        from.getRef(),
                        from.getActor()),
                new Deployment.Target(from.getTargetKind(), from.getTarget(), from.getVersion()),
                Deployment.Phase.of(from.getPhase().getNumber()),
                new Deployment.Times(
                        Millis.at(from.getStartedAtMs()),
                        Millis.orNull(from.getChangingSinceMs()),
                        Millis.orNull(from.getUnhealthySinceMs()),
                        Millis.orNull(from.getFinishedAtMs())),
                from.getDetail(),
                from.getCauseValue() == 0 ? null : Cause.of(from.getCauseValue()),
                from.getRunningVersion(),
                from.getUrl(),
                new Deployment.Lineage(
                        from.getReplaces(),
                        from.getGoodVersion(),
                        from.getRollbackOf(),
                        from.getCommits(),
                        from.getCommitsKnown()),
                Bytes.copyOf(from.getSealed().toByteArray()));
    }

    public static dev.slipway.journal.v1.Commit toProto(Commit from) {
        return dev.slipway.journal.v1.Commit.newBuilder()
                .setSha(from.sha())
                .addAllParents(from.parents())
                .setAtMs(Millis.of(from.at()))
                .setTitle(from.title())
                .build();
    }

    public static Commit fromProto(dev.slipway.journal.v1.Commit from) {
        return new Commit(
                from.getSha(), from.getParentsList(), Millis.at(from.getAtMs()), from.getTitle());
    }

    static Environment toProto(EnvironmentState from) {
        return Environment.newBuilder()
                .setLabel(from.label())
                .setLastNumber(from.lastNumber())
                .setCurrent(from.current())
                .setRules(toProto(from.rules()))
                .build();
    }

    static EnvironmentState fromProto(EnvironmentName name, Environment from) {
        return new EnvironmentState(
                name,
                from.getLabel(),
                from.getLastNumber(),
                from.getCurrent(),
                fromProto(from.getRules()));
    }

    public static dev.slipway.journal.v1.EnvironmentRules toProto(EnvironmentRules from) {
        return dev.slipway.journal.v1.EnvironmentRules.newBuilder()
                .setApprovals(from.approvals())
                .setWaitMs(from.delay().toMillis())
                .addAllBranches(from.branches())
                .setOneAtATime(from.oneAtATime())
                .addAllDeployedBy(from.deployedBy())
                .putAllVariables(from.variables())
                .addAllSecretNames(from.secrets().names())
                .setSecretCiphertext(ByteString.copyFrom(from.secrets().ciphertext().toArray()))
                .build();
    }

    public static EnvironmentRules fromProto(dev.slipway.journal.v1.EnvironmentRules from) {
        return new EnvironmentRules(
                from.getApprovals(),
                Duration.ofMillis(from.getWaitMs()),
                from.getBranchesList(),
                from.getOneAtATime(),
                from.getDeployedByList(),
                new TreeMap<>(from.getVariablesMap()),
                new SealedSecrets(
                        from.getSecretNamesList(),
                        Bytes.copyOf(from.getSecretCiphertext().toByteArray())));
    }

    public static dev.slipway.journal.v1.Incident toProto(Incident from) {
        return dev.slipway.journal.v1.Incident.newBuilder()
                .setId(from.id())
                .setProject(from.environment().project())
                .setEnvironment(from.label())
                .setNumber(from.number())
                .setKey(from.key())
                .setTitle(from.title())
                .setOpenedBy(from.openedBy())
                .setOpenedAtMs(Millis.of(from.openedAt()))
                .setClosedAtMs(Millis.of(from.closedAt()))
                .setClosedBy(from.closedBy())
                .build();
    }

    public static Incident fromProto(dev.slipway.journal.v1.Incident from) {
        return new Incident(
                from.getId(),
                EnvironmentName.of(from.getProject(), from.getEnvironment()),
                from.getEnvironment(),
                from.getNumber(),
                from.getKey(),
                from.getTitle(),
                from.getOpenedBy(),
                Millis.at(from.getOpenedAtMs()),
                Millis.orNull(from.getClosedAtMs()),
                from.getClosedBy());
    }

    private static DeploymentPhase phase(Deployment.Phase phase) {
        return Objects.requireNonNull(DeploymentPhase.forNumber(phase.number()), "phase");
    }
}

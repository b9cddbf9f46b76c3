package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.id.AttemptId;
import dev.slipway.journal.v1.DeploymentPhase;
import dev.slipway.journal.v1.Environment;

import java.util.Objects;

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
                        .setCommitsKnown(lineage.commitsKnown());
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
                        from.getCommitsKnown()));
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
                .build();
    }

    static EnvironmentState fromProto(EnvironmentName name, Environment from) {
        return new EnvironmentState(name, from.getLabel(), from.getLastNumber(), from.getCurrent());
    }

    private static DeploymentPhase phase(Deployment.Phase phase) {
        return Objects.requireNonNull(DeploymentPhase.forNumber(phase.number()), "phase");
    }
}

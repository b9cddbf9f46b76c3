package dev.slipway.coordinator.api;

import com.google.protobuf.Duration;

import dev.slipway.api.v1.Deployment;
import dev.slipway.api.v1.DeploymentPhase;
import dev.slipway.api.v1.DoraFigures;
import dev.slipway.api.v1.Environment;
import dev.slipway.api.v1.Incident;
import dev.slipway.api.v1.Spread;
import dev.slipway.coordinator.deployments.Dora;
import dev.slipway.coordinator.model.EnvironmentState;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// Deployments and what belongs to them, as messages.
public final class DeploymentMessages {
    private DeploymentMessages() {}

    public static Deployment deployment(dev.slipway.coordinator.model.Deployment from) {
        var origin = from.origin();
        var times = from.times();
        var to =
                Deployment.newBuilder()
                        .setProject(from.environment().project())
                        .setEnvironment(from.label())
                        .setNumber(from.number())
                        .setPhase(
                                Objects.requireNonNull(
                                        DeploymentPhase.forNumber(from.phase().number()), "phase"))
                        .setRun(origin.attempt().run())
                        .setRunAttempt(origin.runAttempt())
                        .setJob(origin.jobKey())
                        .setStep(origin.step())
                        .setWorkflowPath(origin.workflowPath())
                        .setEvent(origin.event())
                        .setSha(origin.sha())
                        .setRef(origin.ref())
                        .setActor(origin.actor())
                        .setTargetKind(from.target().kind())
                        .setTarget(from.target().name())
                        .setVersion(from.target().version())
                        .setStartedAt(Messages.time(times.startedAt()))
                        .setDetail(from.detail())
                        .setRunningVersion(from.runningVersion())
                        .setUrl(from.url())
                        .setReplaces(from.lineage().replaces())
                        .setGoodVersion(from.lineage().goodVersion())
                        .setRollbackOf(from.lineage().rollbackOf())
                        .setCommits(from.lineage().commits())
                        .setCommitsKnown(from.lineage().commitsKnown());
        Optional.ofNullable(times.changingSince())
                .map(Messages::time)
                .ifPresent(to::setChangingSince);
        Optional.ofNullable(times.unhealthySince())
                .map(Messages::time)
                .ifPresent(to::setUnhealthySince);
        Optional.ofNullable(times.finishedAt()).map(Messages::time).ifPresent(to::setFinishedAt);
        Optional.ofNullable(from.cause())
                .map(cause -> cause.name().toLowerCase(Locale.ROOT))
                .ifPresent(to::setCause);
        return to.build();
    }

    public static Environment environment(
            EnvironmentState from,
            Optional<dev.slipway.coordinator.model.Deployment> current,
            Optional<dev.slipway.coordinator.model.Deployment> latest) {
        var to =
                Environment.newBuilder()
                        .setProject(from.name().project())
                        .setName(from.label())
                        .setApprovals(from.rules().approvals())
                        .setWait(duration(from.rules().delay()))
                        .addAllBranches(from.rules().branches())
                        .setOneAtATime(from.rules().oneAtATime())
                        .addAllDeployedBy(from.rules().deployedBy())
                        .putAllVariables(from.rules().variables())
                        .addAllSecretNames(from.rules().secrets().names());
        current.map(DeploymentMessages::deployment).ifPresent(to::setCurrent);
        latest.map(DeploymentMessages::deployment).ifPresent(to::setLatest);
        return to.build();
    }

    public static DoraFigures figures(Dora.Figures from) {
        var to =
                DoraFigures.newBuilder()
                        .setProject(from.environment().project())
                        .setEnvironment(from.environment().name())
                        .setFrom(Messages.time(from.from()))
                        .setTo(Messages.time(from.to()))
                        .setDeployments(from.deployments())
                        .setDeploymentsPerDay(from.perDay())
                        .setChanges(from.changes())
                        .setFailedChanges(from.failedChanges())
                        .setUnrestored(from.unrestored());
        from.leadTime().map(DeploymentMessages::spread).ifPresent(to::setLeadTime);
        from.restore().map(DeploymentMessages::spread).ifPresent(to::setTimeToRestore);
        return to.build();
    }

    private static Spread spread(Dora.Spread from) {
        return Spread.newBuilder()
                .setCount(from.count())
                .setMedian(duration(from.median()))
                .setP90(duration(from.p90()))
                .build();
    }

    public static Incident incident(dev.slipway.coordinator.model.Incident from) {
        var to =
                Incident.newBuilder()
                        .setId(from.id())
                        .setProject(from.environment().project())
                        .setEnvironment(from.label())
                        .setDeployment(from.number())
                        .setKey(from.key())
                        .setTitle(from.title())
                        .setOpenedBy(from.openedBy())
                        .setOpenedAt(Messages.time(from.openedAt()))
                        .setClosedBy(from.closedBy());
        Optional.ofNullable(from.closedAt()).map(Messages::time).ifPresent(to::setClosedAt);
        return to.build();
    }

    private static Duration duration(java.time.Duration from) {
        return Duration.newBuilder().setSeconds(from.getSeconds()).setNanos(from.getNano()).build();
    }
}

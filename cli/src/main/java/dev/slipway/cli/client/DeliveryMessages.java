package dev.slipway.cli.client;

import dev.slipway.api.v1.ConfigureEnvironmentRequest;
import dev.slipway.api.v1.Deployment;
import dev.slipway.api.v1.DoraFigures;
import dev.slipway.api.v1.Environment;
import dev.slipway.api.v1.Incident;
import dev.slipway.api.v1.TextChanges;
import dev.slipway.api.v1.TextList;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Deployments and what belongs to them, from and to messages.
public final class DeliveryMessages {
    private static final String PREFIX = "DEPLOYMENT_PHASE_";

    private DeliveryMessages() {}

    public static DeploymentInfo deployment(Deployment from) {
        return new DeploymentInfo(
                from.getProject(),
                from.getEnvironment(),
                from.getNumber(),
                from.getPhase()
                        .name()
                        .replace(PREFIX, "")
                        .replace('_', '-')
                        .toLowerCase(Locale.ROOT),
                new DeploymentInfo.Origin(
                        from.getRun(),
                        from.getRunAttempt(),
                        from.getJob(),
                        from.getStep(),
                        from.getWorkflowPath(),
                        from.getEvent(),
                        from.getSha(),
                        from.getRef(),
                        from.getActor()),
                new DeploymentInfo.Target(
                        from.getTargetKind(),
                        from.getTarget(),
                        from.getVersion(),
                        from.getRunningVersion()),
                new DeploymentInfo.Times(
                        at(from.getStartedAt()),
                        from.hasChangingSince() ? at(from.getChangingSince()) : null,
                        from.hasUnhealthySince() ? at(from.getUnhealthySince()) : null,
                        from.hasFinishedAt() ? at(from.getFinishedAt()) : null),
                from.getDetail(),
                from.getCause(),
                from.getUrl(),
                new DeploymentInfo.Lineage(
                        from.getReplaces(),
                        from.getGoodVersion(),
                        from.getRollbackOf(),
                        from.getCommits(),
                        from.getCommitsKnown()));
    }

    public static EnvironmentInfo environment(Environment from) {
        return new EnvironmentInfo(
                from.getProject(),
                from.getName(),
                from.hasCurrent() ? deployment(from.getCurrent()) : null,
                from.hasLatest() ? deployment(from.getLatest()) : null,
                new EnvironmentInfo.Rules(
                        from.getApprovals(),
                        duration(from.getWait()),
                        from.getBranchesList(),
                        from.getOneAtATime(),
                        from.getDeployedByList(),
                        from.getVariablesMap(),
                        from.getSecretNamesList()));
    }

    public static DoraInfo dora(DoraFigures from) {
        return new DoraInfo(
                from.getProject(),
                from.getEnvironment(),
                at(from.getFrom()),
                at(from.getTo()),
                from.getDeployments(),
                from.getDeploymentsPerDay(),
                from.hasLeadTime() ? spread(from.getLeadTime()) : null,
                from.getChanges(),
                from.getFailedChanges(),
                from.hasTimeToRestore() ? spread(from.getTimeToRestore()) : null,
                from.getUnrestored());
    }

    private static DoraInfo.Spread spread(dev.slipway.api.v1.Spread from) {
        return new DoraInfo.Spread(
                from.getCount(), duration(from.getMedian()), duration(from.getP90()));
    }

    public static IncidentInfo incident(Incident from) {
        return new IncidentInfo(
                from.getId(),
                from.getProject(),
                from.getEnvironment(),
                from.getDeployment(),
                from.getKey(),
                from.getTitle(),
                from.getOpenedBy(),
                at(from.getOpenedAt()),
                from.hasClosedAt() ? at(from.getClosedAt()) : null,
                from.getClosedBy());
    }

    static ConfigureEnvironmentRequest configure(
            String project, String environment, EnvironmentInfo.Changes changes) {
        var to =
                ConfigureEnvironmentRequest.newBuilder()
                        .setProject(project)
                        .setEnvironment(environment)
                        .setVariables(
                                TextChanges.newBuilder()
                                        .putAllSet(changes.variables())
                                        .addAllRemove(changes.removeVariables()));
        if (!changes.secrets().isEmpty() || !changes.removeSecrets().isEmpty()) {
            to.setSecrets(
                    TextChanges.newBuilder()
                            .putAllSet(changes.secrets())
                            .addAllRemove(changes.removeSecrets()));
        }
        if (changes.approvals() != null) {
            to.setApprovals(changes.approvals());
        }
        if (changes.delay() != null) {
            to.setWait(
                    com.google.protobuf.Duration.newBuilder()
                            .setSeconds(changes.delay().toSeconds()));
        }
        if (changes.branches() != null) {
            to.setBranches(TextList.newBuilder().addAllValues(changes.branches()));
        }
        if (changes.deployedBy() != null) {
            to.setDeployedBy(TextList.newBuilder().addAllValues(changes.deployedBy()));
        }
        if (changes.oneAtATime() != null) {
            to.setOneAtATime(changes.oneAtATime());
        }
        return to.build();
    }

    private static Duration duration(com.google.protobuf.Duration from) {
        return Duration.ofSeconds(from.getSeconds(), from.getNanos());
    }

    private static Instant at(com.google.protobuf.Timestamp from) {
        return Instant.ofEpochSecond(from.getSeconds(), from.getNanos());
    }
}

package dev.slipway.agent.session;

import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.DeploymentPhase;
import dev.slipway.agent.v1.RecoveryNeeds;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

/// The farm's record of deployments over the session's connection, for one attempt.
final class FarmDeployments implements DeploymentLog {
    private static final int MAX_DETAIL = 2_000;

    private final Token token;
    private final FarmClient farm;

    FarmDeployments(Token token, FarmClient farm) {
        this.token = token;
        this.farm = farm;
    }

    @Override
    public Begun begin(Plan plan) throws InterruptedException {
        var to =
                BeginDeploymentRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setStep(plan.step())
                        .setEnvironment(plan.environment())
                        .setTargetKind(plan.targetKind())
                        .setTarget(plan.target())
                        .setVersion(plan.version())
                        .setUrl(plan.url());
        plan.needs().ifPresent(needs -> to.setNeeds(message(needs)));
        BeginDeploymentRequest request = to.build();
        var begun = farm.call(calls -> calls.beginDeployment(request));
        return new Begun(
                begun.getEnvironment(),
                begun.getNumber(),
                begun.getLastGoodVersion(),
                phase(begun.getPhase()),
                begun.getDetail());
    }

    private static RecoveryNeeds message(Needs needs) {
        return RecoveryNeeds.newBuilder()
                .putAllInputs(needs.inputs())
                .putAllVariables(needs.variables())
                .setKubeconfig(needs.kubeconfig())
                .addAllMasked(needs.masked())
                .build();
    }

    @Override
    public boolean report(Report report) throws InterruptedException {
        String detail = report.detail();
        var request =
                ReportDeploymentRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setEnvironment(report.environment())
                        .setNumber(report.number())
                        .setPhase(phase(report.phase()))
                        .setDetail(detail.substring(0, Math.min(MAX_DETAIL, detail.length())))
                        .setRunningVersion(report.runningVersion())
                        .setUrl(report.url())
                        .build();
        return farm.call(calls -> calls.reportDeployment(request)).getAccepted();
    }

    private static Phase phase(DeploymentPhase phase) {
        return switch (phase) {
            case DEPLOYMENT_PHASE_CLAIMED, DEPLOYMENT_PHASE_UNSPECIFIED -> Phase.CLAIMED;
            case DEPLOYMENT_PHASE_ROLLOUT -> Phase.ROLLOUT;
            case DEPLOYMENT_PHASE_HEALTH -> Phase.HEALTH;
            case DEPLOYMENT_PHASE_ROLLBACK -> Phase.ROLLBACK;
            case DEPLOYMENT_PHASE_SUCCEEDED -> Phase.SUCCEEDED;
            case DEPLOYMENT_PHASE_ROLLED_BACK -> Phase.ROLLED_BACK;
            case DEPLOYMENT_PHASE_FAILED -> Phase.FAILED;
            case DEPLOYMENT_PHASE_SUPERSEDED -> Phase.SUPERSEDED;
            case UNRECOGNIZED ->
                    throw new SlipwayException(
                            ErrorCode.INTERNAL,
                            "The farm says a phase of a deployment that this agent does not know."
                                    + " Upgrade the agent.");
        };
    }

    private static DeploymentPhase phase(Phase phase) {
        return switch (phase) {
            case CLAIMED -> DeploymentPhase.DEPLOYMENT_PHASE_CLAIMED;
            case ROLLOUT -> DeploymentPhase.DEPLOYMENT_PHASE_ROLLOUT;
            case HEALTH -> DeploymentPhase.DEPLOYMENT_PHASE_HEALTH;
            case ROLLBACK -> DeploymentPhase.DEPLOYMENT_PHASE_ROLLBACK;
            case SUCCEEDED -> DeploymentPhase.DEPLOYMENT_PHASE_SUCCEEDED;
            case ROLLED_BACK -> DeploymentPhase.DEPLOYMENT_PHASE_ROLLED_BACK;
            case FAILED -> DeploymentPhase.DEPLOYMENT_PHASE_FAILED;
            case SUPERSEDED -> DeploymentPhase.DEPLOYMENT_PHASE_SUPERSEDED;
        };
    }
}

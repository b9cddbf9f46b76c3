package dev.slipway.agent.session;

import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.ReportDeploymentRequest;

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
        var request =
                BeginDeploymentRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setStep(plan.step())
                        .setEnvironment(plan.environment())
                        .setTargetKind(plan.targetKind())
                        .setTarget(plan.target())
                        .setVersion(plan.version())
                        .setUrl(plan.url())
                        .build();
        var begun = farm.call(calls -> calls.beginDeployment(request));
        return new Begun(
                begun.getEnvironment(),
                begun.getNumber(),
                begun.getLastGoodVersion(),
                begun.getPhase());
    }

    @Override
    public boolean report(Report report) throws InterruptedException {
        String detail = report.detail();
        var request =
                ReportDeploymentRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setEnvironment(report.environment())
                        .setNumber(report.number())
                        .setPhase(report.phase())
                        .setDetail(detail.substring(0, Math.min(MAX_DETAIL, detail.length())))
                        .setRunningVersion(report.runningVersion())
                        .setUrl(report.url())
                        .build();
        return farm.call(calls -> calls.reportDeployment(request)).getAccepted();
    }
}

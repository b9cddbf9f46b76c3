package dev.slipway.coordinator.api;

import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.BeginDeploymentResponse;
import dev.slipway.agent.v1.DeploymentPhase;
import dev.slipway.agent.v1.DeploymentServiceGrpc;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.agent.v1.ReportDeploymentResponse;
import dev.slipway.agent.v1.Token;
import dev.slipway.coordinator.api.Leadership.Leader;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;

import io.grpc.stub.StreamObserver;

import java.util.Objects;

/// What deploying steps tell of their deployments: only for who holds the attempt's lease.
final class DeploymentSteps extends DeploymentServiceGrpc.DeploymentServiceImplBase {
    /// Inputs, variables and a kubeconfig; journaled with every phase.
    private static final int MAX_NEEDS = 128 << 10;

    private final Calls calls;
    private final Leadership leadership;

    DeploymentSteps(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
    }

    private static AttemptId holder(Leader leader, Token token) {
        return leader.sessions().grants().require(leader.engine().farmId(), token);
    }

    @Override
    public void beginDeployment(
            BeginDeploymentRequest request, StreamObserver<BeginDeploymentResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    Leader leader = leadership.require();
                    if (request.getStep().isBlank()) {
                        throw new SlipwayException(
                                ErrorCode.INVALID_ARGUMENT, "No step is said to deploy.");
                    }
                    AttemptId attempt = holder(leader, request.getToken());
                    Deployment given =
                            leader.engine()
                                    .ask(
                                            new Command.BeginDeployment(
                                                    attempt,
                                                    request.getToken().getEpoch(),
                                                    request.getStep(),
                                                    request.getEnvironment(),
                                                    new Deployment.Target(
                                                            request.getTargetKind(),
                                                            request.getTarget(),
                                                            request.getVersion()),
                                                    request.getUrl(),
                                                    sealed(leader, attempt, request)));
                    return BeginDeploymentResponse.newBuilder()
                            .setEnvironment(given.label())
                            .setNumber(given.number())
                            .setLastGoodVersion(given.lineage().goodVersion())
                            .setPhase(phase(given.phase()))
                            .setDetail(given.detail())
                            .build();
                });
    }

    private static Bytes sealed(Leader leader, AttemptId attempt, BeginDeploymentRequest request) {
        if (!request.hasNeeds()) {
            return Bytes.EMPTY;
        }
        int size = request.getNeeds().getSerializedSize();
        if (size > MAX_NEEDS) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "What a recovery would need has %d bytes; at most %d are kept."
                            .formatted(size, MAX_NEEDS));
        }
        return leader.specs().seal(attempt, request.getStep(), request.getNeeds());
    }

    @Override
    public void reportDeployment(
            ReportDeploymentRequest request, StreamObserver<ReportDeploymentResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    Leader leader = leadership.require();
                    var report =
                            new Command.DeploymentReport(
                                    phase(request.getPhaseValue()),
                                    request.getDetail(),
                                    request.getRunningVersion(),
                                    request.getUrl());
                    Command.DeploymentReported reported =
                            leader.engine()
                                    .ask(
                                            new Command.ReportDeployment(
                                                    holder(leader, request.getToken()),
                                                    request.getToken().getEpoch(),
                                                    request.getEnvironment(),
                                                    request.getNumber(),
                                                    report));
                    return ReportDeploymentResponse.newBuilder()
                            .setAccepted(reported.accepted())
                            .build();
                });
    }

    private static Deployment.Phase phase(int number) {
        try {
            return Deployment.Phase.of(number);
        } catch (IllegalArgumentException unknown) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A deployment has no phase %d. Upgrade the coordinators before the agents."
                            .formatted(number),
                    unknown);
        }
    }

    private static DeploymentPhase phase(Deployment.Phase phase) {
        return Objects.requireNonNull(DeploymentPhase.forNumber(phase.number()), "phase");
    }
}

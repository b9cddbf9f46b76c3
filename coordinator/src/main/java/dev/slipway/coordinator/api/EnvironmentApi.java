package dev.slipway.coordinator.api;

import dev.slipway.api.v1.CloseIncidentRequest;
import dev.slipway.api.v1.CloseIncidentResponse;
import dev.slipway.api.v1.ConfigureEnvironmentRequest;
import dev.slipway.api.v1.ConfigureEnvironmentResponse;
import dev.slipway.api.v1.Environment;
import dev.slipway.api.v1.EnvironmentServiceGrpc;
import dev.slipway.api.v1.GetDoraRequest;
import dev.slipway.api.v1.GetDoraResponse;
import dev.slipway.api.v1.ListDeploymentsRequest;
import dev.slipway.api.v1.ListDeploymentsResponse;
import dev.slipway.api.v1.ListEnvironmentsRequest;
import dev.slipway.api.v1.ListEnvironmentsResponse;
import dev.slipway.api.v1.ListIncidentsRequest;
import dev.slipway.api.v1.ListIncidentsResponse;
import dev.slipway.api.v1.OpenIncidentRequest;
import dev.slipway.api.v1.OpenIncidentResponse;
import dev.slipway.api.v1.ReviewJobsRequest;
import dev.slipway.api.v1.ReviewJobsResponse;
import dev.slipway.api.v1.RollBackRequest;
import dev.slipway.api.v1.RollBackResponse;
import dev.slipway.coordinator.deployments.Deliveries;
import dev.slipway.coordinator.deployments.Deliveries.Filter;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.coordinator.storage.DeploymentRows;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import io.grpc.stub.StreamObserver;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Environments, deployments, and the figures of that.
final class EnvironmentApi extends EnvironmentServiceGrpc.EnvironmentServiceImplBase {
    private static final Duration USUAL_WINDOW = Duration.ofDays(30);
    private static final int USUAL_LIMIT = 50;
    private static final int MAX_LIMIT = 500;

    private final Calls calls;
    private final Leadership leadership;
    private final DeploymentRows rows;
    private final Deliveries deliveries;
    private final EnvironmentRequests requests;
    private final Clock clock;

    EnvironmentApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.rows = parts.deployments();
        this.deliveries = new Deliveries(rows);
        this.requests = new EnvironmentRequests(parts.secrets());
        this.clock = parts.clock();
    }

    @Override
    public void listEnvironments(
            ListEnvironmentsRequest request, StreamObserver<ListEnvironmentsResponse> answers) {
        calls.unary(
                answers,
                () ->
                        ListEnvironmentsResponse.newBuilder()
                                .addAllEnvironments(
                                        deliveries
                                                .environments(new Filter(request.getProject(), ""))
                                                .stream()
                                                .map(this::environment)
                                                .toList())
                                .build());
    }

    @Override
    public void configureEnvironment(
            ConfigureEnvironmentRequest request,
            StreamObserver<ConfigureEnvironmentResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    Engine engine = leadership.require().engine();
                    EnvironmentName name = EnvironmentRequests.name(request);
                    EnvironmentRules before =
                            engine.read(
                                    view ->
                                            view.farm()
                                                    .deployments()
                                                    .environment(name)
                                                    .map(EnvironmentState::rules)
                                                    .orElse(EnvironmentRules.NONE));
                    EnvironmentRules rules = requests.rules(before, name, request);
                    EnvironmentState now =
                            engine.ask(
                                    new Command.ConfigureEnvironment(
                                            name,
                                            request.getEnvironment().strip(),
                                            rules,
                                            Asked.SOMEBODY));
                    return ConfigureEnvironmentResponse.newBuilder()
                            .setEnvironment(environment(now))
                            .build();
                });
    }

    @Override
    public void reviewJobs(ReviewJobsRequest request, StreamObserver<ReviewJobsResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    var reviewed =
                            leadership
                                    .require()
                                    .engine()
                                    .ask(
                                            new Command.ReviewJobs(
                                                    request.getRun(),
                                                    request.getJob(),
                                                    request.getReject(),
                                                    EnvironmentRequests.cut(request.getComment()),
                                                    Asked.who(request.getReviewer())));
                    return ReviewJobsResponse.newBuilder().addAllJobs(reviewed.jobs()).build();
                });
    }

    @Override
    public void listDeployments(
            ListDeploymentsRequest request, StreamObserver<ListDeploymentsResponse> answers) {
        calls.unary(
                answers,
                () ->
                        ListDeploymentsResponse.newBuilder()
                                .addAllDeployments(
                                        deliveries
                                                .deployments(
                                                        new Filter(
                                                                request.getProject(),
                                                                request.getEnvironment()),
                                                        Asked.limit(
                                                                request.getLimit(),
                                                                USUAL_LIMIT,
                                                                MAX_LIMIT))
                                                .stream()
                                                .map(DeploymentMessages::deployment)
                                                .toList())
                                .build());
    }

    @Override
    public void rollBack(RollBackRequest request, StreamObserver<RollBackResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    Engine engine = leadership.require().engine();
                    EnvironmentState environment =
                            deliveries.only(request.getProject(), request.getEnvironment());
                    Deployment back = goodOne(environment, request.getTo());
                    long run = back.origin().attempt().run();
                    var rerun =
                            engine.ask(
                                    new Command.RerunRun(
                                            run,
                                            RerunScope.JOB,
                                            back.origin().jobKey(),
                                            request.getClientToken(),
                                            Asked.SOMEBODY));
                    return RollBackResponse.newBuilder()
                            .setDeployment(DeploymentMessages.deployment(back))
                            .setRun(run)
                            .setRunAttempt(rerun.runAttempt())
                            .build();
                });
    }

    /// The deployment that is to come back.
    private Deployment goodOne(EnvironmentState environment, long to) {
        Optional<Deployment> found =
                to == 0
                        ? deliveries.goodBefore(environment)
                        : rows.deployment(new Deployment.Name(environment.name(), to))
                                .filter(Deployment::succeeded);
        return found.orElseThrow(
                () ->
                        new SlipwayException(
                                ErrorCode.DEPLOYMENT_NOT_FOUND,
                                to == 0
                                        ? "No deployment to '%s' was good before the current one."
                                                .formatted(environment.label())
                                        : ("'%s' has no deployment %d that succeeded; `slipway"
                                                        + " deployments` lists them.")
                                                .formatted(environment.label(), to)));
    }

    @Override
    public void getDora(GetDoraRequest request, StreamObserver<GetDoraResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    Instant to =
                            request.hasTo() ? EnvironmentRequests.at(request.getTo()) : clock.now();
                    Instant from =
                            request.hasFrom()
                                    ? EnvironmentRequests.at(request.getFrom())
                                    : to.minus(USUAL_WINDOW);
                    if (!from.isBefore(to)) {
                        throw new SlipwayException(
                                ErrorCode.INVALID_ARGUMENT, "`from` must be before `to`.");
                    }
                    var filter = new Filter(request.getProject(), request.getEnvironment());
                    return GetDoraResponse.newBuilder()
                            .addAllFigures(
                                    deliveries.dora(filter, from, to).stream()
                                            .map(DeploymentMessages::figures)
                                            .toList())
                            .build();
                });
    }

    @Override
    public void openIncident(
            OpenIncidentRequest request, StreamObserver<OpenIncidentResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    Engine engine = leadership.require().engine();
                    EnvironmentState environment =
                            deliveries.only(request.getProject(), request.getEnvironment());
                    var incident =
                            engine.ask(
                                    new Command.OpenIncident(
                                            environment.name(),
                                            request.getDeployment(),
                                            EnvironmentRequests.cut(request.getKey()),
                                            EnvironmentRequests.cut(request.getTitle()),
                                            Asked.who(request.getBy())));
                    return OpenIncidentResponse.newBuilder()
                            .setIncident(DeploymentMessages.incident(incident))
                            .build();
                });
    }

    @Override
    public void closeIncident(
            CloseIncidentRequest request, StreamObserver<CloseIncidentResponse> answers) {
        calls.unary(
                answers,
                () ->
                        CloseIncidentResponse.newBuilder()
                                .setIncident(
                                        DeploymentMessages.incident(
                                                leadership
                                                        .require()
                                                        .engine()
                                                        .ask(
                                                                new Command.CloseIncident(
                                                                        request.getId(),
                                                                        request.getKey(),
                                                                        Asked.who(
                                                                                request.getBy())))))
                                .build());
    }

    @Override
    public void listIncidents(
            ListIncidentsRequest request, StreamObserver<ListIncidentsResponse> answers) {
        calls.unary(
                answers,
                () ->
                        ListIncidentsResponse.newBuilder()
                                .addAllIncidents(
                                        deliveries
                                                .incidents(
                                                        new Filter(
                                                                request.getProject(),
                                                                request.getEnvironment()),
                                                        request.getOpenOnly(),
                                                        Asked.limit(
                                                                request.getLimit(),
                                                                USUAL_LIMIT,
                                                                MAX_LIMIT))
                                                .stream()
                                                .map(DeploymentMessages::incident)
                                                .toList())
                                .build());
    }

    private Environment environment(EnvironmentState state) {
        return DeploymentMessages.environment(
                state,
                rows.deployment(new Deployment.Name(state.name(), state.current())),
                rows.deployment(new Deployment.Name(state.name(), state.lastNumber())));
    }
}

package dev.slipway.cli.client;

import dev.slipway.api.v1.CloseIncidentRequest;
import dev.slipway.api.v1.EnvironmentServiceGrpc;
import dev.slipway.api.v1.EnvironmentServiceGrpc.EnvironmentServiceBlockingStub;
import dev.slipway.api.v1.GetDoraRequest;
import dev.slipway.api.v1.ListDeploymentsRequest;
import dev.slipway.api.v1.ListEnvironmentsRequest;
import dev.slipway.api.v1.ListIncidentsRequest;
import dev.slipway.api.v1.OpenIncidentRequest;
import dev.slipway.api.v1.ReviewJobsRequest;
import dev.slipway.api.v1.RollBackRequest;

import io.grpc.Channel;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Environments and deployments over gRPC.
final class GrpcDeliveries implements Deliveries {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Connection connection;

    GrpcDeliveries(Connection connection) {
        this.connection = connection;
    }

    private static EnvironmentServiceBlockingStub service(Channel channel) {
        return EnvironmentServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public List<EnvironmentInfo> environments(String project) throws InterruptedException {
        var request = ListEnvironmentsRequest.newBuilder().setProject(project).build();
        return connection
                .call(channel -> service(channel).listEnvironments(request))
                .getEnvironmentsList()
                .stream()
                .map(DeliveryMessages::environment)
                .toList();
    }

    @Override
    public List<DeploymentInfo> deployments(Filter filter, int limit) throws InterruptedException {
        var request =
                ListDeploymentsRequest.newBuilder()
                        .setProject(filter.project())
                        .setEnvironment(filter.environment())
                        .setLimit(limit)
                        .build();
        return connection
                .call(channel -> service(channel).listDeployments(request))
                .getDeploymentsList()
                .stream()
                .map(DeliveryMessages::deployment)
                .toList();
    }

    @Override
    public List<DoraInfo> dora(Filter filter, Instant from, Instant to)
            throws InterruptedException {
        var request =
                GetDoraRequest.newBuilder()
                        .setProject(filter.project())
                        .setEnvironment(filter.environment())
                        .setFrom(Messages.timestamp(from))
                        .setTo(Messages.timestamp(to))
                        .build();
        return connection
                .call(channel -> service(channel).getDora(request))
                .getFiguresList()
                .stream()
                .map(DeliveryMessages::dora)
                .toList();
    }

    @Override
    public List<IncidentInfo> incidents(Filter filter, boolean openOnly, int limit)
            throws InterruptedException {
        var request =
                ListIncidentsRequest.newBuilder()
                        .setProject(filter.project())
                        .setEnvironment(filter.environment())
                        .setOpenOnly(openOnly)
                        .setLimit(limit)
                        .build();
        return connection
                .call(channel -> service(channel).listIncidents(request))
                .getIncidentsList()
                .stream()
                .map(DeliveryMessages::incident)
                .toList();
    }

    @Override
    public EnvironmentInfo configure(
            String project, String environment, EnvironmentInfo.Changes changes)
            throws InterruptedException {
        var request = DeliveryMessages.configure(project, environment, changes);
        return DeliveryMessages.environment(
                connection
                        .call(channel -> service(channel).configureEnvironment(request))
                        .getEnvironment());
    }

    @Override
    public List<String> review(Review review) throws InterruptedException {
        var request =
                ReviewJobsRequest.newBuilder()
                        .setRun(review.run())
                        .setJob(review.job())
                        .setReject(review.reject())
                        .setComment(review.comment())
                        .setReviewer(review.by())
                        .build();
        return connection.call(channel -> service(channel).reviewJobs(request)).getJobsList();
    }

    @Override
    public RolledBack rollBack(Filter filter, long to, String token) throws InterruptedException {
        var request =
                RollBackRequest.newBuilder()
                        .setProject(filter.project())
                        .setEnvironment(filter.environment())
                        .setTo(to)
                        .setClientToken(token)
                        .build();
        var answer = connection.call(channel -> service(channel).rollBack(request));
        return new RolledBack(
                DeliveryMessages.deployment(answer.getDeployment()),
                answer.getRun(),
                answer.getRunAttempt());
    }

    @Override
    public IncidentInfo open(NewIncident incident) throws InterruptedException {
        var request =
                OpenIncidentRequest.newBuilder()
                        .setProject(incident.filter().project())
                        .setEnvironment(incident.filter().environment())
                        .setDeployment(incident.deployment())
                        .setKey(incident.key())
                        .setTitle(incident.title())
                        .setBy(incident.by())
                        .build();
        return DeliveryMessages.incident(
                connection.call(channel -> service(channel).openIncident(request)).getIncident());
    }

    @Override
    public IncidentInfo close(long id, String key, String by) throws InterruptedException {
        var request = CloseIncidentRequest.newBuilder().setId(id).setKey(key).setBy(by).build();
        return DeliveryMessages.incident(
                connection.call(channel -> service(channel).closeIncident(request)).getIncident());
    }
}

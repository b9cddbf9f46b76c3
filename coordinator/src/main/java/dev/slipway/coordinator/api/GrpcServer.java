package dev.slipway.coordinator.api;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// All services on one port. Handlers run on the network's threads and never block: bodies run on
/// threads of their own.
public final class GrpcServer implements AutoCloseable {
    /// An agent says all summaries of an attempt at once (1 MiB a step), and an artifact's files.
    private static final int MAX_MESSAGE = 16 << 20;

    private static final int MAX_METADATA = 16 << 10;

    private final InetSocketAddress address;
    private final Server server;
    private final HealthStatusManager health = new HealthStatusManager();
    private final CallCounts counts = new CallCounts();
    private final RunWatch watch;

    /// @param address where to listen; port 0: any free one
    /// @param watch hears what is committed
    public GrpcServer(InetSocketAddress address, ApiParts parts, RunWatch watch) {
        this.address = address;
        this.watch = watch;
        var calls = new Calls(parts.threads(), parts.timers(), parts.watchers());
        var reader = new RunReader(parts.runs(), parts.logs(), parts.leadership());
        this.server =
                NettyServerBuilder.forAddress(address)
                        .directExecutor()
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .maxInboundMetadataSize(MAX_METADATA)
                        .permitKeepAliveTime(5, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .keepAliveTime(20, TimeUnit.SECONDS)
                        .keepAliveTimeout(10, TimeUnit.SECONDS)
                        .intercept(counts)
                        .addService(new RunApi(calls, parts, reader, watch))
                        .addService(new LogApi(calls, parts, reader, watch))
                        .addService(new AgentApi(calls, parts))
                        .addService(new ArtifactApi(calls, parts, reader))
                        .addService(new BlobApi(calls, parts))
                        .addService(new FarmApi(calls, parts))
                        .addService(new SessionApi(calls, parts))
                        .addService(new StorageApi(calls, parts))
                        .addService(new DeploymentSteps(calls, parts))
                        .addService(new EnvironmentApi(calls, parts))
                        .addService(new NotificationApi(calls, parts))
                        .addService(new CheckpointApi(calls, parts))
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .addService(olderReflection())
                        .build();
    }

    /// What grpcurl before 1.9 and the Python client still ask for.
    @SuppressWarnings("deprecation")
    private static BindableService olderReflection() {
        return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
    }

    /// Begins to listen.
    ///
    /// @return the port
    /// @throws SlipwayException when the address cannot be used
    public int start() {
        try {
            server.start();
        } catch (IOException problem) {
            String where = address.getHostString() + ":" + address.getPort();
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot listen on %s (%s). Is another coordinator running there? Choose"
                                    .formatted(where, problem.getMessage())
                            + " another address with --listen.",
                    problem);
        }
        health.setStatus("", ServingStatus.SERVING);
        server.getServices()
                .forEach(
                        service ->
                                health.setStatus(
                                        service.getServiceDescriptor().getName(),
                                        ServingStatus.SERVING));
        return server.getPort();
    }

    public CallCounts counts() {
        return counts;
    }

    /// How many runs are watched.
    public int watching() {
        return watch.watching();
    }

    /// Ends all calls at once: agents and followers come back by themselves.
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

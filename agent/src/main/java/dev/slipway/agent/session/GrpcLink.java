package dev.slipway.agent.session;

import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;

import java.util.concurrent.TimeUnit;

/// Connections over gRPC on plain HTTP/2.
///
/// Callbacks run on the network's threads (`directExecutor`): they only hand messages on.
public final class GrpcLink implements CoordinatorLink {
    /// A chunk holds at most 8 MiB of plain lines; job specs may be larger than gRPC's 4 MiB.
    static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    @Override
    public Connection connect(String coordinator, Receiver receiver) {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(target(coordinator))
                        .negotiationType(NegotiationType.PLAINTEXT)
                        .directExecutor()
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .keepAliveTime(20, TimeUnit.SECONDS)
                        .keepAliveTimeout(10, TimeUnit.SECONDS)
                        .keepAliveWithoutCalls(false)
                        .disableRetry()
                        .build();
        return new GrpcConnection(channel, receiver);
    }

    private static String target(String coordinator) {
        return coordinator.contains("://") ? coordinator : "dns:///" + coordinator;
    }
}

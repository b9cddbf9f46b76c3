package dev.slipway.coordinator;

import com.google.rpc.ErrorInfo;

import dev.slipway.api.v1.FarmServiceGrpc;
import dev.slipway.api.v1.GetFarmRequest;
import dev.slipway.api.v1.GetFarmResponse;
import dev.slipway.api.v1.ListMembersRequest;
import dev.slipway.api.v1.Member;
import dev.slipway.coordinator.engine.InMemoryRegistry;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.coordinator.journal.InMemoryClusterLogs;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.time.SystemTimers;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Coordinators of one cluster in this process.
final class ClusterFixture implements AutoCloseable {
    private static final Duration QUICK = Duration.ofMillis(50);

    final SystemTimers timers = new SystemTimers("test-timers");
    final InMemoryClusterLogs logs = new InMemoryClusterLogs(timers);
    final InMemoryRegistry registry = new InMemoryRegistry();
    ClusterAccess.Pace pace = new ClusterAccess.Pace(QUICK, QUICK, 1_000, 1_000);
    private final Path folder;
    private final List<Node> nodes = new ArrayList<>();

    ClusterFixture(Path folder) {
        this.folder = folder;
        SecretBox.open(folder.resolve("keys"));
    }

    Node start(String id) throws InterruptedException {
        var coordinator =
                Coordinator.open(
                        settings(id, Map.of("zookeeper", "model:1", "member-id", id)),
                        Coordinator.Ports.system(timers),
                        "test",
                        Optional.of(
                                (settings, ports) ->
                                        new ClusterAccess.Cluster(
                                                () -> {}, logs.member(), registry.member(), pace)));
        var node = new Node(id, coordinator, coordinator.start().grpc().toString());
        nodes.add(node);
        return node;
    }

    /// Waits until the leader has trimmed both logs.
    void awaitTrimmed() throws InterruptedException {
        try (var look = logs.member()) {
            while (look.firstKept(LogName.CONTROL) == 1 || look.firstKept(LogName.OUTPUT) == 1) {
                timers.pause(QUICK);
            }
        }
    }

    void startAlone(String id) throws InterruptedException {
        Coordinator.open(settings(id, Map.of()), Coordinator.Ports.system(timers), "test").close();
    }

    private CoordinatorSettings settings(String id, Map<String, String> more) {
        var flags = new java.util.HashMap<>(more);
        flags.put("data", folder.resolve(id).toString());
        flags.put("key-file", folder.resolve("keys").toString());
        flags.put("listen", "127.0.0.1:0");
        if (flags.containsKey("zookeeper")) {
            flags.put("blobs", folder.resolve("blobs").toString());
        }
        return CoordinatorSettings.read(flags, Map.of(), Map.of());
    }

    static ErrorInfo info(StatusRuntimeException problem) {
        try {
            return StatusProto.fromThrowable(problem).getDetails(0).unpack(ErrorInfo.class);
        } catch (com.google.protobuf.InvalidProtocolBufferException wrong) {
            throw new AssertionError(wrong);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::kill);
        timers.close();
    }

    /// One of them.
    final class Node {
        private final String id;
        private final Coordinator coordinator;
        private final String address;
        private final List<ManagedChannel> channels = new ArrayList<>();
        private final ManagedChannel own;
        private boolean killed;

        Node(String id, Coordinator coordinator, String address) {
            this.id = id;
            this.coordinator = coordinator;
            this.address = address;
            this.own = newChannel();
        }

        Coordinator coordinator() {
            return coordinator;
        }

        String address() {
            return address;
        }

        ManagedChannel channel() {
            return own;
        }

        ManagedChannel newChannel() {
            var channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
            channels.add(channel);
            return channel;
        }

        /// Ends without a goodbye: what is under way is fenced, not finished.
        void kill() {
            if (killed) {
                return;
            }
            killed = true;
            channels.forEach(ManagedChannel::shutdownNow);
            registry.forget(id);
            coordinator.close();
        }

        void awaitLeads() {
            await(coordinator::leads);
        }

        void awaitPosition(long position) {
            await(() -> farm().getPosition() >= position);
        }

        GetFarmResponse farm() {
            return FarmServiceGrpc.newBlockingStub(channel())
                    .getFarm(GetFarmRequest.getDefaultInstance());
        }

        /// The members once all of them have told that they are at a position.
        List<Member> awaitMembers(int count, long position) {
            var seen = new ArrayList<Member>();
            await(
                    () -> {
                        seen.clear();
                        seen.addAll(
                                FarmServiceGrpc.newBlockingStub(channel())
                                        .listMembers(ListMembersRequest.getDefaultInstance())
                                        .getMembersList());
                        return seen.size() == count
                                && seen.stream()
                                        .allMatch(member -> member.getPosition() >= position);
                    });
            return seen;
        }

        private void await(BooleanSupplier condition) {
            try {
                while (!condition.getAsBoolean()) {
                    timers.pause(Duration.ofMillis(10));
                }
            } catch (InterruptedException late) {
                throw new AssertionError("waited too long", late);
            }
        }
    }
}

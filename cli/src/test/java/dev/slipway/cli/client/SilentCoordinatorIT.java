package dev.slipway.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.api.v1.FarmServiceGrpc;
import dev.slipway.api.v1.GetFarmRequest;
import dev.slipway.api.v1.GetFarmResponse;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.WatchRunRequest;
import dev.slipway.api.v1.WatchRunResponse;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A coordinator that stands still keeps no command waiting: not before its first word, and not
/// after it.
@Timeout(30)
class SilentCoordinatorIT {
    private static final Connection.Limits LIMITS =
            new Connection.Limits(
                    Duration.ofMillis(500),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(3));

    private final Ports ports = Ports.system();
    private final List<Server> servers = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();

    /// Its kernel accepts connections, it does not.
    private ServerSocket stopped;

    @BeforeEach
    void open() throws Exception {
        stopped = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        servers.forEach(Server::shutdownNow);
        stopped.close();
        ports.close();
    }

    @Test
    void callsGoOnBehindACoordinatorThatStandsStill() throws Exception {
        try (var farm = farm(address(stopped.getLocalPort()) + "," + serve(new Answers()))) {
            assertThat(farm.info().farmId()).isEqualTo("here");
        }
    }

    @Test
    void streamsGoOnBehindACoordinatorThatStandsStill() throws Exception {
        try (var farm = farm(address(stopped.getLocalPort()) + "," + serve(new Answers()))) {
            var changes = new ArrayList<RunChange>();

            farm.watch(1, changes::add);

            assertThat(changes).extracting(RunChange::position).containsExactly(7L);
        }
    }

    @Test
    void callWithoutAnAnswerIsMadeAgainAtTheNextCoordinator() throws Exception {
        try (var farm = farm(serve(new Silence()) + "," + serve(new Answers()))) {
            assertThat(farm.info().farmId()).isEqualTo("here");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void slowAnswerIsWaitedForLongerEachTime() throws Exception {
        try (var farm = farm(serve(new Slow(Duration.ofMillis(1_200))))) {
            assertThat(farm.info().farmId()).isEqualTo("slow");
            assertThat(asked.get()).isGreaterThan(1);
        }
    }

    @Test
    void farmOfWhichEveryCoordinatorStandsStillIsUnreachable() throws Exception {
        String address = address(stopped.getLocalPort());
        try (var farm = farm(address)) {
            assertThatThrownBy(farm::info)
                    .isInstanceOfSatisfying(
                            SlipwayException.class,
                            problem ->
                                    assertThat(problem.code())
                                            .isEqualTo(ErrorCode.FARM_UNREACHABLE))
                    .hasMessageContaining(address)
                    .hasMessageContaining("stand still");
        }
    }

    private GrpcFarm farm(String addresses) {
        List<ServerAddress> parsed = ServerAddress.parseAll(addresses);
        return new GrpcFarm(parsed, () -> parsed, ports, said -> {}, LIMITS);
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    private String serve(FarmServiceGrpc.FarmServiceImplBase farm) throws Exception {
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(farm)
                        .addService(new OneChange())
                        .build()
                        .start();
        servers.add(server);
        return address(server.getPort());
    }

    private static void answer(StreamObserver<GetFarmResponse> answers, String id) {
        answers.onNext(GetFarmResponse.newBuilder().setFarmId(id).build());
        answers.onCompleted();
    }

    private static final class Answers extends FarmServiceGrpc.FarmServiceImplBase {
        @Override
        public void getFarm(GetFarmRequest request, StreamObserver<GetFarmResponse> answers) {
            answer(answers, "here");
        }
    }

    private final class Silence extends FarmServiceGrpc.FarmServiceImplBase {
        @Override
        public void getFarm(GetFarmRequest request, StreamObserver<GetFarmResponse> answers) {
            asked.incrementAndGet();
        }
    }

    private final class Slow extends FarmServiceGrpc.FarmServiceImplBase {
        private final Duration pause;

        private Slow(Duration pause) {
            this.pause = pause;
        }

        @Override
        public void getFarm(GetFarmRequest request, StreamObserver<GetFarmResponse> answers) {
            asked.incrementAndGet();
            ports.timers().after(pause, () -> answer(answers, "slow"));
        }
    }

    private static final class OneChange extends RunServiceGrpc.RunServiceImplBase {
        @Override
        public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> answers) {
            answers.onNext(WatchRunResponse.newBuilder().setPosition(7).build());
            answers.onCompleted();
        }
    }
}

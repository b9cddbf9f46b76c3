package dev.slipway.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import dev.slipway.agent.Agent;
import dev.slipway.agent.settings.AgentSettings;
import dev.slipway.agent.settings.ContainerLimits;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.WorkflowFile;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.coordinator.ClusterAccess;
import dev.slipway.coordinator.Coordinator;
import dev.slipway.coordinator.engine.InMemoryRegistry;
import dev.slipway.coordinator.journal.InMemoryClusterLogs;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.time.SystemTimers;

import io.grpc.netty.NettyChannelBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;

/// What people see of a failover: nothing. Two coordinators, a real agent with a real step, and the
/// clients of `run`, `watch` and `logs -f`; the cluster's logs and registry are models in memory.
@Timeout(60)
class FailoverIT {
    private static final ClusterAccess.Pace PACE =
            new ClusterAccess.Pace(Duration.ofMillis(50), Duration.ofSeconds(1), 1_000, 1_000);

    @TempDir Path folder;
    private final SystemTimers timers = new SystemTimers("test-timers");
    private final InMemoryClusterLogs logs = new InMemoryClusterLogs(timers);
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Ports ports;
    private Coordinator first;
    private Coordinator second;
    private String firstAddress;
    private String secondAddress;

    @BeforeEach
    void open() throws Exception {
        ports = Ports.system();
        SecretBox.open(folder.resolve("keys"));
        first = coordinator("first");
        firstAddress = first.start().grpc().toString();
        awaitLeads(first);
        second = coordinator("second");
        secondAddress = second.start().grpc().toString();
    }

    private Coordinator coordinator(String id) throws InterruptedException {
        var flags =
                Map.of(
                        "data",
                        folder.resolve(id).toString(),
                        "key-file",
                        folder.resolve("keys").toString(),
                        "listen",
                        "127.0.0.1:0",
                        "zookeeper",
                        "model:1",
                        "blobs",
                        folder.resolve("blobs").toString(),
                        "member-id",
                        id);
        var coordinator =
                Coordinator.open(
                        CoordinatorSettings.read(flags, Map.of(), Map.of()),
                        Coordinator.Ports.system(timers),
                        "test",
                        Optional.of(
                                (settings, its) ->
                                        new ClusterAccess.Cluster(
                                                () -> {}, logs.member(), registry.member(), PACE)));
        opened.add(coordinator);
        return coordinator;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        ports.close();
        timers.close();
    }

    @Test
    void followersOfARunGoOnAtTheNextLeaderWithoutGapOrDuplicate() throws Exception {
        Path go = folder.resolve("go");
        long run = submit(go);
        agent();
        GrpcFarm atLeader = farm(firstAddress + "," + secondAddress);
        GrpcFarm atStandby = farm(secondAddress + "," + firstAddress);
        var lines = new CopyOnWriteArrayList<String>();
        var others = new CopyOnWriteArrayList<String>();
        FutureTask<Void> log = start(() -> read(atLeader, run, lines));
        FutureTask<Void> other = start(() -> read(atStandby, run, others));
        var changes = new CopyOnWriteArrayList<RunChange>();
        FutureTask<Void> watch = start(() -> atLeader.watch(run, changes::add));
        awaitLine(lines, "before 5");

        registry.forget("first");
        first.close();
        awaitLeads(second);
        Files.createFile(go);

        log.get();
        other.get();
        watch.get();
        assertThat(lines)
                .containsExactly(
                        "before 1", "before 2", "before 3", "before 4", "before 5", "after");
        assertThat(others).isEqualTo(lines);
        Run last =
                changes.stream()
                        .map(RunChange::run)
                        .flatMap(java.util.stream.Stream::ofNullable)
                        .toList()
                        .getLast();
        assertThat(last.conclusion()).isEqualTo(Conclusion.SUCCESS);
        assertThat(changes).extracting(RunChange::position).isSorted();
        RunDetail detail = atStandby.get(run);
        assertThat(detail.jobs())
                .singleElement()
                .satisfies(
                        job -> assertThat(job.attempts()).as("the job did not notice").hasSize(1));
        assertThat(said).as("a failover is not worth a word").isEmpty();
    }

    @Test
    void writersAtAStandbyAreLedToTheLeader() throws Exception {
        long run = submit(folder.resolve("never"));

        assertThat(farm(secondAddress).cancel(run, "", "not needed", false)).isTrue();
        assertThat(farm(secondAddress).members())
                .extracting(MemberInfo::leads)
                .containsExactlyInAnyOrder(true, false);
        assertThat(farm(secondAddress).info().leaderAddress()).isEqualTo(firstAddress);
    }

    private static void read(GrpcFarm farm, long run, List<String> into)
            throws InterruptedException {
        farm.readLog(
                new LogQuery(run, "", 0, "", true, true),
                lines -> lines.forEach(line -> into.add(line.text())));
    }

    private long submit(Path go) {
        String script =
                "for i in 1 2 3 4 5; do echo before $i; done; while [ ! -f '%s' ]; do sleep 0.05;"
                                .formatted(go)
                        + " done; echo after";
        String workflow =
                """
                on: push
                jobs:
                  a:
                    runs-on: linux
                    steps:
                      - run: |
                          %s
                """
                        .formatted(script);
        var channel = NettyChannelBuilder.forTarget(firstAddress).usePlaintext().build();
        try {
            return RunServiceGrpc.newBlockingStub(channel)
                    .submitRun(
                            SubmitRunRequest.newBuilder()
                                    .setClientToken("one")
                                    .setProject("shop")
                                    .setWorkflow(
                                            WorkflowFile.newBuilder()
                                                    .setPath(".github/workflows/ci.yml")
                                                    .setSource(ByteString.copyFromUtf8(workflow)))
                                    .setEventName("push")
                                    .setRef("refs/heads/main")
                                    .build())
                    .getRun();
        } finally {
            channel.shutdownNow();
        }
    }

    private void agent() throws Exception {
        var settings =
                new AgentSettings(
                        List.of(firstAddress, secondAddress),
                        "one",
                        List.of("linux"),
                        1,
                        folder.resolve("work"),
                        AgentSettings.DEFAULT_DISK_BUDGET,
                        0,
                        Duration.ofSeconds(1),
                        AgentSettings.inheritable(System.getenv()),
                        ContainerLimits.NONE);
        Agent agent = Agent.start(settings, "test");
        opened.add(agent);
    }

    private GrpcFarm farm(String servers) {
        var farm = new GrpcFarm(ServerAddress.parseAll(servers), ports, said::add);
        opened.add(farm);
        return farm;
    }

    /// Something that takes long.
    private interface Body {
        void run() throws Exception;
    }

    private static FutureTask<Void> start(Body body) {
        var task =
                new FutureTask<Void>(
                        () -> {
                            body.run();
                            return null;
                        });
        Thread.ofVirtual().start(task);
        return task;
    }

    private void awaitLeads(Coordinator coordinator) throws InterruptedException {
        while (!coordinator.leads()) {
            timers.pause(Duration.ofMillis(10));
        }
    }

    private void awaitLine(List<String> lines, String wanted) throws InterruptedException {
        while (!lines.contains(wanted)) {
            timers.pause(Duration.ofMillis(10));
        }
    }
}

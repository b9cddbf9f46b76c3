package dev.slipway.cli.bench;

import dev.slipway.cli.client.BlobRef;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmOption;
import dev.slipway.cli.client.GrpcFarm;
import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.project.SourceBundle;
import dev.slipway.cli.project.WorkingTree;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `slipway bench`: what a farm can take.
@Command(
        description = {
            "Simulated agents connect over gRPC and get no-op jobs; printed are job starts per"
                    + " second, percentiles from the submission to the start, and log throughput.",
            "Without --server a coordinator is started in a process of its own, with a data"
                    + " directory that is deleted at the end."
        },
        footer = {
            "  slipway bench --agents 100 --jobs 10000",
            "  slipway bench --server farm:7433 --agents 10000 --connections 64 --jobs 0 --hold 60",
            "  slipway bench --agents 8 --jobs 64 --log-bytes 16777216"
        })
public final class BenchCommand extends CliCommand {
    @Mixin private FarmOption farmOption = new FarmOption();

    @Option(
            names = "--agents",
            paramLabel = "N",
            defaultValue = "100",
            description = "Simulated agents (default: 100).")
    private int agents;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "4",
            description = "Slots of each (default: 4).")
    private int slots;

    @Option(
            names = "--jobs",
            paramLabel = "M",
            defaultValue = "10000",
            description = "Jobs to submit, one a run (default: 10000).")
    private int jobs;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "0",
            description = "Submissions per second (default: as fast as the farm takes them).")
    private int rate;

    @Option(
            names = "--connections",
            paramLabel = "C",
            defaultValue = "8",
            description = "Connections that the agents share (default: 8).")
    private int connections;

    @Option(
            names = "--log-bytes",
            paramLabel = "BYTES",
            description =
                    "Output of each job (default: none; log throughput is then measured by some"
                            + " more jobs at the end).")
    private @Nullable Long logBytes;

    @Option(
            names = "--hold",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Stay connected and idle for so long first.")
    private int hold;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public BenchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Ports ports = Ports.system()) {
            var settings =
                    new BenchSettings(
                            agents,
                            slots,
                            jobs,
                            rate,
                            connections,
                            logBytes == null ? 0 : logBytes,
                            hold,
                            "bench-" + ports.ids().fresh().substring(0, 8));
            Optional<List<ServerAddress>> named = farmOption.addresses(terminal);
            if (named.isPresent()) {
                measure(settings, named.get().getFirst(), ports);
                return 0;
            }
            try (var coordinator = BenchCoordinator.start(terminal)) {
                measure(settings, coordinator.address(), ports);
            }
            return 0;
        }
    }

    private void measure(BenchSettings settings, ServerAddress server, Ports ports)
            throws IOException, InterruptedException {
        BlobRef bundle = emptyTree(server, ports);
        Measurements jobsOnly = measure(settings, server, bundle, ports);
        boolean more = logBytes == null && settings.jobs() > 0;
        var report =
                new BenchReport(
                        settings,
                        jobsOnly,
                        more ? measure(settings.forLogs(), server, bundle, ports) : jobsOnly);
        if (json) {
            terminal.print(report.json());
        } else {
            report.lines().forEach(terminal::print);
        }
    }

    private Measurements measure(
            BenchSettings settings, ServerAddress server, BlobRef bundle, Ports ports)
            throws InterruptedException {
        EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var channels = new ArrayList<ManagedChannel>();
        try {
            for (int i = 0; i <= Math.min(settings.connections(), settings.agents()); i++) {
                channels.add(channel(server, eventLoop));
            }
            var measurements = new Measurements(ports.clock(), settings.jobs());
            List<SimulatedAgent> all = connect(settings, measurements, channels, ports);
            measurements.throwFailure();
            ports.timers().pause(Duration.ofSeconds(settings.hold()));
            new Load(settings, measurements, ports, channels.getLast(), bundle).run();
            measurements.awaitEnd();
            all.forEach(SimulatedAgent::close);
            return measurements;
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
            eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private List<SimulatedAgent> connect(
            BenchSettings settings,
            Measurements measurements,
            List<ManagedChannel> channels,
            Ports ports)
            throws InterruptedException {
        var shared =
                new SimulatedAgent.Shared(
                        settings,
                        measurements,
                        ports.timers(),
                        new SampleLog(ports.clock().now()),
                        ports.clock().now());
        var joined = new CountDownLatch(settings.agents());
        var all = new ArrayList<SimulatedAgent>();
        Duration begin = ports.clock().uptime();
        for (int i = 0; i < settings.agents(); i++) {
            var agent =
                    new SimulatedAgent(
                            ports.ids().fresh(),
                            settings.label() + "-" + i,
                            channels.get(i % (channels.size() - 1)),
                            shared,
                            joined::countDown);
            agent.connect();
            all.add(agent);
        }
        joined.await();
        terminal.message(
                "%d agents joined in %d ms"
                        .formatted(
                                settings.agents(), ports.clock().uptime().minus(begin).toMillis()));
        return all;
    }

    private static ManagedChannel channel(ServerAddress server, EventLoopGroup eventLoop) {
        return NettyChannelBuilder.forAddress(server.host(), server.port())
                .usePlaintext()
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(eventLoop)
                .directExecutor()
                .build();
    }

    private BlobRef emptyTree(ServerAddress server, Ports ports)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("slipway-bench-");
        try (SourceBundle bundle = SourceBundle.pack(WorkingTree.of(folder, false, List.of()));
                Farm farm = new GrpcFarm(List.of(server), ports, terminal::message)) {
            farm.upload(bundle.blob(), bundle.file());
            return bundle.blob();
        } finally {
            Files.delete(folder);
        }
    }
}

package dev.slipway.cli.serve;

import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.servers.LocalZooKeeper;
import dev.slipway.coordinator.servers.ZooKeeperSettings;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/// `slipway zookeeper`.
@Command(
        description = {
            "For trials and small clusters; any ZooKeeper 3.5 or newer does as well. One server, or"
                    + " three with --id and --servers, of which one may be lost.",
            "Every option can also be set by a variable, e.g. SLIPWAY_ZOOKEEPER_DATA for --data."
                    + " Prints one line when it listens; SIGTERM ends it in order."
        },
        footer = {
            "  slipway zookeeper --data /var/lib/slipway-zookeeper --listen 127.0.0.1:2181",
            "  slipway zookeeper --data ./zk --listen a:2181 --id 1 \\",
            "      --servers '1=a:2888:3888;2=b:2888:3888;3=c:2888:3888'"
        })
public final class ZooKeeperCommand extends ServerCommand {
    @Option(names = "--data", paramLabel = "DIR", description = "Directory for all that it keeps.")
    private @Nullable String data;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where its clients reach it (default: 127.0.0.1:2181).")
    private @Nullable String listen;

    @Option(
            names = "--id",
            paramLabel = "N",
            description = "This server's number among --servers, 1 to 255.")
    private @Nullable String id;

    @Option(
            names = "--servers",
            paramLabel = "N=HOST:PEER:ELECTION;…",
            description = "All servers, this one included, with the two ports for one another.")
    private @Nullable String servers;

    public ZooKeeperCommand(Terminal terminal) {
        super(terminal, "zookeeper");
    }

    @Override
    Server start(SystemTimers timers) throws InterruptedException {
        Path folder = setting("data", data, null, Path::of, Path.of("."));
        Address address = listen(listen, "127.0.0.1:2181");
        int number = setting("id", id, "0", ZooKeeperCommand::number, 0);
        SortedMap<Integer, ZooKeeperSettings.Peer> peers =
                setting("servers", servers, "", ZooKeeperSettings::parseServers, new TreeMap<>());
        ZooKeeperSettings settings =
                valid(
                        () ->
                                new ZooKeeperSettings(
                                        folder.toAbsolutePath().normalize(),
                                        address,
                                        number,
                                        peers));
        LocalZooKeeper server = LocalZooKeeper.start(settings, new SystemThreads());
        return new Server() {
            @Override
            public String describe() {
                String place =
                        peers.isEmpty() ? "" : " id=%d servers=%d".formatted(number, peers.size());
                return "listen=%s%s data=%s".formatted(server.address(), place, settings.data());
            }

            @Override
            public String awaitFailure() throws InterruptedException {
                return server.awaitFailure();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("not a whole number", wrong);
        }
    }
}

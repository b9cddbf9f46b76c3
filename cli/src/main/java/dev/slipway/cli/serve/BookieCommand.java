package dev.slipway.cli.serve;

import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.servers.BookieSettings;
import dev.slipway.coordinator.servers.LocalBookie;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.Units;
import dev.slipway.coordinator.settings.ZooKeeperAddress;
import dev.slipway.id.SecureIds;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// `slipway bookie`.
@Command(
        description = {
            "A cluster needs three of them, on machines or at least disks of their own; with two"
                    + " alive it goes on, with one it refuses to write. The first start in a"
                    + " ZooKeeper makes the cluster's metadata.",
            "Every option can also be set by a variable, e.g. SLIPWAY_BOOKIE_DATA for --data."
                    + " Prints one line when it is ready; SIGTERM ends it in order."
        },
        footer = {
            "  slipway bookie --data /var/lib/slipway-bookie --listen node1:3181 --zookeeper"
                    + " node1:2181",
            "  slipway bookie --data ./bookie --zookeeper a:2181,b:2181,c:2181/slipway"
        })
public final class BookieCommand extends ServerCommand {
    @Option(names = "--data", paramLabel = "DIR", description = "Directory for all that it keeps.")
    private @Nullable String data;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where coordinators and other bookies reach it (default: 127.0.0.1:3181).")
    private @Nullable String listen;

    @Option(
            names = "--zookeeper",
            paramLabel = "HOST:PORT,…[/CHROOT]",
            description = "The cluster's ZooKeeper, as the coordinators are given it.")
    private @Nullable String zooKeeper;

    @Option(
            names = "--lost-after",
            paramLabel = "SPAN",
            description =
                    "Silence of another bookie after which what it held is copied again (default:"
                            + " 10m).")
    private @Nullable String lostAfter;

    public BookieCommand(Terminal terminal) {
        super(terminal, "bookie");
    }

    @Override
    Server start(SystemTimers timers) throws InterruptedException {
        Path folder = setting("data", data, null, Path::of, Path.of("."));
        Address address = listen(listen, "127.0.0.1:3181");
        ZooKeeperAddress ensemble =
                setting(
                        "zookeeper",
                        zooKeeper,
                        null,
                        ZooKeeperAddress::parse,
                        new ZooKeeperAddress(List.of(address), ""));
        Duration silence =
                setting(
                        "lost-after",
                        lostAfter,
                        "10m",
                        Units::duration,
                        BookieSettings.STANDARD_LOST_AFTER);
        BookieSettings settings =
                valid(
                        () ->
                                new BookieSettings(
                                        folder.toAbsolutePath().normalize(),
                                        address,
                                        ensemble,
                                        silence));
        LocalBookie bookie =
                LocalBookie.start(settings, new SecureIds(), new SystemThreads(), timers);
        return new Server() {
            @Override
            public String describe() {
                return "listen=%s id=%s zookeeper=%s data=%s"
                        .formatted(bookie.address(), bookie.id(), ensemble, settings.data());
            }

            @Override
            public String awaitFailure() throws InterruptedException {
                return bookie.awaitFailure();
            }

            @Override
            public void close() {
                bookie.close();
            }
        };
    }
}

package dev.slipway.coordinator;

import dev.slipway.coordinator.cluster.ZooKeeperConnection;
import dev.slipway.coordinator.journal.BookKeeperLogs;
import dev.slipway.coordinator.journal.LogsPorts;
import dev.slipway.coordinator.journal.LogsSettings;
import dev.slipway.coordinator.servers.BookieSettings;
import dev.slipway.coordinator.servers.LocalBookie;
import dev.slipway.coordinator.servers.LocalZooKeeper;
import dev.slipway.coordinator.servers.ZooKeeperSettings;
import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.ZooKeeperAddress;
import dev.slipway.id.Ids;
import dev.slipway.testkit.SeededIds;
import dev.slipway.time.Clock;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;
import dev.slipway.time.Threads;

import org.apache.curator.framework.CuratorFramework;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// One real ZooKeeper and real bookies in this JVM, on free ports and in a folder of the test's.
public final class TestCluster implements AutoCloseable {
    public final Clock clock = new SystemClock();
    public final Threads threads = new SystemThreads();
    public final SystemTimers timers = new SystemTimers("test-timers");
    public final Ids ids = new SeededIds(System.nanoTime());

    private final Path folder;
    private final List<LocalBookie> bookies = new ArrayList<>();
    private final Deque<Runnable> members = new ArrayDeque<>();
    private LocalZooKeeper zooKeeper;

    public TestCluster(Path folder, int bookieCount) throws InterruptedException {
        this.folder = folder;
        startZooKeeper(0);
        bookies.addAll(
                IntStream.range(0, bookieCount)
                        .parallel()
                        .mapToObj(number -> startBookie(number, 0))
                        .toList());
    }

    private void startZooKeeper(int port) throws InterruptedException {
        zooKeeper =
                LocalZooKeeper.start(
                        new ZooKeeperSettings(
                                folder.resolve("zookeeper"),
                                new Address("127.0.0.1", port),
                                0,
                                new TreeMap<>()),
                        threads);
    }

    /// Stops ZooKeeper, and gives what starts it again on the same data and port.
    public Restart stopZooKeeper() {
        int port = zooKeeper.address().port();
        zooKeeper.close();
        return () -> startZooKeeper(port);
    }

    public interface Restart {
        void start() throws InterruptedException;
    }

    public ZooKeeperAddress address() {
        return new ZooKeeperAddress(List.of(zooKeeper.address()), "/farm");
    }

    private LocalBookie startBookie(int number, int port) {
        try {
            return LocalBookie.start(
                    new BookieSettings(
                            data(number),
                            new Address("127.0.0.1", port),
                            address(),
                            Duration.ofSeconds(1)),
                    ids,
                    threads,
                    timers);
        } catch (InterruptedException asked) {
            throw new IllegalStateException(asked);
        }
    }

    private Path data(int number) {
        return folder.resolve("bookie-" + number);
    }

    public LocalBookie bookie(int number) {
        return bookies.get(number);
    }

    /// Ends a bookie's sockets and threads, as its clients see it: at once.
    public void stopBookie(int number) {
        bookies.get(number).close();
    }

    /// On its old data and port.
    public void restartBookie(int number) {
        bookies.set(number, startBookie(number, bookies.get(number).address().port()));
    }

    public void eraseBookie(int number) throws IOException {
        try (var files = Files.walk(data(number))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    public LogsSettings settings() {
        return LogsSettings.standard(address().ledgersUri());
    }

    /// A connection to ZooKeeper of its own, as each member has one.
    public CuratorFramework connect(Duration session) throws InterruptedException {
        CuratorFramework client = ZooKeeperConnection.open(address(), session);
        members.push(client::close);
        return client;
    }

    /// Another member's view of the logs.
    public BookKeeperLogs member(LogsSettings settings) throws InterruptedException {
        BookKeeperLogs logs =
                BookKeeperLogs.open(
                        connect(Duration.ofSeconds(10)),
                        settings,
                        new LogsPorts(clock, timers, threads, ids));
        members.push(logs::close);
        return logs;
    }

    public BookKeeperLogs member() throws InterruptedException {
        return member(settings());
    }

    @Override
    public void close() {
        while (!members.isEmpty()) {
            members.pop().run();
        }
        bookies.parallelStream().forEach(LocalBookie::close);
        zooKeeper.close();
        timers.close();
    }
}

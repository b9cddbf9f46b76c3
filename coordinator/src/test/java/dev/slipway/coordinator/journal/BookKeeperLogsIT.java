package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.TestCluster;
import dev.slipway.coordinator.journal.ClusterLogs.Claim;
import dev.slipway.coordinator.journal.ClusterLogs.LogEntry;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;

class BookKeeperLogsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ROUNDS = 15;

    @TempDir static Path folder;
    private static TestCluster cluster;

    private final List<BookKeeperLogs> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(folder, 3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void closeMembers() {
        opened.forEach(BookKeeperLogs::close);
    }

    private BookKeeperLogs member() throws InterruptedException {
        return member(cluster.settings());
    }

    private BookKeeperLogs member(LogsSettings settings) throws InterruptedException {
        BookKeeperLogs logs = cluster.member(settings);
        opened.add(logs);
        return logs;
    }

    private static Appender appender(String name, Claim claim, LogName log)
            throws InterruptedException {
        return new Appender(name, claim.open(log), claim.end(log) + 1);
    }

    private static List<String> readAll(ClusterLogs logs, LogName log, long after, long upTo)
            throws InterruptedException {
        var texts = new ArrayList<String>();
        long at = after;
        while (at < upTo) {
            int limit = (int) Math.min(100, upTo - at);
            List<LogEntry> some = logs.read(log, at, limit, PATIENCE);
            assertThat(some).as("entries of %s after %d", log, at).isNotEmpty();
            for (LogEntry entry : some) {
                assertThat(entry.position()).isEqualTo(++at);
                texts.add(new String(entry.bytes(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    private static List<String> written(String name, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(position -> Appender.text(name, position))
                .toList();
    }

    @Test
    void whatIsAppendedIsReadByOthersInOrder() throws Exception {
        try (Claim claim = member().claim()) {
            long end = claim.end(LogName.CONTROL);
            Appender appender = appender("a", claim, LogName.CONTROL);

            appender.append(500);
            appender.awaitDurable();

            assertThat(appender.durable())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(end + 1, end + 500).boxed().toList());
            // The last one of an idle ledger may stay unconfirmed (ADR 33).
            appender.append(1);
            assertThat(readAll(member(), LogName.CONTROL, end, end + 500))
                    .isEqualTo(written("a", end + 1, end + 500));
        }
    }

    @Test
    void lastEntryOfAnIdleLogIsReadSoon() throws Exception {
        try (Claim claim = member().claim()) {
            long end = claim.end(LogName.OUTPUT);
            Appender appender = appender("a", claim, LogName.OUTPUT);
            BookKeeperLogs standby = member();
            assertThat(standby.read(LogName.OUTPUT, end, 1, Duration.ZERO)).isEmpty();

            appender.append(1);

            long before = System.nanoTime();
            assertThat(standby.read(LogName.OUTPUT, end, 1, PATIENCE)).hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void tailFollowsTheLogFromLedgerToLedger() throws Exception {
        LogsSettings tiny =
                new LogsSettings(
                        cluster.settings().ledgersUri(), 3, 2, 2_000, Duration.ofHours(1), 1 << 20);
        try (Claim claim = member(tiny).claim()) {
            long end = claim.end(LogName.CONTROL);
            Appender appender = appender("a", claim, LogName.CONTROL);
            BookKeeperLogs standby = member();
            for (int burst = 0; burst < 4; burst++) {
                appender.append(200);
                appender.awaitDurable();
                long from = end + burst * 200L;
                assertThat(readAll(standby, LogName.CONTROL, from, from + 200))
                        .isEqualTo(written("a", from + 1, from + 200));
                awaitRoll(standby, from + 200);
            }
        }
    }

    private static void awaitRoll(BookKeeperLogs logs, long last) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (logs.node().refresh().ledgers(LogName.CONTROL).getLast().first() != last + 1) {
            assertThat(System.nanoTime()).as("no new ledger behind " + last).isLessThan(until);
            cluster.timers.pause(Duration.ofMillis(20));
        }
    }

    @Test
    void trimmedEntriesAreGoneAndTheOthersStay() throws Exception {
        LogsSettings tiny =
                new LogsSettings(
                        cluster.settings().ledgersUri(), 3, 2, 1_000, Duration.ofHours(1), 1 << 20);
        BookKeeperLogs leader = member(tiny);
        try (Claim claim = leader.claim()) {
            long end = claim.end(LogName.CONTROL);
            var writer = claim.open(LogName.CONTROL);
            Appender appender = new Appender("a", writer, end + 1);
            appender.append(100);
            appender.awaitDurable();
            awaitRoll(leader, end + 100);
            // One more than is read: the last one of an idle ledger may stay unconfirmed (ADR 33).
            appender.append(51);
            appender.awaitDurable();
            BookKeeperLogs standby = member();

            writer.trim(end + 120);

            assertThat(leader.firstKept(LogName.CONTROL)).isEqualTo(end + 101);
            assertThatThrownBy(() -> standby.read(LogName.CONTROL, end, 10, PATIENCE))
                    .isInstanceOfSatisfying(
                            SlipwayException.class,
                            problem ->
                                    assertThat(problem.code())
                                            .isEqualTo(ErrorCode.POSITION_TRIMMED));
            assertThat(readAll(standby, LogName.CONTROL, end + 100, end + 150))
                    .isEqualTo(written("a", end + 101, end + 150));
            assertThat(leader.node().refresh().retired()).isEmpty();
        }
    }

    @Test
    void claimFencesTheOldWriterAndLosesNothingThatItWasToldIsDurable() throws Exception {
        var takeovers = new ArrayList<Long>();
        BookKeeperLogs leader = member();
        BookKeeperLogs standby = member();
        Claim old = leader.claim();
        long begin = old.end(LogName.CONTROL);
        Appender before = appender("0", old, LogName.CONTROL);
        for (int round = 1; round <= ROUNDS; round++) {
            before.append(300); // Still under way when the other one claims.

            long began = System.nanoTime();
            Claim claim = standby.claim();
            Appender after = appender(String.valueOf(round), claim, LogName.CONTROL);
            after.append(1);
            after.awaitDurable();
            takeovers.add(Duration.ofNanos(System.nanoTime() - began).toMillis());

            long end = claim.end(LogName.CONTROL);
            assertThat(claim.epoch()).isEqualTo(old.epoch() + 1);
            appendUntilRefused(before);
            assertThat(before.durable()).allMatch(position -> position <= end);
            assertThat(readAll(standby, LogName.CONTROL, begin, end))
                    .isEqualTo(written(String.valueOf(round - 1), begin + 1, end));
            old.close();
            old = claim;
            before = after;
            begin = end;
            BookKeeperLogs next = leader;
            leader = standby;
            standby = next;
        }
        old.close();
        System.err.println("takeovers, claim to first durable entry, in ms: " + takeovers);
    }

    private static void appendUntilRefused(Appender old) throws InterruptedException {
        assertThatThrownBy(
                        () -> {
                            while (true) {
                                old.append(1);
                                cluster.timers.pause(Duration.ofMillis(5));
                            }
                        })
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_LEADER));
        // Nothing may have been under way when it was refused.
        old.awaitAnswers()
                .ifPresent(problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_LEADER));
    }

    @Test
    void ofTwoClaimantsOneWinsEachEpoch() throws Exception {
        BookKeeperLogs one = member();
        BookKeeperLogs two = member();
        var epochs = new ArrayList<Long>();
        for (int round = 0; round < 5; round++) {
            var results = new LinkedBlockingQueue<Optional<Claim>>();
            for (BookKeeperLogs racer : List.of(one, two)) {
                cluster.threads.start("racer", () -> results.add(tryClaim(racer)));
            }
            List<Optional<Claim>> claims = List.of(results.take(), results.take());

            long newest = one.epoch();
            assertThat(claims.stream().flatMap(Optional::stream).map(Claim::epoch))
                    .contains(newest);
            for (Claim claim : claims.stream().flatMap(Optional::stream).toList()) {
                epochs.add(claim.epoch());
                if (claim.epoch() == newest) {
                    Appender winner = appender("winner", claim, LogName.OUTPUT);
                    winner.append(10);
                    winner.awaitDurable();
                } else {
                    assertThatThrownBy(() -> claim.open(LogName.OUTPUT))
                            .isInstanceOfSatisfying(
                                    SlipwayException.class,
                                    problem ->
                                            assertThat(problem.code())
                                                    .isEqualTo(ErrorCode.NOT_LEADER));
                }
                claim.close();
            }
        }
        assertThat(epochs).hasSizeGreaterThanOrEqualTo(5).doesNotHaveDuplicates();
    }

    /// @return nothing when the other one was faster
    private static Optional<Claim> tryClaim(ClusterLogs logs) {
        try {
            return Optional.of(logs.claim());
        } catch (SlipwayException lost) {
            assertThat(lost.code()).isEqualTo(ErrorCode.NOT_LEADER);
            return Optional.empty();
        } catch (InterruptedException asked) {
            throw new IllegalStateException(asked);
        }
    }
}

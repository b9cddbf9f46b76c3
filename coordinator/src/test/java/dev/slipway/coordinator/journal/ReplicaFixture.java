package dev.slipway.coordinator.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;

import dev.slipway.coordinator.logs.Chunk;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.JobNode;
import dev.slipway.coordinator.model.Lease;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.CRC32C;

/// Coordinators without engines around replicated logs in memory: each has tables and a log store,
/// and leads or follows as a test says.
final class ReplicaFixture implements AutoCloseable {
    static final Instant AT = Instant.parse("2026-11-24T03:00:00Z");
    static final AttemptId ATTEMPT = new JobId(1, 1).attempt(1);
    static final StepKey STEP = new StepKey(ATTEMPT, 1);

    final SystemTimers timers = new SystemTimers("replica-timers");
    final InMemoryClusterLogs logs = new InMemoryClusterLogs(timers);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Path folder;

    ReplicaFixture(Path folder) {
        this.folder = folder;
        opened.push(timers);
    }

    Member member(String name) throws IOException {
        return new Member(folder.resolve(name));
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception problem) {
                throw new AssertionError("closing failed", problem);
            }
        }
    }

    /// One coordinator.
    final class Member {
        private final MemoryDatabase database = new MemoryDatabase();
        private final TableRunStore runs = new TableRunStore(database);
        private final Tables tables = new Tables(database, runs);
        private final LogStore store;
        private final BlockingQueue<SlipwayException> stops = new LinkedBlockingQueue<>();
        private Optional<Follower> follower = Optional.empty();

        Member(Path home) throws IOException {
            store =
                    LogStore.open(
                            home,
                            new LogIndex(database),
                            LogStore.Limits.DEFAULT,
                            new SystemClock(),
                            new SystemThreads());
            opened.push(store);
            opened.push(this::stop);
        }

        Tables tables() {
            return tables;
        }

        LogStore logs() {
            return store;
        }

        Follower follow() {
            stop();
            var started =
                    Follower.start(
                            new Follower.Parts(
                                    logs.member(),
                                    tables,
                                    store,
                                    new Follower.Listener() {
                                        @Override
                                        public void committed(long position, List<Event> events) {
                                            // Tests look at the state.
                                        }

                                        @Override
                                        public void stopped(SlipwayException why) {
                                            stops.add(why);
                                        }
                                    },
                                    timers,
                                    new SystemThreads()));
            follower = Optional.of(started);
            return started;
        }

        SlipwayException awaitStop() throws InterruptedException {
            return stops.take();
        }

        void stop() {
            follower.ifPresent(Follower::close);
            follower = Optional.empty();
        }

        Leader lead() throws InterruptedException {
            Follower following = follow();
            var claim = logs.member().claim();
            FarmState state = following.catchUp(claim);
            var failures = new CopyOnWriteArrayList<SlipwayException>();
            var journal = new ReplicatedJournal(claim, tables, state, failures::add);
            store.lead(journal.output());
            return new Leader(journal, state, store, failures);
        }

        /// Of the state that the tables bring back.
        String digest() {
            return StateDigest.of(tables.load());
        }

        /// Everything that must be the same on all members.
        Map<String, Map<String, String>> rows() {
            return Rows.of(database);
        }
    }

    /// A coordinator that leads.
    record Leader(
            ReplicatedJournal journal,
            FarmState state,
            LogStore store,
            List<SlipwayException> failures) {
        void append(Event... events) {
            long position = state.position() + 1;
            for (Event event : events) {
                state.apply(position, event);
            }
            appended(position, List.of(events));
        }

        /// The same for events that this leader's own state need not know.
        void appendBare(Event event) {
            append(event);
        }

        /// Appends an entry that another engine made, as this leader's.
        void replay(Entry entry) {
            append(entry.events().toArray(Event[]::new));
        }

        private void appended(long position, List<Event> events) {
            journal.append(new Entry(position, journal.epoch(), events), state.takeChanges());
        }

        /// A run with one job that an agent holds.
        void leaseOneJob() {
            var job = ATTEMPT.job();
            append(
                    new Event.RunQueued(head(), spec(), AT),
                    new Event.JobAdded(
                            job,
                            new JobNode("a", -1, 1, 0, JobNode.Kind.STEPS, List.of()),
                            "a",
                            AT),
                    new Event.JobQueued(job, AT),
                    new Event.JobLeased(
                            ATTEMPT,
                            AttemptReason.FIRST,
                            new Lease("a1", "one", "boot", 1, Duration.ofMinutes(5), AT)));
        }

        Event finished(long outputPosition) {
            return new Event.AttemptFinished(
                    ATTEMPT,
                    new AttemptEnd(Conclusion.SUCCESS, Cause.SUCCESS, "", AT, "", outputPosition),
                    AT);
        }

        Receipt print(int index, String text) throws Exception {
            var stored = new CompletableFuture<Receipt>();
            store.append(
                    chunk(index, text),
                    new LogStore.Listener() {
                        @Override
                        public void stored(Receipt receipt) {
                            stored.complete(receipt);
                        }

                        @Override
                        public void failed(SlipwayException problem) {
                            stored.completeExceptionally(problem);
                        }
                    });
            return stored.get();
        }
    }

    /// A chunk that stands for ten raw bytes.
    static Chunk chunk(int index, String text) {
        return chunk(STEP, index, text);
    }

    static Chunk chunk(StepKey step, int index, String text) {
        var lines = new LogLines.Writer(64);
        byte[] bytes = text.getBytes(UTF_8);
        lines.add(AT, LogLine.Kind.OUTPUT, bytes, 0, bytes.length);
        byte[] plain = lines.take();
        byte[] data = Zstd.compress(plain);
        var crc = new CRC32C();
        crc.update(data);
        return new Chunk(
                step,
                index,
                index * 10L,
                index * 10L + 10,
                ByteBuffer.wrap(data),
                (int) crc.getValue(),
                plain.length,
                1,
                "",
                false);
    }

    private static RunHead head() {
        return new RunHead(
                1,
                "o/r",
                "CI",
                "ci.yml",
                "title",
                "push",
                "refs/heads/main",
                "main",
                "sha",
                "ann",
                1,
                0,
                Optional.empty());
    }

    private static RunSpec spec() {
        return new RunSpec(
                "o/r",
                new WorkflowFile("ci.yml", Bytes.utf8("on: push")),
                List.of(),
                new EventFacts(
                        "push",
                        "",
                        "refs/heads/main",
                        "sha",
                        "",
                        "",
                        "main",
                        "ann",
                        Optional.empty()),
                new TreeMap<>(),
                new TreeMap<>(),
                SealedSecrets.NONE,
                new Source.None(),
                new ArrayList<>(),
                new TreeMap<>(),
                0,
                false,
                "token",
                List.of());
    }
}

package dev.slipway.simulation;

import dev.slipway.coordinator.journal.ClusterLogs;
import dev.slipway.error.SlipwayException;
import dev.slipway.simulation.SimulatedNetwork.Lane;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The replicated logs as one member's process sees them: over the network, with time-outs.
final class SimulatedLogsClient implements ClusterLogs {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SimulatedNetwork network;
    private final SimulatedLogs logs;
    private final Node process;
    private final Runnable onOpen;

    /// @param onOpen called when the process has applied both logs to their ends
    SimulatedLogsClient(
            SimulatedNetwork network, SimulatedLogs logs, Node process, Runnable onOpen) {
        this.network = network;
        this.logs = logs;
        this.process = process;
        this.onOpen = onOpen;
    }

    @Override
    public Claim claim() throws InterruptedException {
        long before = epoch();
        long mine = ask(() -> logs.raise(before));
        return new Held(mine, ask(() -> logs.recover(mine)));
    }

    @Override
    public List<LogEntry> read(LogName log, long after, int limit, Duration atMost)
            throws InterruptedException {
        return ask(
                atMost.plus(PATIENCE),
                answer -> {
                    logs.read(log, after, limit, answer);
                    logs.node().after(atMost, () -> logs.giveUp(log, answer));
                });
    }

    @Override
    public long firstKept(LogName log) throws InterruptedException {
        return ask(() -> logs.firstKept(log));
    }

    @Override
    public long epoch() throws InterruptedException {
        return ask(logs::epoch);
    }

    @Override
    public void close() {
        // The cluster goes on.
    }

    private <T> T ask(Supplier<T> question) throws InterruptedException {
        return ask(
                PATIENCE,
                answer -> {
                    try {
                        answer.complete(question.get());
                    } catch (SlipwayException refused) {
                        answer.completeExceptionally(refused);
                    }
                });
    }

    /// @param question runs on the logs' host, and completes what it is given
    private <T> T ask(Duration deadline, Consumer<CompletableFuture<T>> question)
            throws InterruptedException {
        Lane there = network.lane(process.name(), SimulatedLogs.HOST);
        Lane back = network.lane(SimulatedLogs.HOST, process.name());
        var here = new CompletableFuture<T>();
        there.deliver(
                () -> {
                    var answer = new CompletableFuture<T>();
                    answer.whenComplete(
                            (good, bad) ->
                                    back.deliver(
                                            () ->
                                                    process.after(
                                                            Duration.ZERO,
                                                            () -> complete(here, good, bad))));
                    question.accept(answer);
                });
        var timer =
                process.timers()
                        .after(
                                deadline,
                                () ->
                                        here.completeExceptionally(
                                                SimulatedLogs.failed("The bookies are silent.")));
        try {
            return here.get();
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof SlipwayException known) {
                throw new SlipwayException(known.code(), "" + known.getMessage(), known);
            }
            throw new AssertionError("the logs failed", problem);
        } finally {
            timer.cancel();
        }
    }

    private static <T> void complete(
            CompletableFuture<T> here, @Nullable T good, @Nullable Throwable bad) {
        if (bad != null) {
            here.completeExceptionally(bad);
        } else {
            here.complete(good);
        }
    }

    private final class Held implements Claim {
        private final long epoch;
        private final Map<LogName, Long> ends;

        Held(long epoch, Map<LogName, Long> ends) {
            this.epoch = epoch;
            this.ends = ends;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public long end(LogName log) {
            return Objects.requireNonNull(ends.get(log));
        }

        @Override
        public Writer open(LogName log) throws InterruptedException {
            onOpen.run();
            ask(() -> logs.open(epoch, log));
            return new Appender(epoch, log);
        }

        @Override
        public void close() {
            // The next claim is as quick without it.
        }
    }

    private static final class Waiting {
        final LogEntry entry;
        final Completion completion;
        boolean stored;

        Waiting(LogEntry entry, Completion completion) {
            this.entry = entry;
            this.completion = completion;
        }
    }

    private final class Appender implements Writer {
        private final long epoch;
        private final LogName log;
        private final Lane there = network.lane(process.name(), SimulatedLogs.HOST);
        private final Lane back = network.lane(SimulatedLogs.HOST, process.name());
        private final ArrayDeque<Waiting> under = new ArrayDeque<>();
        private @Nullable SlipwayException failure;

        Appender(long epoch, LogName log) {
            this.epoch = epoch;
            this.log = log;
        }

        @Override
        public void append(long position, byte[] bytes, Completion completion) {
            SimulatedLogs.requireFits(bytes);
            SlipwayException lost = failure;
            if (lost != null) {
                throw lost;
            }
            var waiting = new Waiting(new LogEntry(position, bytes), completion);
            under.add(waiting);
            there.deliver(() -> arrive(waiting));
            process.timers().after(PATIENCE, () -> late(waiting));
        }

        private void arrive(Waiting waiting) {
            try {
                if (logs.append(epoch, log, waiting.entry)) {
                    answer(() -> stored(waiting));
                }
            } catch (SlipwayException refused) {
                answer(() -> fail(refused));
            }
        }

        private void answer(Runnable word) {
            back.deliver(() -> process.after(Duration.ZERO, word));
        }

        /// Completions come in order: one that is stored waits for those before it.
        private void stored(Waiting waiting) {
            waiting.stored = true;
            while (failure == null && !under.isEmpty() && under.getFirst().stored) {
                Waiting first = under.remove();
                logs.acknowledged(log, first.entry);
                first.completion.durable(first.entry.position());
            }
        }

        private void late(Waiting waiting) {
            if (under.contains(waiting)) {
                fail(SimulatedLogs.failed("The bookies did not answer in time."));
            }
        }

        private void fail(SlipwayException problem) {
            if (failure == null) {
                failure = problem;
                List<Waiting> all = List.copyOf(under);
                under.clear();
                all.forEach(one -> one.completion.failed(problem));
            }
        }

        @Override
        public void trim(long upTo) throws InterruptedException {
            ask(() -> logs.trim(epoch, log, upTo));
        }
    }
}

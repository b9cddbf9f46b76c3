package dev.slipway.agent.session;

import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.agent.output.LogChunk;
import dev.slipway.agent.output.Spool;
import dev.slipway.agent.runner.LogOutlet;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.session.ConnectionGate.Opened;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Sends step logs over the session's connection: one lane per step, each with a thread of its own
/// that waits for chunks. Chunks are sent again from the oldest unacknowledged one after every new
/// connection and after a refusal; the coordinator ignores what it has.
public final class LogSender implements LogOutlet, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSender.class);

    /// Chunks of one step that may be under way; the spool bounds their bytes.
    private static final int WINDOW = 64;

    private static final Duration AFTER_REFUSAL = Duration.ofMillis(500);

    private final String agentId;
    private final ConnectionGate gate;
    private final Threads threads;
    private final Timers timers;
    private final Map<Key, Lane> lanes = new HashMap<>();

    private record Key(String attempt, int step) {}

    public LogSender(String agentId, ConnectionGate gate, Threads threads, Timers timers) {
        this.agentId = agentId;
        this.gate = gate;
        this.threads = threads;
        this.timers = timers;
        gate.onLogAnswer(this::answered);
        gate.onChange(this::connectionChanged);
    }

    @Override
    public synchronized void send(Token token, int step, Spool spool) {
        var key = new Key(token.attempt().toString(), step);
        if (lanes.containsKey(key)) {
            return;
        }
        var lane = new Lane(token, step, spool);
        lanes.put(key, lane);
        threads.start("log " + key.attempt() + " " + step, lane::run);
    }

    @Override
    public void drop(Token token) {
        String attempt = token.attempt().toString();
        List<Lane> dropped;
        synchronized (this) {
            dropped =
                    lanes.entrySet().stream()
                            .filter(entry -> entry.getKey().attempt().equals(attempt))
                            .map(Map.Entry::getValue)
                            .toList();
            lanes.keySet().removeIf(key -> key.attempt().equals(attempt));
        }
        dropped.forEach(Lane::stop);
    }

    private void answered(SendLogResponse response) {
        Lane lane;
        synchronized (this) {
            lane = lanes.get(new Key(response.getAttempt(), response.getStep()));
        }
        if (lane != null) {
            lane.answered(response);
        }
    }

    @Override
    public void close() {
        List<Lane> all;
        synchronized (this) {
            all = List.copyOf(lanes.values());
            lanes.clear();
        }
        all.forEach(Lane::stop);
    }

    /// One step's way to the coordinator. Only its own thread sends; others leave a signal.
    private final class Lane {
        private final Token token;
        private final int step;
        private final Spool spool;
        private final Semaphore signal = new Semaphore(0);
        private volatile boolean stopped;
        private volatile boolean refused;
        private long next;
        private long generation = -1;

        Lane(Token token, int step, Spool spool) {
            this.token = token;
            this.step = step;
            this.spool = spool;
            spool.onAppend(signal::release);
        }

        void run() {
            try {
                while (!stopped && !spool.isDrained()) {
                    while (!stopped && sendOne()) {
                        // Goes on until nothing more can be sent at the moment.
                    }
                    if (!stopped && !spool.isDrained()) {
                        signal.acquire();
                        signal.drainPermits();
                    }
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } catch (IOException problem) {
                LOG.error(
                        "A step's log cannot be read from disk. attempt={} step={} why={}",
                        token.attempt(),
                        step,
                        problem.getMessage());
            }
        }

        /// @return whether a chunk was sent
        private boolean sendOne() throws IOException, InterruptedException {
            Optional<Opened> opened = gate.current();
            if (opened.isEmpty()) {
                return false;
            }
            long first = spool.firstIndex();
            if (refused) {
                timers.pause(AFTER_REFUSAL);
            }
            if (opened.get().generation() != generation || refused) {
                generation = opened.get().generation();
                refused = false;
                next = first;
            }
            next = Math.max(next, first);
            if (next - first >= WINDOW) {
                return false;
            }
            Optional<LogChunk> chunk = spool.chunk(next);
            if (chunk.isEmpty()) {
                return false;
            }
            opened.get().connection().send(request(chunk.get()));
            next++;
            return true;
        }

        private SendLogRequest request(LogChunk chunk) {
            return SendLogRequest.newBuilder()
                    .setAgentId(agentId)
                    .setToken(Messages.token(token))
                    .setStep(step)
                    .setIndex(chunk.index())
                    .setRawFrom(chunk.rawFrom())
                    .setRawTo(chunk.rawTo())
                    .setData(UnsafeByteOperations.unsafeWrap(chunk.data()))
                    .setCrc32C(chunk.crc32c())
                    .setPlainSize(chunk.plainSize())
                    .setLines(chunk.lines())
                    .setGapCause(chunk.gapCause())
                    .setLast(chunk.last())
                    .build();
        }

        void answered(SendLogResponse response) {
            try {
                spool.acknowledge(response.getNextIndex());
            } catch (IOException problem) {
                LOG.error(
                        "A step's spool cannot be written. attempt={} step={} why={}",
                        token.attempt(),
                        step,
                        problem.getMessage());
            }
            String why = response.getRefusedReason();
            if (response.getStale()) {
                LOG.info(
                        "The farm no longer wants a step's log. attempt={} step={} why={}",
                        token.attempt(),
                        step,
                        why);
                stopped = true;
            } else if (!why.isEmpty()) {
                LOG.warn(
                        "The farm refused a log chunk; it is sent again. attempt={} step={} why={}",
                        token.attempt(),
                        step,
                        why);
                refused = true;
            }
            signal.release();
        }

        void wake() {
            signal.release();
        }

        void stop() {
            stopped = true;
            signal.release();
        }
    }

    /// Lets every lane look at the connection again.
    private void connectionChanged() {
        List<Lane> all;
        synchronized (this) {
            all = List.copyOf(lanes.values());
        }
        all.forEach(Lane::wake);
    }
}

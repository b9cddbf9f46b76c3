package dev.slipway.cli.bench;

import com.google.protobuf.Timestamp;

import dev.slipway.agent.v1.AgentIdentity;
import dev.slipway.agent.v1.AttemptOrder;
import dev.slipway.agent.v1.AttemptResult;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Capacity;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.Phase;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.agent.v1.SessionServiceGrpc;
import dev.slipway.agent.v1.StepState;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.Status;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Timers;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// An agent that speaks the protocol and does nothing: every job succeeds at once, or after it has
/// sent its log and all of it is durable.
final class SimulatedAgent implements StreamObserver<ExchangeResponse> {
    private final String id;
    private final String name;
    private final BenchSettings settings;
    private final Measurements measurements;
    private final Timers timers;
    private final SampleLog log;
    private final Instant now;
    private final Channel channel;
    private final Map<String, Job> jobs = new HashMap<>();
    private final Runnable whenJoined;
    private @Nullable StreamObserver<ExchangeRequest> exchange;
    private @Nullable LogStream logStream;
    private Timers.@Nullable Timer heartbeat;
    private Duration pace = Duration.ofSeconds(5);
    private long sequence;
    private boolean joined;
    private boolean closed;

    /// A job that it holds.
    private static final class Job {
        final Token token;
        long revision;
        long chunksSent;
        long chunksDurable;

        Job(Token token) {
            this.token = token;
        }
    }

    /// What all agents of one measurement share.
    record Shared(
            BenchSettings settings,
            Measurements measurements,
            Timers timers,
            SampleLog log,
            Instant now) {}

    /// @param whenJoined called once, when the farm has answered the first message
    SimulatedAgent(String id, String name, Channel channel, Shared shared, Runnable whenJoined) {
        this.id = id;
        this.name = name;
        this.channel = channel;
        this.settings = shared.settings();
        this.measurements = shared.measurements();
        this.timers = shared.timers();
        this.log = shared.log();
        this.now = shared.now();
        this.whenJoined = whenJoined;
    }

    synchronized void connect() {
        exchange = SessionServiceGrpc.newStub(channel).exchange(this);
        send(
                ExchangeRequest.newBuilder()
                        .setFull(true)
                        .setIdentity(
                                AgentIdentity.newBuilder()
                                        .setAgentId(id)
                                        .setName(name)
                                        .setBootId("bench")
                                        .setVersion("bench")
                                        .setProcessId(id))
                        .setCapacity(
                                Capacity.newBuilder()
                                        .setSlots(settings.slots())
                                        .addLabels(settings.label())
                                        .setOs("linux")
                                        .setArch("x64")));
        beatLater();
    }

    private void beatLater() {
        heartbeat = timers.after(pace, this::beat);
    }

    private synchronized void beat() {
        if (!closed) {
            send(ExchangeRequest.newBuilder());
            beatLater();
        }
    }

    private void send(ExchangeRequest.Builder request) {
        if (exchange != null && !closed) {
            exchange.onNext(request.setSequence(++sequence).build());
        }
    }

    @Override
    public synchronized void onNext(ExchangeResponse response) {
        if (!response.getRefusedReason().isEmpty()) {
            measurements.fail(
                    new SlipwayException(
                            ErrorCode.AGENT_NAME_TAKEN,
                            "the farm refused a simulated agent: " + response.getRefusedReason()));
            return;
        }
        if (response.hasPace()) {
            pace = Duration.ofMillis(Math.max(100, response.getPace().getHeartbeatIntervalMs()));
        }
        if (!joined) {
            joined = true;
            whenJoined.run();
        }
        for (AttemptOrder order : response.getAttemptsList()) {
            String attempt = order.getToken().getAttempt();
            switch (order.getAction()) {
                case ACTION_RUN -> {
                    if (!jobs.containsKey(attempt)) {
                        start(attempt, order.getToken());
                    }
                }
                case ACTION_FORGET, ACTION_ABANDON -> {
                    if (jobs.remove(attempt) != null) {
                        measurements.recorded(attempt);
                    }
                }
                case ACTION_CANCEL, ACTION_UNSPECIFIED, UNRECOGNIZED -> {}
            }
        }
    }

    private void start(String attempt, Token token) {
        measurements.started(Long.parseLong(attempt.substring(0, attempt.indexOf('/'))));
        var job = new Job(token);
        jobs.put(attempt, job);
        tell(job, false);
        if (settings.logBytes() == 0) {
            finish(attempt, job);
        } else {
            if (logStream == null) {
                logStream = new LogStream();
                SessionServiceGrpc.newStub(channel).sendLog(logStream);
            }
            logStream.pump();
        }
    }

    private void finish(String attempt, Job job) {
        measurements.finished(attempt);
        tell(job, true);
    }

    private void tell(Job job, boolean finished) {
        long end = job.chunksSent * log.rawSize();
        var step =
                StepState.newBuilder()
                        .setNumber(0)
                        .setName("bench")
                        .setStartedAt(timestamp())
                        .setStatus(finished ? Status.STATUS_FINISHED : Status.STATUS_RUNNING)
                        .setLogEnd(finished ? end : -1);
        var state =
                AttemptState.newBuilder()
                        .setToken(job.token)
                        .setRevision(++job.revision)
                        .setPhase(finished ? Phase.PHASE_FINISHED : Phase.PHASE_RUNNING)
                        .setStartedAt(timestamp());
        if (finished) {
            step.setConclusion(Conclusion.CONCLUSION_SUCCESS)
                    .setOutcome(Conclusion.CONCLUSION_SUCCESS)
                    .setFinishedAt(timestamp());
            state.setResult(
                    AttemptResult.newBuilder()
                            .setConclusion(Conclusion.CONCLUSION_SUCCESS)
                            .setCause(Cause.CAUSE_SUCCESS)
                            .setFinishedAt(timestamp()));
        }
        send(ExchangeRequest.newBuilder().addAttempts(state.addSteps(step)));
    }

    private Timestamp timestamp() {
        return Timestamp.newBuilder().setSeconds(now.getEpochSecond()).build();
    }

    @Override
    public void onError(Throwable error) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        measurements.fail(lost(error));
    }

    private static SlipwayException lost(Throwable error) {
        return new SlipwayException(
                ErrorCode.FARM_UNREACHABLE,
                "the connection of a simulated agent ended: " + error.getMessage(),
                error);
    }

    @Override
    public void onCompleted() {
        onError(new IllegalStateException("closed by the farm"));
    }

    synchronized void close() {
        closed = true;
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        if (logStream != null) {
            logStream.complete();
        }
        if (exchange != null) {
            exchange.onCompleted();
        }
    }

    /// The stream of log chunks; its methods run under the agent's lock.
    private final class LogStream
            implements ClientResponseObserver<SendLogRequest, SendLogResponse> {
        private @Nullable ClientCallStreamObserver<SendLogRequest> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<SendLogRequest> stream) {
            requests = stream;
            stream.setOnReadyHandler(
                    () -> {
                        synchronized (SimulatedAgent.this) {
                            pump();
                        }
                    });
        }

        /// Sends as much as the connection takes.
        void pump() {
            long chunks = log.chunks(settings.logBytes());
            for (Job job : jobs.values()) {
                while (job.chunksSent < chunks && requests != null && requests.isReady()) {
                    measurements.logSent();
                    boolean last = job.chunksSent + 1 == chunks;
                    requests.onNext(log.chunk(id, job.token, job.chunksSent, last));
                    job.chunksSent++;
                }
            }
        }

        @Override
        public void onNext(SendLogResponse response) {
            synchronized (SimulatedAgent.this) {
                if (!response.getRefusedReason().isEmpty()) {
                    measurements.fail(
                            new SlipwayException(
                                    ErrorCode.INTERNAL,
                                    "the farm refused a log chunk: "
                                            + response.getRefusedReason()));
                    return;
                }
                Job job = jobs.get(response.getAttempt());
                if (job == null) {
                    return;
                }
                long durable = response.getAcknowledgedTo() / log.rawSize();
                measurements.logDurable((durable - job.chunksDurable) * log.rawSize());
                job.chunksDurable = durable;
                if (durable == log.chunks(settings.logBytes())) {
                    finish(response.getAttempt(), job);
                }
            }
        }

        @Override
        public void onError(Throwable error) {
            SimulatedAgent.this.onError(error);
        }

        @Override
        public void onCompleted() {
            SimulatedAgent.this.onCompleted();
        }

        void complete() {
            if (requests != null) {
                requests.onCompleted();
            }
        }
    }
}

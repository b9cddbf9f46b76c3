package dev.slipway.coordinator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;

import dev.slipway.agent.v1.AgentIdentity;
import dev.slipway.agent.v1.AttemptOrder;
import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.AttemptResult;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Capacity;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.agent.v1.JobSpec;
import dev.slipway.agent.v1.Phase;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.agent.v1.SessionServiceGrpc;
import dev.slipway.agent.v1.StepState;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.Status;
import dev.slipway.wire.LogLine.Kind;
import dev.slipway.wire.LogLines;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.CRC32C;

/// An agent that does what a test says, over real gRPC.
final class ScriptedAgent implements AutoCloseable {
    private final ManagedChannel channel;
    private final String id;
    private final String name;
    private final BlockingQueue<Object> inbox = new LinkedBlockingQueue<>();
    private final BlockingQueue<SendLogResponse> acknowledgements = new LinkedBlockingQueue<>();
    private final ArrayDeque<AttemptOrder> orders = new ArrayDeque<>();
    private StreamObserver<ExchangeRequest> exchange;
    private StreamObserver<SendLogRequest> log;
    private long sequence;
    private long revision;

    ScriptedAgent(ManagedChannel channel, String id, String name) {
        this.channel = channel;
        this.id = id;
        this.name = name;
    }

    /// Connects and says that it holds these attempts.
    void join(List<AttemptState> attempts) {
        var stub = SessionServiceGrpc.newStub(channel);
        exchange =
                stub.exchange(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(ExchangeResponse response) {
                                inbox.add(response);
                            }

                            @Override
                            public void onError(Throwable problem) {
                                inbox.add(problem);
                            }

                            @Override
                            public void onCompleted() {
                                inbox.add("completed");
                            }
                        });
        log =
                stub.sendLog(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(SendLogResponse response) {
                                acknowledgements.add(response);
                            }

                            @Override
                            public void onError(Throwable problem) {
                                inbox.add(problem);
                            }

                            @Override
                            public void onCompleted() {
                                inbox.add("log completed");
                            }
                        });
        sequence = 1;
        exchange.onNext(
                ExchangeRequest.newBuilder()
                        .setFull(true)
                        .setSequence(sequence)
                        .setIdentity(
                                AgentIdentity.newBuilder()
                                        .setAgentId(id)
                                        .setName(name)
                                        .setBootId("boot")
                                        .setProcessId("process-" + id))
                        .setCapacity(
                                Capacity.newBuilder()
                                        .setSlots(2)
                                        .addLabels("ubuntu-latest")
                                        .addLabels("linux"))
                        .addAllAttempts(attempts)
                        .build());
    }

    /// The next message.
    Object next() throws InterruptedException {
        return inbox.take();
    }

    /// Waits for an order of this kind; skips others, but not those that came with it.
    AttemptOrder await(Action action) throws InterruptedException {
        while (true) {
            while (!orders.isEmpty()) {
                AttemptOrder order = orders.remove();
                if (order.getAction() == action) {
                    return order;
                }
            }
            if (inbox.take() instanceof ExchangeResponse response) {
                orders.addAll(response.getAttemptsList());
            }
        }
    }

    /// Waits until a message with this sequence or a later one is acknowledged.
    ExchangeResponse awaitAcknowledged() throws InterruptedException {
        while (true) {
            if (inbox.take() instanceof ExchangeResponse response
                    && response.getAcknowledgedSequence() >= sequence) {
                return response;
            }
        }
    }

    JobSpec spec(Token token) {
        return SessionServiceGrpc.newBlockingStub(channel)
                .getJobSpec(GetJobSpecRequest.newBuilder().setAgentId(id).setToken(token).build())
                .getSpec();
    }

    /// A heartbeat.
    void beat() {
        sequence++;
        exchange.onNext(ExchangeRequest.newBuilder().setSequence(sequence).build());
    }

    void tell(AttemptState state) {
        sequence++;
        exchange.onNext(
                ExchangeRequest.newBuilder().setSequence(sequence).addAttempts(state).build());
    }

    /// An attempt under way with one step that has printed nothing that is told yet.
    AttemptState running(Token token) {
        revision++;
        return AttemptState.newBuilder()
                .setToken(token)
                .setRevision(revision)
                .setPhase(Phase.PHASE_RUNNING)
                .setStartedAt(now())
                .addSteps(step(Status.STATUS_RUNNING, -1))
                .build();
    }

    /// An attempt that has ended with success.
    AttemptState finished(Token token, long logEnd) {
        revision++;
        return AttemptState.newBuilder()
                .setToken(token)
                .setRevision(revision)
                .setPhase(Phase.PHASE_FINISHED)
                .setStartedAt(now())
                .addSteps(step(Status.STATUS_FINISHED, logEnd))
                .setResult(
                        AttemptResult.newBuilder()
                                .setConclusion(Conclusion.CONCLUSION_SUCCESS)
                                .setCause(Cause.CAUSE_SUCCESS)
                                .putOutputs("version", "1.2")
                                .setFinishedAt(now()))
                .build();
    }

    private static StepState step(Status status, long logEnd) {
        var step =
                StepState.newBuilder()
                        .setNumber(1)
                        .setName("Build")
                        .setStatus(status)
                        .setStartedAt(now())
                        .setLogEnd(logEnd);
        if (status == Status.STATUS_FINISHED) {
            step.setConclusion(Conclusion.CONCLUSION_SUCCESS)
                    .setOutcome(Conclusion.CONCLUSION_SUCCESS)
                    .setFinishedAt(now());
        }
        return step.build();
    }

    /// Sends one chunk that stands for ten raw bytes; does not wait.
    void print(Token token, int index, boolean last, String... lines) {
        var writer = new LogLines.Writer(64);
        for (String line : lines) {
            byte[] text = line.getBytes(UTF_8);
            writer.add(Instant.now(), Kind.OUTPUT, text, 0, text.length);
        }
        byte[] plain = writer.take();
        byte[] data = Zstd.compress(plain);
        var crc = new CRC32C();
        crc.update(data);
        log.onNext(
                SendLogRequest.newBuilder()
                        .setAgentId(id)
                        .setToken(token)
                        .setStep(1)
                        .setIndex(index)
                        .setRawFrom(index * 10L)
                        .setRawTo(index * 10L + 10)
                        .setData(ByteString.copyFrom(data))
                        .setCrc32C((int) crc.getValue())
                        .setPlainSize(plain.length)
                        .setLines(lines.length)
                        .setLast(last)
                        .build());
    }

    SendLogResponse acknowledgement() throws InterruptedException {
        return acknowledgements.take();
    }

    private static Timestamp now() {
        return Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()).build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

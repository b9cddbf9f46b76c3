package dev.slipway.agent;

import com.google.protobuf.ByteString;

import dev.slipway.agent.session.CoordinatorLink;
import dev.slipway.agent.session.FarmCalls;
import dev.slipway.agent.v1.AttemptOrder;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.agent.v1.JobSpec;
import dev.slipway.agent.v1.Pace;
import dev.slipway.agent.v1.Phase;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.Source;
import dev.slipway.api.v1.WorkflowFile;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A coordinator in memory: gives jobs out, takes states and logs in, keeps blobs, artifacts and
/// caches. Its logs refuse gaps and doubled chunks as the real one does.
public final class FakeFarm implements CoordinatorLink {
    public static final String FARM = "farm-1";

    private final Map<String, AttemptOrder.Builder> orders = new LinkedHashMap<>();
    private final Map<String, JobSpec> specs = new LinkedHashMap<>();
    private final Map<String, AttemptState> states = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, StepLines>> logs = new LinkedHashMap<>();
    private final FakeStorage storage = new FakeStorage();
    private final FakeDeployments deployments = new FakeDeployments();
    private @Nullable Link link;
    private long epoch = 1;
    private int nextRun = 1;
    private long leaseMillis = 60_000;
    private boolean cut;

    private static final class StepLines {
        private final List<LogLine> lines = new ArrayList<>();
        private long nextIndex;
        private long rawTo;
    }

    /// What a job is submitted with.
    public record Submission(
            String workflow,
            String job,
            Map<String, String> contexts,
            Map<String, String> secrets) {
        public static Submission of(String workflow) {
            return new Submission(workflow, "job", Map.of(), Map.of());
        }

        public Submission secret(String name, String value) {
            return new Submission(workflow, job, contexts, Map.of(name, value));
        }
    }

    public FakeStorage storage() {
        return storage;
    }

    public FakeDeployments deployments() {
        return deployments;
    }

    /// Queues a job for the next agent; its steps see no source.
    public String submit(Submission submission) {
        return submit(submission, Source.getDefaultInstance(), 0, 0);
    }

    public synchronized String submit(
            Submission submission, Source source, double timeoutMinutes, double cancelMinutes) {
        String attempt = nextRun++ + "/1/1";
        Token token =
                Token.newBuilder().setFarmId(FARM).setAttempt(attempt).setEpoch(epoch).build();
        orders.put(
                attempt,
                AttemptOrder.newBuilder()
                        .setToken(token)
                        .setAction(AttemptOrder.Action.ACTION_RUN));
        specs.put(
                attempt,
                JobSpec.newBuilder()
                        .setToken(token)
                        .setRun(nextRun - 1)
                        .setRunAttempt(1)
                        .setProject("acme/rocket")
                        .setWorkflow(
                                WorkflowFile.newBuilder()
                                        .setPath(".github/workflows/ci.yml")
                                        .setSource(ByteString.copyFromUtf8(submission.workflow())))
                        .setJobId(submission.job())
                        .setJobName(submission.job())
                        .putAllContextsJson(contexts(submission))
                        .putAllSecrets(submission.secrets())
                        .setSource(source)
                        .setTimeoutMinutes(timeoutMinutes)
                        .setCancelTimeoutMinutes(cancelMinutes)
                        .build());
        push();
        return attempt;
    }

    private static Map<String, String> contexts(Submission submission) {
        var contexts = new LinkedHashMap<String, String>();
        contexts.put(
                "github",
                "{\"sha\":\"%s\",\"ref\":\"refs/heads/main\",\"actor\":\"ann\"}"
                        .formatted("a".repeat(40)));
        contexts.putAll(submission.contexts());
        return contexts;
    }

    public synchronized void cancel(String attempt) {
        orders.get(attempt).setAction(AttemptOrder.Action.ACTION_CANCEL).setReason("by ann");
        push();
    }

    public synchronized void forget(String attempt) {
        orders.get(attempt).setAction(AttemptOrder.Action.ACTION_FORGET);
        push();
    }

    /// The connection breaks, as when the coordinator dies.
    public synchronized void disconnect() {
        Link current = link;
        link = null;
        if (current != null) {
            current.receiver.broken(
                    new SlipwayException(ErrorCode.FARM_UNREACHABLE, "the line was cut"));
        }
    }

    /// How long agents may go on without an answer.
    public synchronized void leaseTtl(Duration ttl) {
        leaseMillis = ttl.toMillis();
    }

    /// Nobody is reached any more, until {@link #mend}.
    public synchronized void cut() {
        cut = true;
        disconnect();
    }

    public synchronized void mend() {
        cut = false;
    }

    /// Waits for an attempt's state; the test's own time limit is the only one.
    public synchronized AttemptState await(String attempt, Predicate<AttemptState> wanted)
            throws InterruptedException {
        while (!states.containsKey(attempt) || !wanted.test(states.get(attempt))) {
            wait();
        }
        return states.get(attempt);
    }

    /// Waits until an attempt is over and all of its log is here.
    public AttemptState awaitEnd(String attempt) throws InterruptedException {
        var state = await(attempt, one -> one.getPhase() == Phase.PHASE_FINISHED);
        synchronized (this) {
            for (var step : state.getStepsList()) {
                while (step.getLogEnd() > 0
                        && rawTo(attempt, step.getNumber()) < step.getLogEnd()) {
                    wait();
                }
            }
        }
        return state;
    }

    /// Waits for a line of a process.
    public synchronized void awaitOutput(String attempt, String line) throws InterruptedException {
        while (!output(attempt).contains(line)) {
            wait();
        }
    }

    private long rawTo(String attempt, int step) {
        var steps = logs.get(attempt);
        return steps == null || !steps.containsKey(step) ? 0 : steps.get(step).rawTo;
    }

    /// What processes printed, all steps in order.
    public List<String> output(String attempt) {
        return lines(attempt, LogLine.Kind.OUTPUT);
    }

    public List<String> meta(String attempt) {
        return lines(attempt, LogLine.Kind.META);
    }

    private synchronized List<String> lines(String attempt, LogLine.Kind kind) {
        return logs.getOrDefault(attempt, new TreeMap<>()).values().stream()
                .flatMap(step -> step.lines.stream())
                .filter(line -> line.kind() == kind)
                .map(line -> new String(line.text(), StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public synchronized Connection connect(String coordinator, Receiver receiver) {
        var fresh = new Link(receiver);
        if (cut) {
            receiver.broken(new SlipwayException(ErrorCode.FARM_UNREACHABLE, "the line is cut"));
        } else {
            link = fresh;
        }
        return fresh;
    }

    private void push() {
        Link current = link;
        if (current != null) {
            current.answer(0, false);
        }
    }

    private final class Link implements Connection {
        private final Receiver receiver;

        Link(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void send(ExchangeRequest request) {
            synchronized (FakeFarm.this) {
                if (link != this) {
                    return;
                }
                request.getAttemptsList()
                        .forEach(state -> states.put(state.getToken().getAttempt(), state));
                FakeFarm.this.notifyAll();
                answer(request.getSequence(), request.getFull());
            }
        }

        private void answer(long sequence, boolean full) {
            var response =
                    ExchangeResponse.newBuilder()
                            .setFull(full)
                            .setAcknowledgedSequence(sequence)
                            .setFarmId(FARM)
                            .setEpoch(epoch)
                            .setPace(
                                    Pace.newBuilder()
                                            .setHeartbeatIntervalMs(200)
                                            .setLeaseTtlMs(leaseMillis)
                                            .setReconnectWindowMs(50)
                                            .setKillGraceMs(10_000));
            orders.values().forEach(order -> response.addAttempts(order.build()));
            receiver.received(response.build());
        }

        @Override
        public void send(SendLogRequest request) {
            SendLogResponse response;
            synchronized (FakeFarm.this) {
                if (link != this) {
                    return;
                }
                String attempt = request.getToken().getAttempt();
                var step =
                        logs.computeIfAbsent(attempt, key -> new TreeMap<>())
                                .computeIfAbsent(request.getStep(), key -> new StepLines());
                var answer =
                        SendLogResponse.newBuilder().setAttempt(attempt).setStep(request.getStep());
                if (request.getIndex() > step.nextIndex) {
                    answer.setRefusedReason("a chunk is missing");
                } else if (request.getIndex() == step.nextIndex) {
                    byte[] plain =
                            com.github.luben.zstd.Zstd.decompress(
                                    request.getData().toByteArray(), request.getPlainSize());
                    step.lines.addAll(LogLines.decode(plain));
                    step.nextIndex++;
                    step.rawTo = request.getRawTo();
                }
                response =
                        answer.setNextIndex(step.nextIndex).setAcknowledgedTo(step.rawTo).build();
                FakeFarm.this.notifyAll();
            }
            receiver.received(response);
        }

        @Override
        public FarmCalls calls() {
            return new FakeCalls(FakeFarm.this::spec, storage, deployments);
        }

        @Override
        public void close() {
            // Nothing is held open in memory.
        }
    }

    private synchronized JobSpec spec(GetJobSpecRequest request) {
        return specs.get(request.getToken().getAttempt());
    }
}

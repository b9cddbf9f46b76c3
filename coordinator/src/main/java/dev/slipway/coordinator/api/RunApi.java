package dev.slipway.coordinator.api;

import dev.slipway.api.v1.CancelRunRequest;
import dev.slipway.api.v1.CancelRunResponse;
import dev.slipway.api.v1.ExplainRunRequest;
import dev.slipway.api.v1.ExplainRunResponse;
import dev.slipway.api.v1.GetRunRequest;
import dev.slipway.api.v1.GetRunResponse;
import dev.slipway.api.v1.ListRunsRequest;
import dev.slipway.api.v1.ListRunsResponse;
import dev.slipway.api.v1.RerunRunRequest;
import dev.slipway.api.v1.RerunRunResponse;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.SubmitRunResponse;
import dev.slipway.api.v1.WatchRunRequest;
import dev.slipway.api.v1.WatchRunResponse;
import dev.slipway.coordinator.blobs.BlobRef;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.storage.RunPage;
import dev.slipway.coordinator.storage.RunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;

import io.grpc.stub.StreamObserver;

import java.util.TreeMap;

/// Runs: submit, look at, follow, end, repeat.
final class RunApi extends RunServiceGrpc.RunServiceImplBase {

    private final Calls calls;
    private final Leadership leadership;
    private final RunStore runs;
    private final RunReader reader;
    private final RunWatch watch;
    private final BlobStore blobs;
    private final SecretBox secrets;
    private final Ids ids;

    RunApi(Calls calls, ApiParts parts, RunReader reader, RunWatch watch) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.runs = parts.runs();
        this.reader = reader;
        this.watch = watch;
        this.blobs = parts.blobs();
        this.secrets = parts.secrets();
        this.ids = parts.ids();
    }

    @Override
    public void submitRun(SubmitRunRequest request, StreamObserver<SubmitRunResponse> answers) {
        calls.unary(answers, () -> submit(request));
    }

    private SubmitRunResponse submit(SubmitRunRequest request) throws InterruptedException {
        String token = request.getClientToken().isEmpty() ? ids.fresh() : request.getClientToken();
        var names = new TreeMap<>(request.getSecretsMap());
        RunSpec spec = Requests.spec(request, token, seal(token, names));
        // Who records what is pinned must have led before (BlobStore.pin).
        Engine engine = leadership.require().engine();
        if (spec.source() instanceof Source.Bundle(String sha256, long size)
                && !blobs.pin(new BlobRef(sha256, size))) {
            throw new SlipwayException(
                    ErrorCode.BLOB_NOT_FOUND,
                    "The farm does not hold the source %s (%d bytes). Upload it with BlobService"
                                    .formatted(sha256, size)
                            + " first.");
        }
        Command.Submitted submitted = engine.ask(new Command.SubmitRun(spec));
        return SubmitRunResponse.newBuilder()
                .setPosition(engine.position())
                .setRun(submitted.run())
                .setExisted(submitted.existed())
                .build();
    }

    private SealedSecrets seal(String token, TreeMap<String, String> values) {
        if (values.isEmpty()) {
            return SealedSecrets.NONE;
        }
        return new SealedSecrets(
                values.keySet().stream().toList(), Bytes.copyOf(secrets.seal(token, values)));
    }

    @Override
    public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    awaitFresh(request.getCurrent(), request.getAtLeastPosition());
                    RunStore.Recorded recorded = reader.recorded(request.getRun());
                    return GetRunResponse.newBuilder()
                            .setRun(reader.run(recorded.records().run()))
                            .addAllJobs(reader.jobs(recorded.records(), -1))
                            .setPosition(recorded.position())
                            .build();
                });
    }

    private void awaitFresh(boolean current, long atLeast) throws InterruptedException {
        if (current) {
            leadership.current();
        }
        leadership.await(atLeast);
    }

    @Override
    public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    awaitFresh(request.getCurrent(), request.getAtLeastPosition());
                    RunPage page =
                            runs.list(
                                    Requests.filter(request),
                                    Requests.pageSize(request),
                                    Requests.pageStart(request));
                    var answer = ListRunsResponse.newBuilder().setPosition(page.position());
                    for (RunState run : page.runs()) {
                        answer.addRuns(reader.run(run));
                    }
                    if (page.next() != 0) {
                        answer.setNextPageToken(Long.toString(page.next()));
                    }
                    return answer.build();
                });
    }

    @Override
    public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> answers) {
        calls.stream(answers, out -> follow(request, out));
    }

    private void follow(WatchRunRequest request, ServerStream<WatchRunResponse> out)
            throws InterruptedException {
        leadership.await(Math.max(request.getAtLeastPosition(), request.getAfterPosition()));
        long after = request.getAfterPosition() == 0 ? -1 : request.getAfterPosition();
        boolean first = true;
        var bell = new Bell();
        try (var _ = watch.watch(request.getRun(), bell)) {
            while (true) {
                long rings = bell.rings();
                RunStore.Recorded recorded = reader.recorded(request.getRun());
                RunState run = recorded.records().run();
                var answer = WatchRunResponse.newBuilder().setPosition(recorded.position());
                boolean runChanged = run.changedAt() > after;
                if (runChanged) {
                    answer.setRun(reader.run(run));
                }
                answer.addAllJobs(reader.jobs(recorded.records(), after));
                if (first || runChanged || answer.getJobsCount() > 0) {
                    out.send(answer.build());
                }
                first = false;
                after = recorded.position();
                if (run.finished()) {
                    return;
                }
                bell.await(rings);
            }
        }
    }

    @Override
    public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    String reason =
                            request.getReason().isBlank()
                                    ? "somebody asked for it"
                                    : request.getReason();
                    var accepted =
                            leadership
                                    .require()
                                    .engine()
                                    .ask(
                                            new Command.CancelRun(
                                                    request.getRun(),
                                                    request.getJob(),
                                                    reason,
                                                    Asked.SOMEBODY,
                                                    request.getForce()));
                    return CancelRunResponse.newBuilder().setAcceptedNow(accepted.now()).build();
                });
    }

    @Override
    public void rerunRun(RerunRunRequest request, StreamObserver<RerunRunResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    Engine engine = leadership.require().engine();
                    var rerun =
                            engine.ask(
                                    new Command.RerunRun(
                                            request.getRun(),
                                            Requests.scope(request),
                                            request.getJob(),
                                            request.getClientToken(),
                                            Asked.SOMEBODY));
                    return RerunRunResponse.newBuilder()
                            .setRunAttempt(rerun.runAttempt())
                            .setPosition(engine.position())
                            .build();
                });
    }

    @Override
    public void explainRun(ExplainRunRequest request, StreamObserver<ExplainRunResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    var records = reader.recorded(request.getRun()).records();
                    RunReader.select(records, request.getJob());
                    var answer = ExplainRunResponse.newBuilder();
                    leadership
                            .current()
                            .engine()
                            .read(view -> view.explain(request.getRun(), request.getJob()))
                            .forEach(why -> answer.addExplanations(Messages.explanation(why)));
                    return answer.build();
                });
    }
}

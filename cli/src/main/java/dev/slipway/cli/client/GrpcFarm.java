package dev.slipway.cli.client;

import dev.slipway.api.v1.AgentServiceGrpc;
import dev.slipway.api.v1.ArtifactServiceGrpc;
import dev.slipway.api.v1.BlobServiceGrpc;
import dev.slipway.api.v1.CancelRunRequest;
import dev.slipway.api.v1.DownloadArtifactRequest;
import dev.slipway.api.v1.DownloadArtifactResponse;
import dev.slipway.api.v1.DrainAgentRequest;
import dev.slipway.api.v1.ExplainRunRequest;
import dev.slipway.api.v1.FarmServiceGrpc;
import dev.slipway.api.v1.GetFarmRequest;
import dev.slipway.api.v1.GetRunRequest;
import dev.slipway.api.v1.GetRunResponse;
import dev.slipway.api.v1.ListAgentsRequest;
import dev.slipway.api.v1.ListArtifactsRequest;
import dev.slipway.api.v1.ListMembersRequest;
import dev.slipway.api.v1.ListRunsRequest;
import dev.slipway.api.v1.ListRunsResponse;
import dev.slipway.api.v1.LogServiceGrpc;
import dev.slipway.api.v1.MissingBlob;
import dev.slipway.api.v1.ReadLogRequest;
import dev.slipway.api.v1.ReadLogResponse;
import dev.slipway.api.v1.RerunRunRequest;
import dev.slipway.api.v1.RerunRunResponse;
import dev.slipway.api.v1.ResumeAgentRequest;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunResponse;
import dev.slipway.api.v1.WatchRunRequest;
import dev.slipway.api.v1.WatchRunResponse;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Channel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A farm reached over gRPC (`slipway.api.v1`).
public final class GrpcFarm implements Farm {
    private static final int PAGE = 500;

    private final Connection connection;
    private final Consumer<String> messages;

    /// What any coordinator must have applied that is to answer: what this client has seen.
    private final AtomicLong seen = new AtomicLong();

    /// @param messages gets a sentence for people when the connection is lost or back
    public GrpcFarm(List<ServerAddress> servers, Ports ports, Consumer<String> messages) {
        this(servers, () -> servers, ports, messages);
    }

    /// @param addresses where to go on when the connection has failed
    public GrpcFarm(
            List<ServerAddress> servers,
            FarmAddresses addresses,
            Ports ports,
            Consumer<String> messages) {
        this(servers, addresses, ports, messages, Connection.Limits.STANDARD);
    }

    GrpcFarm(
            List<ServerAddress> servers,
            FarmAddresses addresses,
            Ports ports,
            Consumer<String> messages,
            Connection.Limits limits) {
        this.messages = messages;
        this.connection = new Connection(servers, addresses, ports, messages, limits);
    }

    @Override
    public long submit(Submission submission) throws InterruptedException {
        var request = Messages.submit(submission);
        return connection.call(
                channel -> {
                    SubmitRunResponse submitted = runs(channel).submitRun(request);
                    saw(submitted.getPosition());
                    return submitted.getRun();
                });
    }

    private void saw(long position) {
        seen.accumulateAndGet(position, Math::max);
    }

    @Override
    public void upload(BlobRef blob, Path file) throws InterruptedException {
        connection.call(
                channel -> {
                    List<MissingBlob> missing =
                            BlobServiceGrpc.newBlockingStub(channel)
                                    .findMissingBlobs(Messages.missing(blob))
                                    .getMissingList();
                    for (MissingBlob one : missing) {
                        BlobUpload.send(channel, blob, file, one.getResumeOffset());
                    }
                    return blob;
                });
    }

    @Override
    public RunDetail get(long run) throws InterruptedException {
        GetRunResponse response =
                read(
                        (channel, current) ->
                                runs(channel)
                                        .getRun(
                                                GetRunRequest.newBuilder()
                                                        .setRun(run)
                                                        .setAtLeastPosition(seen.get())
                                                        .setCurrent(current)
                                                        .build()));
        saw(response.getPosition());
        return new RunDetail(
                Messages.run(response.getRun()),
                response.getJobsList().stream().map(Messages::job).toList(),
                response.getPosition());
    }

    @Override
    public List<Run> list(RunFilter filter) throws InterruptedException {
        var found = new ArrayList<Run>();
        String page = "";
        do {
            ListRunsRequest.Builder request =
                    ListRunsRequest.newBuilder()
                            .setAtLeastPosition(seen.get())
                            .setProject(filter.project())
                            .setWorkflow(filter.workflow())
                            .setBranch(filter.branch())
                            .setStatus(Messages.status(filter.status()))
                            .setConclusion(Messages.conclusion(filter.conclusion()))
                            .setPageSize(Math.min(PAGE, filter.limit() - found.size()))
                            .setPageToken(page);
            if (filter.after() != null) {
                request.setQueuedAfter(Messages.timestamp(filter.after()));
            }
            if (filter.before() != null) {
                request.setQueuedBefore(Messages.timestamp(filter.before()));
            }
            ListRunsResponse response =
                    read(
                            (channel, current) ->
                                    runs(channel).listRuns(request.setCurrent(current).build()));
            response.getRunsList().forEach(run -> found.add(Messages.run(run)));
            page = response.getNextPageToken();
        } while (!page.isEmpty() && found.size() < filter.limit());
        return found;
    }

    /// A call that any coordinator can answer, and the leader best.
    private interface Read<T> {
        /// @param current whether only the leader shall answer
        T on(Channel channel, boolean current) throws InterruptedException;
    }

    /// Asks the leader; while there is none, any coordinator, and says so.
    private <T> T read(Read<T> read) throws InterruptedException {
        try {
            return connection.call(channel -> read.on(channel, true), Connection.LEADER_PATIENCE);
        } catch (SlipwayException problem) {
            if (problem.code() != ErrorCode.NOT_LEADER) {
                throw problem;
            }
            T answer = connection.call(channel -> read.on(channel, false));
            messages.accept(
                    "No coordinator leads at the moment; this is what another one knows, and may"
                            + " be older.");
            return answer;
        }
    }

    @Override
    public void watch(long run, Consumer<RunChange> changes) throws InterruptedException {
        var position = new AtomicLong();
        connection.stream(
                (channel, progress) -> {
                    var request =
                            WatchRunRequest.newBuilder()
                                    .setRun(run)
                                    .setAfterPosition(position.get())
                                    .setAtLeastPosition(seen.get())
                                    .build();
                    Answers.<WatchRunResponse>consume(
                            () -> RunServiceGrpc.newBlockingStub(channel).watchRun(request),
                            change -> {
                                progress.made();
                                changes.accept(
                                        new RunChange(
                                                change.getPosition(),
                                                change.hasRun()
                                                        ? Messages.run(change.getRun())
                                                        : null,
                                                change.getJobsList().stream()
                                                        .map(Messages::job)
                                                        .toList()));
                                position.set(change.getPosition());
                                saw(change.getPosition());
                            });
                });
    }

    @Override
    public void readLog(LogQuery query, Consumer<List<LogText>> lines) throws InterruptedException {
        if (!query.follow()) {
            // So that it is whole when the run has ended, whichever coordinator sends it.
            get(query.run());
        }
        var cursor = new AtomicReference<>("");
        connection.stream(
                (channel, progress) -> {
                    var request =
                            ReadLogRequest.newBuilder()
                                    .setRun(query.run())
                                    .setJob(query.job())
                                    .setAttempt(query.attempt())
                                    .setStep(query.step())
                                    .setFollow(query.follow())
                                    .setProcessOutputOnly(query.processOnly())
                                    .setCursor(cursor.get())
                                    .setAtLeastPosition(seen.get())
                                    .build();
                    Answers.<ReadLogResponse>consume(
                            () -> LogServiceGrpc.newBlockingStub(channel).readLog(request),
                            answer -> {
                                progress.made();
                                if (answer.getLinesCount() > 0) {
                                    lines.accept(
                                            answer.getLinesList().stream()
                                                    .map(Messages::line)
                                                    .toList());
                                }
                                cursor.set(answer.getCursor());
                            });
                });
    }

    @Override
    public boolean cancel(long run, String job, String reason, boolean force)
            throws InterruptedException {
        var request =
                CancelRunRequest.newBuilder()
                        .setRun(run)
                        .setJob(job)
                        .setReason(reason)
                        .setForce(force)
                        .build();
        return connection.call(channel -> runs(channel).cancelRun(request).getAcceptedNow());
    }

    @Override
    public int rerun(long run, RerunScope scope, String job, String token)
            throws InterruptedException {
        var request =
                RerunRunRequest.newBuilder()
                        .setRun(run)
                        .setScope(
                                switch (scope) {
                                    case ALL -> RerunRunRequest.Scope.SCOPE_ALL;
                                    case FAILED -> RerunRunRequest.Scope.SCOPE_FAILED;
                                    case JOB -> RerunRunRequest.Scope.SCOPE_JOB;
                                })
                        .setJob(job)
                        .setClientToken(token)
                        .build();
        return connection.call(
                channel -> {
                    RerunRunResponse begun = runs(channel).rerunRun(request);
                    saw(begun.getPosition());
                    return begun.getRunAttempt();
                });
    }

    @Override
    public List<WaitReason> explain(long run, String job) throws InterruptedException {
        var request = ExplainRunRequest.newBuilder().setRun(run).setJob(job).build();
        return connection
                .call(channel -> runs(channel).explainRun(request))
                .getExplanationsList()
                .stream()
                .map(Messages::reason)
                .toList();
    }

    @Override
    public List<AgentInfo> agents() throws InterruptedException {
        return connection
                .call(channel -> agents(channel).listAgents(ListAgentsRequest.getDefaultInstance()))
                .getAgentsList()
                .stream()
                .map(Messages::agent)
                .toList();
    }

    @Override
    public AgentInfo drain(String agent) throws InterruptedException {
        var request = DrainAgentRequest.newBuilder().setAgent(agent).build();
        return Messages.agent(
                connection.call(channel -> agents(channel).drainAgent(request)).getAgent());
    }

    @Override
    public AgentInfo resume(String agent) throws InterruptedException {
        var request = ResumeAgentRequest.newBuilder().setAgent(agent).build();
        return Messages.agent(
                connection.call(channel -> agents(channel).resumeAgent(request)).getAgent());
    }

    @Override
    public List<ArtifactInfo> artifacts(long run) throws InterruptedException {
        var request = ListArtifactsRequest.newBuilder().setRun(run).build();
        return connection
                .call(
                        channel ->
                                ArtifactServiceGrpc.newBlockingStub(channel).listArtifacts(request))
                .getArtifactsList()
                .stream()
                .map(Messages::artifact)
                .toList();
    }

    @Override
    public void download(long run, String artifact, OutputStream to)
            throws IOException, InterruptedException {
        var verified = new VerifiedDownload(to);
        connection.stream(
                (channel, progress) ->
                        Answers.<DownloadArtifactResponse>consume(
                                () ->
                                        ArtifactServiceGrpc.newBlockingStub(channel)
                                                .downloadArtifact(
                                                        DownloadArtifactRequest.newBuilder()
                                                                .setRun(run)
                                                                .setName(artifact)
                                                                .setOffset(verified.received())
                                                                .build()),
                                piece -> {
                                    progress.made();
                                    verified.accept(
                                            piece.getSize(),
                                            piece.getDigest(),
                                            piece.getData().toByteArray());
                                }));
        verified.finish();
    }

    @Override
    public FarmInfo info() throws InterruptedException {
        return Messages.farm(
                connection.call(
                        channel ->
                                FarmServiceGrpc.newBlockingStub(channel)
                                        .getFarm(GetFarmRequest.getDefaultInstance())));
    }

    @Override
    public List<MemberInfo> members() throws InterruptedException {
        return connection
                .call(
                        channel ->
                                FarmServiceGrpc.newBlockingStub(channel)
                                        .listMembers(ListMembersRequest.getDefaultInstance()))
                .getMembersList()
                .stream()
                .map(Messages::member)
                .toList();
    }

    private static RunServiceGrpc.RunServiceBlockingStub runs(Channel channel) {
        return RunServiceGrpc.newBlockingStub(channel);
    }

    private static AgentServiceGrpc.AgentServiceBlockingStub agents(Channel channel) {
        return AgentServiceGrpc.newBlockingStub(channel);
    }

    @Override
    public Notifications notifications() {
        return new GrpcNotifications(connection);
    }

    @Override
    public Deliveries deliveries() {
        return new GrpcDeliveries(connection);
    }

    @Override
    public void close() {
        connection.close();
    }
}

package dev.slipway.coordinator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;

import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.FilePieces;
import dev.slipway.agent.v1.StorageServiceGrpc;
import dev.slipway.agent.v1.StoredFile;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.ArtifactServiceGrpc;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BlobServiceGrpc;
import dev.slipway.api.v1.DownloadArtifactRequest;
import dev.slipway.api.v1.GetRunRequest;
import dev.slipway.api.v1.LogServiceGrpc;
import dev.slipway.api.v1.ReadLogRequest;
import dev.slipway.api.v1.Run;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.UploadBlobRequest;
import dev.slipway.api.v1.UploadBlobResponse;
import dev.slipway.api.v1.WorkflowFile;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.time.SystemTimers;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// A coordinator on a data directory, and what people and agents do with it over gRPC.
final class TestFarm implements AutoCloseable {
    private static final String WORKFLOW =
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n";

    private final SystemTimers timers = new SystemTimers("test-timers");
    private final Coordinator coordinator;
    private final Coordinator.Bound bound;
    private final ManagedChannel channel;

    TestFarm(Path data, Path keyFile, Map<String, String> more) throws Exception {
        var flags = new TreeMap<>(more);
        flags.put("data", data.toString());
        flags.put("key-file", keyFile.toString());
        flags.put("listen", "127.0.0.1:0");
        var settings = CoordinatorSettings.read(flags, Map.of(), Map.of());
        try {
            coordinator = Coordinator.open(settings, Coordinator.Ports.system(timers), "test");
        } catch (RuntimeException problem) {
            timers.close();
            throw problem;
        }
        bound = coordinator.start();
        int port = bound.grpc().port();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /// Where it serves HTTP; the setting `http` is given.
    String http() {
        return "http://" + bound.http().orElseThrow();
    }

    ManagedChannel channel() {
        return channel;
    }

    ScriptedAgent agent(String id, String name) {
        return new ScriptedAgent(
                NettyChannelBuilder.forTarget(channel.authority()).usePlaintext().build(),
                id,
                name);
    }

    long submit(String text) {
        return RunServiceGrpc.newBlockingStub(channel)
                .submitRun(
                        SubmitRunRequest.newBuilder()
                                .setProject("shop")
                                .setWorkflow(
                                        WorkflowFile.newBuilder()
                                                .setPath(".github/workflows/ci.yml")
                                                .setSource(ByteString.copyFromUtf8(WORKFLOW)))
                                .setEventName("push")
                                .setEventJson("{\"text\":\"%s\"}".formatted(text))
                                .setRef("refs/heads/main")
                                .setDefaultBranch("main")
                                .putSecrets("TOKEN", "s3cr3t")
                                .build())
                .getRun();
    }

    /// Runs one job from its submission to its recorded end: `lines` lines of output and an
    /// artifact, all of it acknowledged when this returns.
    long oneRun(ScriptedAgent agent, int lines) throws Exception {
        long run = submit("one");
        Token token = agent.await(Action.ACTION_RUN).getToken();
        agent.tell(agent.running(token));
        for (int i = 0; i < lines; i++) {
            agent.print(token, i, i == lines - 1, line(run, i));
        }
        for (int i = 0; i < lines; i++) {
            agent.acknowledgement();
        }
        artifact(token, content(run));
        agent.tell(agent.finished(token, lines * 10L));
        agent.await(Action.ACTION_FORGET);
        return run;
    }

    static String line(long run, int number) {
        return "run %d line %d".formatted(run, number);
    }

    /// What is in a run's artifact.
    static byte[] content(long run) {
        return ("content of run " + run).getBytes(UTF_8);
    }

    private void artifact(Token token, byte[] content) throws Exception {
        Blob blob = blob(content);
        upload(blob, content);
        StorageServiceGrpc.newBlockingStub(channel)
                .createArtifact(
                        CreateArtifactRequest.newBuilder()
                                .setToken(token)
                                .setName("app")
                                .addFiles(
                                        StoredFile.newBuilder()
                                                .setPath("app.txt")
                                                .setMode(420)
                                                .setPieces(FilePieces.newBuilder().addBlobs(blob)))
                                .build());
    }

    static Blob blob(byte[] content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return Blob.newBuilder()
                .setSha256(HexFormat.of().formatHex(digest))
                .setSize(content.length)
                .build();
    }

    void upload(Blob blob, byte[] content) throws Exception {
        var done = new CompletableFuture<UploadBlobResponse>();
        var out =
                BlobServiceGrpc.newStub(channel)
                        .uploadBlob(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(UploadBlobResponse response) {
                                        done.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable problem) {
                                        done.completeExceptionally(problem);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        done.completeExceptionally(new AssertionError("no answer"));
                                    }
                                });
        int at = 0;
        do {
            int part = Math.min(1 << 20, content.length - at);
            out.onNext(
                    UploadBlobRequest.newBuilder()
                            .setBlob(blob)
                            .setData(ByteString.copyFrom(content, at, part))
                            .build());
            at += part;
        } while (at < content.length);
        out.onCompleted();
        done.get();
    }

    Run run(long run) {
        return RunServiceGrpc.newBlockingStub(channel)
                .getRun(GetRunRequest.newBuilder().setRun(run).build())
                .getRun();
    }

    List<String> log(long run) {
        var lines = new ArrayList<String>();
        LogServiceGrpc.newBlockingStub(channel)
                .readLog(ReadLogRequest.newBuilder().setRun(run).build())
                .forEachRemaining(
                        page ->
                                page.getLinesList()
                                        .forEach(line -> lines.add(line.getText().toStringUtf8())));
        return lines;
    }

    /// The size of a run's artifact as a zip.
    int artifactSize(long run) {
        int[] size = new int[1];
        ArtifactServiceGrpc.newBlockingStub(channel)
                .downloadArtifact(
                        DownloadArtifactRequest.newBuilder().setRun(run).setName("app").build())
                .forEachRemaining(piece -> size[0] += piece.getData().size());
        return size[0];
    }

    @Override
    public void close() {
        channel.shutdownNow();
        coordinator.close();
        timers.close();
    }
}

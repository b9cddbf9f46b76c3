package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;

import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.CreateCacheRequest;
import dev.slipway.agent.v1.DownloadBlobRequest;
import dev.slipway.agent.v1.FilePieces;
import dev.slipway.agent.v1.ListRunArtifactsRequest;
import dev.slipway.agent.v1.LookupCacheRequest;
import dev.slipway.agent.v1.StorageServiceGrpc;
import dev.slipway.agent.v1.StoredFile;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.ArtifactServiceGrpc;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BlobServiceGrpc;
import dev.slipway.api.v1.DownloadArtifactRequest;
import dev.slipway.api.v1.DownloadArtifactResponse;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.MissingBlob;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.UploadBlobRequest;
import dev.slipway.api.v1.UploadBlobResponse;
import dev.slipway.api.v1.WorkflowFile;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.time.SystemTimers;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipInputStream;

/// Blobs, artifacts and caches over real gRPC, for an attempt that an agent holds.
@Timeout(60)
class StorageIT {
    private static final String WORKFLOW =
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n";

    @TempDir Path folder;
    private SystemTimers timers;
    private Coordinator coordinator;
    private ManagedChannel channel;
    private ScriptedAgent agent;
    private Token token;
    private long run;

    @BeforeEach
    void open() throws Exception {
        timers = new SystemTimers("test-timers");
        var settings =
                CoordinatorSettings.read(
                        Map.of("data", folder.resolve("data").toString(), "listen", "127.0.0.1:0"),
                        Map.of(),
                        Map.of());
        coordinator = Coordinator.open(settings, Coordinator.Ports.system(timers), "test");
        int port = coordinator.start().grpc().port();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        run =
                RunServiceGrpc.newBlockingStub(channel)
                        .submitRun(
                                SubmitRunRequest.newBuilder()
                                        .setProject("shop")
                                        .setWorkflow(
                                                WorkflowFile.newBuilder()
                                                        .setPath(".github/workflows/ci.yml")
                                                        .setSource(
                                                                ByteString.copyFromUtf8(WORKFLOW)))
                                        .setEventName("push")
                                        .setRef("refs/heads/topic")
                                        .setDefaultBranch("main")
                                        .build())
                        .getRun();
        agent =
                new ScriptedAgent(
                        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build(),
                        "a1",
                        "one");
        agent.join(List.of());
        token = agent.await(Action.ACTION_RUN).getToken();
    }

    @AfterEach
    void close() {
        agent.close();
        channel.shutdownNow();
        coordinator.close();
        timers.close();
    }

    @Test
    void brokenOffUploadGoesOnWhereItStopped() throws Exception {
        byte[] content = "0123456789".repeat(50_000).getBytes(UTF_8);
        Blob blob = blob(content);
        breakOff(blob, content, 300_000);

        MissingBlob missing = missing(blob).getFirst();
        while (missing.getResumeOffset() < 300_000) {
            missing = missing(blob).getFirst();
        }
        upload(blob, content, (int) missing.getResumeOffset());

        assertThat(missing(blob)).isEmpty();
        var read = new ByteArrayOutputStream();
        storage()
                .downloadBlob(
                        DownloadBlobRequest.newBuilder()
                                .setToken(token)
                                .setBlob(blob)
                                .setOffset(10)
                                .build())
                .forEachRemaining(piece -> read.writeBytes(piece.getData().toByteArray()));
        assertThat(read.size()).isEqualTo(content.length - 10);
    }

    @Test
    void artifactComesBackAsAZipAndFromAnOffset() throws Exception {
        storage()
                .createArtifact(
                        CreateArtifactRequest.newBuilder()
                                .setToken(token)
                                .setName("app")
                                .addFiles(file("dist/app.txt", "hello"))
                                .build());

        byte[] zip = download("app", 0);
        byte[] rest = download("app", 20);

        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            assertThat(in.getNextEntry().getName()).isEqualTo("dist/app.txt");
            assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("hello");
        }
        assertThat(rest).isEqualTo(java.util.Arrays.copyOfRange(zip, 20, zip.length));
        var listed =
                storage()
                        .listRunArtifacts(
                                ListRunArtifactsRequest.newBuilder()
                                        .setToken(token)
                                        .setWithFiles(true)
                                        .build());
        assertThat(listed.getArtifacts(0).getFiles(0).getPath()).isEqualTo("dist/app.txt");
    }

    @Test
    void cacheIsFoundByItsKeyAndWrittenOnce() throws Exception {
        var create =
                CreateCacheRequest.newBuilder()
                        .setToken(token)
                        .setKey("npm-1")
                        .setVersion("v")
                        .addFiles(file("node_modules/x", "x"))
                        .build();

        assertThat(storage().createCache(create).getCreated()).isTrue();
        assertThat(storage().createCache(create).getReason()).contains("exists");
        var found =
                storage()
                        .lookupCache(
                                LookupCacheRequest.newBuilder()
                                        .setToken(token)
                                        .setKey("npm-2")
                                        .addRestoreKeys("npm-")
                                        .setVersion("v")
                                        .build());
        assertThat(found.getMatchedKey()).isEqualTo("npm-1");
        assertThat(found.getFiles(0).getPath()).isEqualTo("node_modules/x");
    }

    @Test
    void storesAreClosedToWhoHoldsNoLease() {
        var stale = token.toBuilder().setEpoch(77).build();

        assertThatThrownBy(
                        () ->
                                storage()
                                        .lookupCache(
                                                LookupCacheRequest.newBuilder()
                                                        .setToken(stale)
                                                        .setKey("k")
                                                        .build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("FAILED_PRECONDITION");
    }

    private StoredFile file(String path, String content) throws Exception {
        byte[] bytes = content.getBytes(UTF_8);
        Blob blob = blob(bytes);
        upload(blob, bytes, 0);
        return StoredFile.newBuilder()
                .setPath(path)
                .setMode(0644)
                .setPieces(FilePieces.newBuilder().addBlobs(blob))
                .build();
    }

    private byte[] download(String name, long offset) {
        var bytes = new ByteArrayOutputStream();
        ArtifactServiceGrpc.newBlockingStub(channel)
                .downloadArtifact(
                        DownloadArtifactRequest.newBuilder()
                                .setRun(run)
                                .setName(name)
                                .setOffset(offset)
                                .build())
                .forEachRemaining(
                        (DownloadArtifactResponse piece) ->
                                bytes.writeBytes(piece.getData().toByteArray()));
        return bytes.toByteArray();
    }

    private List<MissingBlob> missing(Blob blob) {
        return BlobServiceGrpc.newBlockingStub(channel)
                .findMissingBlobs(FindMissingBlobsRequest.newBuilder().addBlobs(blob).build())
                .getMissingList();
    }

    private void upload(Blob blob, byte[] content, int offset) throws Exception {
        var answer = new Answer();
        var requests = BlobServiceGrpc.newStub(channel).uploadBlob(answer);
        requests.onNext(
                UploadBlobRequest.newBuilder()
                        .setBlob(blob)
                        .setOffset(offset)
                        .setData(ByteString.copyFrom(content, offset, content.length - offset))
                        .build());
        requests.onCompleted();
        answer.done.get();
    }

    /// Cancels the call once the coordinator has written what was sent.
    private void breakOff(Blob blob, byte[] content, int length) throws Exception {
        var answer = new Answer();
        var requests = BlobServiceGrpc.newStub(channel).uploadBlob(answer);
        requests.onNext(
                UploadBlobRequest.newBuilder()
                        .setBlob(blob)
                        .setData(ByteString.copyFrom(content, 0, length))
                        .build());
        while (written(blob) < length) {
            Thread.onSpinWait();
        }
        requests.onError(Status.CANCELLED.asRuntimeException());
    }

    /// How many bytes of an upload that is under way are on disk.
    private long written(Blob blob) throws IOException {
        Path partial = folder.resolve("data/blobs/partial");
        if (!Files.isDirectory(partial)) {
            return 0;
        }
        long written = 0;
        try (var files = Files.newDirectoryStream(partial, blob.getSha256() + "-*")) {
            for (Path file : files) {
                written += Files.size(file);
            }
        }
        return written;
    }

    private static Blob blob(byte[] content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return Blob.newBuilder()
                .setSha256(HexFormat.of().formatHex(digest))
                .setSize(content.length)
                .build();
    }

    private StorageServiceGrpc.StorageServiceBlockingStub storage() {
        return StorageServiceGrpc.newBlockingStub(channel);
    }

    private static final class Answer implements StreamObserver<UploadBlobResponse> {
        final CompletableFuture<UploadBlobResponse> done = new CompletableFuture<>();

        @Override
        public void onNext(UploadBlobResponse value) {
            done.complete(value);
        }

        @Override
        public void onError(Throwable problem) {
            done.completeExceptionally(problem);
        }

        @Override
        public void onCompleted() {
            done.complete(UploadBlobResponse.getDefaultInstance());
        }
    }
}

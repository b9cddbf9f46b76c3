package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BlobServiceGrpc;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.MissingBlob;
import dev.slipway.api.v1.UploadBlobRequest;
import dev.slipway.api.v1.UploadBlobResponse;
import dev.slipway.coordinator.blobs.S3ProxyServer;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A coordinator is killed in the middle of an upload, and another one, which shares the blobs and
/// nothing else, goes on with it.
@Timeout(90)
class BlobFailoverIT {
    private static final int PIECE = 512 << 10;
    private static final int SENT = 6 << 20;

    @TempDir Path folder;
    private final byte[] content = new byte[11 << 20];
    private final List<CoordinatorProcess> coordinators = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    BlobFailoverIT() {
        new Random(1).nextBytes(content);
    }

    @AfterEach
    void end() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (CoordinatorProcess coordinator : coordinators) {
            coordinator.kill();
        }
    }

    @Test
    void uploadIntoSharedFolderOutlivesItsCoordinator() throws Exception {
        Path shared = folder.resolve("shared");

        uploadOutlivesItsCoordinator(shared.toString(), Map.of(), shared);

        assertThat(contents(shared)).containsExactly(content.length);
    }

    @Test
    void uploadIntoBucketOutlivesItsCoordinator() throws Exception {
        S3ProxyServer server = S3ProxyServer.start(folder);
        try {
            var credentials =
                    Map.of("AWS_ACCESS_KEY_ID", "slipway", "AWS_SECRET_ACCESS_KEY", "try-me");

            uploadOutlivesItsCoordinator(server.location("farm"), credentials, server.bucket());

            assertThat(contents(server.bucket())).containsExactly(content.length);
        } finally {
            server.stop();
        }
    }

    private void uploadOutlivesItsCoordinator(
            String blobs, Map<String, String> environment, Path disk) throws Exception {
        CoordinatorProcess first = start("first", blobs, environment);
        CompletableFuture<UploadBlobResponse> cut = new CompletableFuture<>();
        var upload = BlobServiceGrpc.newStub(channel(first)).uploadBlob(new Answers(cut));
        send(upload, 0, SENT);
        awaitPartial(disk);

        first.kill();
        CoordinatorProcess second = start("second", blobs, environment);
        ManagedChannel channel = channel(second);
        MissingBlob missing = findMissing(channel).getFirst();
        CompletableFuture<UploadBlobResponse> done = new CompletableFuture<>();
        var rest = BlobServiceGrpc.newStub(channel).uploadBlob(new Answers(done));
        send(rest, (int) missing.getResumeOffset(), content.length);
        rest.onCompleted();
        done.get(60, TimeUnit.SECONDS);

        assertThat(cut).isCompletedExceptionally();
        assertThat(missing.getResumeOffset()).isBetween(5L << 20, (long) SENT);
        assertThat(findMissing(channel)).isEmpty();
    }

    private CoordinatorProcess start(String name, String blobs, Map<String, String> environment)
            throws IOException {
        var flags = new HashMap<String, String>();
        flags.put("data", folder.resolve(name).toString());
        flags.put("key-file", folder.resolve("keys").toString());
        flags.put("listen", "127.0.0.1:0");
        flags.put("blobs", blobs);
        var coordinator = CoordinatorProcess.start(flags, environment);
        coordinators.add(coordinator);
        return coordinator;
    }

    private ManagedChannel channel(CoordinatorProcess coordinator) {
        var channel = NettyChannelBuilder.forTarget(coordinator.address()).usePlaintext().build();
        channels.add(channel);
        return channel;
    }

    private Blob blob() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return Blob.newBuilder()
                .setSha256(HexFormat.of().formatHex(digest))
                .setSize(content.length)
                .build();
    }

    private List<MissingBlob> findMissing(ManagedChannel channel) throws Exception {
        return BlobServiceGrpc.newBlockingStub(channel)
                .findMissingBlobs(FindMissingBlobsRequest.newBuilder().addBlobs(blob()).build())
                .getMissingList();
    }

    private void send(StreamObserver<UploadBlobRequest> upload, int from, int to) throws Exception {
        upload.onNext(UploadBlobRequest.newBuilder().setBlob(blob()).setOffset(from).build());
        for (int at = from; at < to; at += PIECE) {
            upload.onNext(
                    UploadBlobRequest.newBuilder()
                            .setData(ByteString.copyFrom(content, at, Math.min(PIECE, to - at)))
                            .build());
        }
    }

    /// Until the coordinator has stored at least the first part.
    private static void awaitPartial(Path disk) throws Exception {
        while (partials(disk) < 5 << 20) {
            Thread.sleep(20);
        }
    }

    private static long partials(Path disk) throws IOException {
        long bytes = 0;
        for (Path file : files(disk)) {
            if (file.toString().contains("/partial/")) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /// Sizes of finished blobs.
    private static List<Integer> contents(Path disk) throws IOException {
        var sizes = new ArrayList<Integer>();
        for (Path file : files(disk)) {
            if (file.getFileName().toString().matches("[0-9a-f]{64}-[0-9a-f]{16}")
                    && !file.toString().contains("/partial/")) {
                sizes.add((int) Files.size(file));
            }
        }
        return sizes;
    }

    private static List<Path> files(Path disk) throws IOException {
        if (!Files.exists(disk)) {
            return List.of();
        }
        try (var files = Files.walk(disk)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (java.io.UncheckedIOException renamed) {
            return List.of();
        }
    }

    private record Answers(CompletableFuture<UploadBlobResponse> done)
            implements StreamObserver<UploadBlobResponse> {
        @Override
        public void onNext(UploadBlobResponse answer) {
            done.complete(answer);
        }

        @Override
        public void onError(Throwable problem) {
            done.completeExceptionally(problem);
        }

        @Override
        public void onCompleted() {
            // The answer came before.
        }
    }
}

package dev.slipway.coordinator.api;

import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BlobServiceGrpc;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.FindMissingBlobsResponse;
import dev.slipway.api.v1.MissingBlob;
import dev.slipway.api.v1.UploadBlobRequest;
import dev.slipway.api.v1.UploadBlobResponse;
import dev.slipway.coordinator.blobs.BlobRef;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.io.IOException;

/// Content-addressed files on their way into the farm.
final class BlobApi extends BlobServiceGrpc.BlobServiceImplBase {
    private static final int LARGEST_PIECE = 1 << 20;
    private static final int MOST_BLOBS = 1_000;

    private final Calls calls;
    private final Leadership leadership;
    private final BlobStore blobs;

    BlobApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.blobs = parts.blobs();
    }

    @Override
    public void findMissingBlobs(
            FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    leadership.require();
                    Requests.require(
                            request.getBlobsCount() <= MOST_BLOBS,
                            "at most 1,000 blobs can be asked for at once");
                    var answer = FindMissingBlobsResponse.newBuilder();
                    for (BlobRef blob :
                            blobs.pin(
                                    request.getBlobsList().stream().map(Requests::blob).toList())) {
                        answer.addMissing(
                                MissingBlob.newBuilder()
                                        .setBlob(
                                                Blob.newBuilder()
                                                        .setSha256(blob.sha256())
                                                        .setSize(blob.size()))
                                        .setResumeOffset(blobs.resumeOffset(blob)));
                    }
                    return answer.build();
                });
    }

    @Override
    public StreamObserver<UploadBlobRequest> uploadBlob(
            StreamObserver<UploadBlobResponse> answers) {
        var pieces = new Inbox<UploadBlobRequest>((ServerCallStreamObserver<?>) answers);
        calls.upload(answers, () -> upload(pieces));
        return pieces;
    }

    private UploadBlobResponse upload(Inbox<UploadBlobRequest> pieces) throws Exception {
        leadership.require();
        UploadBlobRequest first =
                pieces.take()
                        .orElseThrow(
                                () ->
                                        new SlipwayException(
                                                ErrorCode.INVALID_ARGUMENT,
                                                "An upload must begin with the blob's name."));
        BlobRef blob = Requests.blob(first.getBlob());
        try (var upload = blobs.upload(blob, first.getOffset())) {
            write(upload, first);
            for (var piece = pieces.take(); piece.isPresent(); piece = pieces.take()) {
                write(upload, piece.get());
            }
            upload.commit();
        }
        return UploadBlobResponse.newBuilder().setBlob(first.getBlob()).build();
    }

    private static void write(BlobStore.Upload upload, UploadBlobRequest piece) throws IOException {
        Requests.require(
                piece.getData().size() <= LARGEST_PIECE, "data has more than 1 MiB in one message");
        upload.write(piece.getData().asReadOnlyByteBuffer());
    }
}

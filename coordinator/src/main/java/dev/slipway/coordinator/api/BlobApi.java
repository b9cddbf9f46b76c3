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

/// Content-addressed files on their way into the farm.
final class BlobApi extends BlobServiceGrpc.BlobServiceImplBase {
    private static final int MOST_BLOBS = 1_000;

    private final Calls calls;
    private final BlobStore blobs;

    BlobApi(Calls calls, BlobStore blobs) {
        this.calls = calls;
        this.blobs = blobs;
    }

    @Override
    public void findMissingBlobs(
            FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> answers) {
        calls.unary(
                answers,
                () -> {
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
        UploadBlobRequest first =
                pieces.take()
                        .orElseThrow(
                                () ->
                                        new SlipwayException(
                                                ErrorCode.INVALID_ARGUMENT,
                                                "An upload must begin with the blob's name."));
        BlobRef blob = Requests.blob(first.getBlob());
        try (var upload = blobs.upload(blob, first.getOffset())) {
            upload.write(first.getData().asReadOnlyByteBuffer());
            for (var piece = pieces.take(); piece.isPresent(); piece = pieces.take()) {
                upload.write(piece.get().getData().asReadOnlyByteBuffer());
            }
            upload.commit();
        }
        return UploadBlobResponse.newBuilder().setBlob(first.getBlob()).build();
    }
}

package dev.slipway.agent.session;

import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.BeginDeploymentResponse;
import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.CreateArtifactResponse;
import dev.slipway.agent.v1.CreateCacheRequest;
import dev.slipway.agent.v1.CreateCacheResponse;
import dev.slipway.agent.v1.DeploymentServiceGrpc;
import dev.slipway.agent.v1.DownloadBlobRequest;
import dev.slipway.agent.v1.DownloadBlobResponse;
import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.agent.v1.GetJobSpecResponse;
import dev.slipway.agent.v1.ListRunArtifactsRequest;
import dev.slipway.agent.v1.ListRunArtifactsResponse;
import dev.slipway.agent.v1.LookupCacheRequest;
import dev.slipway.agent.v1.LookupCacheResponse;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.agent.v1.ReportDeploymentResponse;
import dev.slipway.agent.v1.SessionServiceGrpc;
import dev.slipway.agent.v1.StorageServiceGrpc;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BlobServiceGrpc;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.FindMissingBlobsResponse;
import dev.slipway.api.v1.UploadBlobRequest;
import dev.slipway.api.v1.UploadBlobResponse;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// The calls over gRPC. Every call with one small answer has a deadline; bulk has none, because the
/// keep-alive of the channel finds a dead peer.
final class GrpcFarmCalls implements FarmCalls {
    private static final int PIECE = 512 * 1024;
    private static final long DEADLINE_SECONDS = 60;

    private final ManagedChannel channel;

    GrpcFarmCalls(ManagedChannel channel) {
        this.channel = channel;
    }

    @Override
    public GetJobSpecResponse getJobSpec(GetJobSpecRequest request) throws InterruptedException {
        return call(
                () ->
                        SessionServiceGrpc.newBlockingV2Stub(channel)
                                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                                .getJobSpec(request));
    }

    @Override
    public FindMissingBlobsResponse findMissingBlobs(FindMissingBlobsRequest request)
            throws InterruptedException {
        return call(
                () ->
                        BlobServiceGrpc.newBlockingV2Stub(channel)
                                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                                .findMissingBlobs(request));
    }

    @Override
    public CreateArtifactResponse createArtifact(CreateArtifactRequest request)
            throws InterruptedException {
        return call(() -> storage().createArtifact(request));
    }

    @Override
    public ListRunArtifactsResponse listRunArtifacts(ListRunArtifactsRequest request)
            throws InterruptedException {
        return call(() -> storage().listRunArtifacts(request));
    }

    @Override
    public LookupCacheResponse lookupCache(LookupCacheRequest request) throws InterruptedException {
        return call(() -> storage().lookupCache(request));
    }

    @Override
    public CreateCacheResponse createCache(CreateCacheRequest request) throws InterruptedException {
        return call(() -> storage().createCache(request));
    }

    @Override
    public BeginDeploymentResponse beginDeployment(BeginDeploymentRequest request)
            throws InterruptedException {
        return call(() -> deployments().beginDeployment(request));
    }

    @Override
    public ReportDeploymentResponse reportDeployment(ReportDeploymentRequest request)
            throws InterruptedException {
        return call(() -> deployments().reportDeployment(request));
    }

    @Override
    public void uploadBlob(Blob blob, long offset, InputStream data)
            throws IOException, InterruptedException {
        var upload = new Upload();
        BlobServiceGrpc.newStub(channel).uploadBlob(upload);
        try {
            byte[] piece = new byte[PIECE];
            boolean first = true;
            int length = data.readNBytes(piece, 0, PIECE);
            while ((first || length > 0) && upload.awaitReady()) {
                var message = UploadBlobRequest.newBuilder();
                if (first) {
                    message.setBlob(blob).setOffset(offset);
                }
                message.setData(UnsafeByteOperations.unsafeWrap(piece.clone(), 0, length));
                upload.send(message.build());
                first = false;
                length = data.readNBytes(piece, 0, PIECE);
            }
            upload.finish();
        } catch (IOException | InterruptedException problem) {
            upload.abort();
            throw problem;
        }
    }

    @Override
    public void downloadBlob(DownloadBlobRequest request, OutputStream into)
            throws IOException, InterruptedException {
        BlockingClientCall<?, DownloadBlobResponse> answers =
                StorageServiceGrpc.newBlockingV2Stub(channel).downloadBlob(request);
        try {
            for (var answer = answers.read(); answer != null; answer = answers.read()) {
                answer.getData().writeTo(into);
            }
        } catch (StatusException problem) {
            throw GrpcErrors.toException(problem);
        } catch (IOException | InterruptedException problem) {
            answers.cancel("the agent stopped reading", problem);
            throw problem;
        }
    }

    private StorageServiceGrpc.StorageServiceBlockingV2Stub storage() {
        return StorageServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private DeploymentServiceGrpc.DeploymentServiceBlockingV2Stub deployments() {
        return DeploymentServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /// Runs a unary call so that an interrupt ends it as an interrupt.
    private static <T> T call(Callable<T> body) throws InterruptedException {
        try {
            return Context.ROOT.call(body);
        } catch (StatusException problem) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(problem);
            }
            throw GrpcErrors.toException(problem);
        } catch (RuntimeException problem) {
            throw GrpcErrors.toException(problem);
        } catch (Exception problem) {
            throw new SlipwayException(
                    ErrorCode.INTERNAL, "A call to the farm failed: " + problem, problem);
        }
    }

    /// One client stream with flow control and one answer.
    private static final class Upload
            implements ClientResponseObserver<UploadBlobRequest, UploadBlobResponse> {
        private @Nullable ClientCallStreamObserver<UploadBlobRequest> requests;
        private @Nullable SlipwayException failure;
        private boolean over;

        @Override
        public void beforeStart(ClientCallStreamObserver<UploadBlobRequest> stream) {
            synchronized (this) {
                requests = stream;
            }
            stream.setOnReadyHandler(this::wake);
        }

        @Override
        public void onNext(UploadBlobResponse answer) {
            // The answer repeats the blob; that it came is all that counts.
        }

        @Override
        public synchronized void onError(Throwable problem) {
            failure = GrpcErrors.toException(problem);
            over = true;
            notifyAll();
        }

        @Override
        public synchronized void onCompleted() {
            over = true;
            notifyAll();
        }

        /// @return false when the server has ended the call already
        synchronized boolean awaitReady() throws InterruptedException {
            while (!over && requests != null && !requests.isReady()) {
                wait();
            }
            return !over;
        }

        synchronized void send(UploadBlobRequest message) {
            if (!over && requests != null) {
                requests.onNext(message);
            }
        }

        synchronized void finish() throws InterruptedException {
            if (!over && requests != null) {
                requests.onCompleted();
            }
            while (!over) {
                wait();
            }
            if (failure != null) {
                throw failure;
            }
        }

        synchronized void abort() {
            if (!over && requests != null) {
                requests.cancel("the agent stopped the upload", null);
            }
        }

        private synchronized void wake() {
            notifyAll();
        }
    }
}

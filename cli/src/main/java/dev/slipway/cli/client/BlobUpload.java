package dev.slipway.cli.client;

import com.google.protobuf.ByteString;

import dev.slipway.api.v1.BlobServiceGrpc;
import dev.slipway.api.v1.UploadBlobRequest;
import dev.slipway.api.v1.UploadBlobResponse;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One upload of one file, from an offset, no faster than the farm takes it.
final class BlobUpload implements ClientResponseObserver<UploadBlobRequest, UploadBlobResponse> {
    private static final int PIECE = 256 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable ClientCallStreamObserver<UploadBlobRequest> call;
    private boolean finished;
    private @Nullable Throwable problem;

    private BlobUpload() {}

    /// Sends the file's bytes from `offset` to the end and waits for the farm's word that it has
    /// the whole blob.
    static void send(Channel channel, BlobRef blob, Path file, long offset)
            throws InterruptedException {
        var upload = new BlobUpload();
        BlobServiceGrpc.newStub(channel).uploadBlob(upload);
        try (FileChannel source = FileChannel.open(file)) {
            source.position(offset);
            boolean goesOn = upload.offer(first(blob, offset));
            var buffer = ByteBuffer.allocate(PIECE);
            while (goesOn && source.read(buffer) >= 0) {
                buffer.flip();
                goesOn =
                        upload.offer(
                                UploadBlobRequest.newBuilder()
                                        .setData(ByteString.copyFrom(buffer))
                                        .build());
                buffer.clear();
            }
            upload.complete();
        } catch (IOException unreadable) {
            upload.cancel();
            throw new UncheckedIOException(unreadable);
        } catch (InterruptedException interrupted) {
            upload.cancel();
            throw interrupted;
        }
    }

    private static UploadBlobRequest first(BlobRef blob, long offset) {
        return UploadBlobRequest.newBuilder()
                .setBlob(Messages.blob(blob))
                .setOffset(offset)
                .build();
    }

    /// Waits until the farm takes more, then hands the piece over.
    ///
    /// @return false when the farm has answered already
    private boolean offer(UploadBlobRequest piece) throws InterruptedException {
        lock.lock();
        try {
            while (!finished && (call == null || !call.isReady())) {
                changed.await();
            }
            if (finished || call == null) {
                return false;
            }
            call.onNext(piece);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void complete() throws InterruptedException {
        lock.lock();
        try {
            if (!finished && call != null) {
                call.onCompleted();
            }
            while (!finished) {
                changed.await();
            }
            if (problem != null) {
                throw Status.fromThrowable(problem)
                        .asRuntimeException(Status.trailersFromThrowable(problem));
            }
        } finally {
            lock.unlock();
        }
    }

    private void cancel() {
        lock.lock();
        try {
            if (call != null && !finished) {
                call.cancel("the upload was given up", null);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<UploadBlobRequest> started) {
        lock.lock();
        try {
            call = started;
        } finally {
            lock.unlock();
        }
        started.setOnReadyHandler(this::wake);
    }

    @Override
    public void onNext(UploadBlobResponse response) {
        // Completion follows at once.
    }

    @Override
    public void onError(Throwable error) {
        end(error);
    }

    @Override
    public void onCompleted() {
        end(null);
    }

    private void end(@Nullable Throwable error) {
        lock.lock();
        try {
            finished = true;
            problem = error;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

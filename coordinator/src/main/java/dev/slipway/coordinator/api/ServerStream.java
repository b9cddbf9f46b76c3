package dev.slipway.coordinator.api;

import io.grpc.stub.ServerCallStreamObserver;

import org.jspecify.annotations.Nullable;

/// The way back to a caller for a body that blocks: sending waits while the caller reads slowly,
/// and the body is interrupted when the caller has gone.
final class ServerStream<A> {
    private final ServerCallStreamObserver<A> call;
    private @Nullable Thread body;
    private boolean interrupted;

    /// Made on the network's thread, before the handler returns.
    ServerStream(ServerCallStreamObserver<A> call) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(this::interrupt);
    }

    /// From now on the calling thread is the body.
    synchronized void begin() throws InterruptedException {
        if (interrupted) {
            throw new InterruptedException();
        }
        body = Thread.currentThread();
    }

    /// The body is done: it is not interrupted any more.
    synchronized void end() {
        body = null;
    }

    synchronized void interrupt() {
        interrupted = true;
        if (body != null) {
            body.interrupt();
        }
        notifyAll();
    }

    private synchronized void wake() {
        notifyAll();
    }

    /// Sends an answer once the caller is ready for it.
    void send(A answer) throws InterruptedException {
        synchronized (this) {
            while (!call.isReady() && !call.isCancelled()) {
                wait();
            }
        }
        if (call.isCancelled()) {
            throw new InterruptedException();
        }
        call.onNext(answer);
    }
}

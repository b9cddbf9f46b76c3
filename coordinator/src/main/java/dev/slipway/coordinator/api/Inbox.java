package dev.slipway.coordinator.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Optional;

/// Hands the messages of a client's stream to a body that blocks; the client may be only a few
/// messages ahead.
final class Inbox<Q> implements StreamObserver<Q> {
    private static final int AHEAD = 4;

    private final ServerCallStreamObserver<?> call;
    private final ArrayDeque<Q> waiting = new ArrayDeque<>();
    private boolean complete;
    private @Nullable Throwable broken;

    /// Made on the network's thread, before the handler returns.
    Inbox(ServerCallStreamObserver<?> call) {
        this.call = call;
        call.disableAutoRequest();
        call.request(AHEAD);
    }

    @Override
    public synchronized void onNext(Q message) {
        waiting.add(message);
        notifyAll();
    }

    @Override
    public synchronized void onError(Throwable problem) {
        broken = problem;
        notifyAll();
    }

    @Override
    public synchronized void onCompleted() {
        complete = true;
        notifyAll();
    }

    /// The next message; empty at the end of the stream.
    ///
    /// @throws InterruptedException when the client has gone
    Optional<Q> take() throws InterruptedException {
        Q message;
        synchronized (this) {
            while (waiting.isEmpty() && !complete && broken == null) {
                wait();
            }
            if (waiting.isEmpty()) {
                if (broken != null) {
                    throw new InterruptedException();
                }
                return Optional.empty();
            }
            message = waiting.remove();
        }
        call.request(1);
        return Optional.of(message);
    }
}

package dev.slipway.agent.session;

import dev.slipway.agent.session.CoordinatorLink.Connection;
import dev.slipway.agent.session.CoordinatorLink.Receiver;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.agent.v1.SessionServiceGrpc;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// One channel to one coordinator: the exchange stream, the log stream and the calls.
final class GrpcConnection implements Connection {
    private final ManagedChannel channel;
    private final Receiver receiver;
    private final Stream<ExchangeRequest, ExchangeResponse> exchange;
    private final Stream<SendLogRequest, SendLogResponse> log;
    private final GrpcFarmCalls calls;

    GrpcConnection(ManagedChannel channel, Receiver receiver) {
        this.channel = channel;
        this.receiver = receiver;
        this.exchange = new Stream<>(receiver::received);
        this.log = new Stream<>(receiver::received);
        this.calls = new GrpcFarmCalls(channel);
        var stub = SessionServiceGrpc.newStub(channel);
        stub.exchange(exchange);
        stub.sendLog(log);
    }

    @Override
    public void send(ExchangeRequest request) {
        exchange.send(request);
    }

    @Override
    public void send(SendLogRequest request) throws InterruptedException {
        log.awaitReady();
        log.send(request);
    }

    @Override
    public FarmCalls calls() {
        return calls;
    }

    @Override
    public void close() {
        exchange.end();
        log.end();
        channel.shutdownNow();
    }

    /// One stream in both directions. Its monitor guards the sending half, which gRPC wants used by
    /// one thread at a time.
    private final class Stream<Q, A> implements ClientResponseObserver<Q, A> {
        private final Consumer<A> onAnswer;
        private @Nullable ClientCallStreamObserver<Q> requests;
        private boolean over;

        Stream(Consumer<A> onAnswer) {
            this.onAnswer = onAnswer;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> stream) {
            synchronized (this) {
                requests = stream;
            }
            stream.setOnReadyHandler(this::wake);
        }

        @Override
        public void onNext(A answer) {
            onAnswer.accept(answer);
        }

        @Override
        public void onError(Throwable problem) {
            end();
            receiver.broken(GrpcErrors.toException(problem));
        }

        @Override
        public void onCompleted() {
            end();
            receiver.broken(
                    new SlipwayException(
                            ErrorCode.FARM_UNREACHABLE, "The coordinator ended the connection."));
        }

        synchronized void awaitReady() throws InterruptedException {
            while (!over && requests != null && !requests.isReady()) {
                wait();
            }
        }

        /// What is sent into a stream that is over goes nowhere: `broken` has been or will be
        /// called, and the next connection starts from the whole state.
        synchronized void send(Q message) {
            if (!over && requests != null) {
                requests.onNext(message);
            }
        }

        synchronized void end() {
            over = true;
            notifyAll();
        }

        private synchronized void wake() {
            notifyAll();
        }
    }
}

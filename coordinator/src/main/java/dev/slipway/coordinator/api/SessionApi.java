package dev.slipway.coordinator.api;

import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.agent.v1.GetJobSpecResponse;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.agent.v1.SessionServiceGrpc;
import dev.slipway.coordinator.sessions.AgentLink;
import dev.slipway.coordinator.sessions.LogIntake;
import dev.slipway.coordinator.sessions.LogLink;
import dev.slipway.coordinator.sessions.Session;
import dev.slipway.coordinator.sessions.Sessions;
import dev.slipway.error.SlipwayException;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.util.Optional;

/// The agents' streams, tied to their sessions.
final class SessionApi extends SessionServiceGrpc.SessionServiceImplBase {
    private final Calls calls;
    private final Leadership leadership;

    SessionApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
    }

    @Override
    public void getJobSpec(GetJobSpecRequest request, StreamObserver<GetJobSpecResponse> answers) {
        calls.unary(
                answers,
                () ->
                        GetJobSpecResponse.newBuilder()
                                .setSpec(leadership.require().specs().get(request))
                                .build());
    }

    @Override
    public StreamObserver<ExchangeRequest> exchange(StreamObserver<ExchangeResponse> answers) {
        var way = new Way<>((ServerCallStreamObserver<ExchangeResponse>) answers);
        Optional<Sessions> sessions = sessions(way);
        if (sessions.isEmpty()) {
            return new Inward<>(request -> {}, () -> {}, way);
        }
        Session session =
                sessions.get()
                        .open(
                                new AgentLink() {
                                    @Override
                                    public void send(ExchangeResponse response) {
                                        way.send(response);
                                    }

                                    @Override
                                    public void end(SlipwayException why) {
                                        way.end(why);
                                    }

                                    @Override
                                    public void complete() {
                                        way.complete();
                                    }
                                });
        way.onCancel(session::closed);
        return new Inward<>(session::received, session::closed, way);
    }

    @Override
    public StreamObserver<SendLogRequest> sendLog(StreamObserver<SendLogResponse> answers) {
        var call = (ServerCallStreamObserver<SendLogResponse>) answers;
        call.disableAutoRequest();
        var way = new Way<>(call);
        Optional<Sessions> sessions = sessions(way);
        if (sessions.isEmpty()) {
            return new Inward<>(request -> {}, () -> {}, way);
        }
        LogIntake intake =
                sessions.get()
                        .openLog(
                                new LogLink() {
                                    @Override
                                    public void send(SendLogResponse response) {
                                        way.send(response);
                                    }

                                    @Override
                                    public void request(int chunks) {
                                        call.request(chunks);
                                    }

                                    @Override
                                    public void end(SlipwayException why) {
                                        way.end(why);
                                    }
                                });
        way.onCancel(intake::closed);
        return new Inward<>(intake::received, intake::closed, way);
    }

    /// The sessions of this reign; without one the stream is ended.
    private Optional<Sessions> sessions(Way<?> way) {
        try {
            return Optional.of(leadership.require().sessions());
        } catch (SlipwayException follows) {
            way.end(follows);
            return Optional.empty();
        }
    }

    /// The way back: used from several threads, silent once it is over.
    private static final class Way<A> {
        private final ServerCallStreamObserver<A> call;
        private boolean over;

        Way(ServerCallStreamObserver<A> call) {
            this.call = call;
        }

        void onCancel(Runnable closed) {
            call.setOnCancelHandler(
                    () -> {
                        synchronized (this) {
                            over = true;
                        }
                        closed.run();
                    });
        }

        synchronized void send(A answer) {
            if (!over && !call.isCancelled()) {
                call.onNext(answer);
            }
        }

        synchronized void end(SlipwayException why) {
            if (!over) {
                over = true;
                call.onError(Errors.toStatus(why));
            }
        }

        synchronized void complete() {
            if (!over) {
                over = true;
                call.onCompleted();
            }
        }
    }

    /// The agent's half of a stream.
    private static final class Inward<Q> implements StreamObserver<Q> {
        private final java.util.function.Consumer<Q> received;
        private final Runnable closed;
        private final Way<?> way;

        Inward(java.util.function.Consumer<Q> received, Runnable closed, Way<?> way) {
            this.received = received;
            this.closed = closed;
            this.way = way;
        }

        @Override
        public void onNext(Q message) {
            received.accept(message);
        }

        @Override
        public void onError(Throwable problem) {
            closed.run();
        }

        @Override
        public void onCompleted() {
            closed.run();
            way.complete();
        }
    }
}

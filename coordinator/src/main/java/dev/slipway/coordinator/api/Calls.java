package dev.slipway.coordinator.api;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs the bodies of calls on cheap threads of their own: the network's threads never wait. Bounds
/// how many run at once, how long a call with one answer may take, and ends a body whose caller has
/// gone by interrupting it.
final class Calls {
    private static final int UNARY = 4_000;

    /// Longer than any answer should take; callers bring shorter deadlines of their own.
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Threads threads;
    private final Timers timers;
    private final Semaphore unary = new Semaphore(UNARY);
    private final Semaphore streams;

    /// @param streams how many streaming answers may be under way
    Calls(Threads threads, Timers timers, int streams) {
        this.threads = threads;
        this.timers = timers;
        this.streams = new Semaphore(streams);
    }

    /// What a call with one answer does; it may block.
    interface Body<A> {
        A run() throws Exception;
    }

    /// What a call with many answers does; it may block.
    interface StreamBody<A> {
        void run(ServerStream<A> out) throws Exception;
    }

    <A> void unary(StreamObserver<A> answers, Body<A> body) {
        var call = (ServerCallStreamObserver<A>) answers;
        if (!unary.tryAcquire()) {
            call.onError(Errors.toStatus(overloaded("calls")));
            return;
        }
        var stream = new ServerStream<>(call);
        threads.start(
                "slipway-call",
                () -> {
                    var late = new AtomicBoolean();
                    var deadline =
                            timers.after(
                                    DEADLINE,
                                    () -> {
                                        late.set(true);
                                        stream.interrupt();
                                    });
                    try {
                        stream.begin();
                        A answer = body.run();
                        stream.end();
                        call.onNext(answer);
                        call.onCompleted();
                    } catch (Exception problem) {
                        fail(call, stream, late.get() ? tooLate(problem) : problem);
                    } finally {
                        deadline.cancel();
                        unary.release();
                    }
                });
    }

    /// A call with one answer that takes as long as the caller sends.
    <A> void upload(StreamObserver<A> answers, Body<A> body) {
        stream(answers, out -> out.send(body.run()));
    }

    <A> void stream(StreamObserver<A> answers, StreamBody<A> body) {
        var call = (ServerCallStreamObserver<A>) answers;
        if (!streams.tryAcquire()) {
            call.onError(Errors.toStatus(overloaded("streams")));
            return;
        }
        var stream = new ServerStream<>(call);
        threads.start(
                "slipway-stream",
                () -> {
                    try {
                        stream.begin();
                        body.run(stream);
                        stream.end();
                        call.onCompleted();
                    } catch (Exception problem) {
                        fail(call, stream, problem);
                    } finally {
                        streams.release();
                    }
                });
    }

    private static void fail(
            ServerCallStreamObserver<?> call, ServerStream<?> stream, Exception problem) {
        stream.end();
        if (!call.isCancelled()) {
            call.onError(Errors.toStatus(problem));
        }
    }

    private static SlipwayException tooLate(Exception problem) {
        return new SlipwayException(
                ErrorCode.DEADLINE_EXCEEDED,
                "The call took longer than %d s. Ask again; a repeated request does no harm."
                        .formatted(DEADLINE.toSeconds()),
                problem);
    }

    private static SlipwayException overloaded(String what) {
        return new SlipwayException(
                ErrorCode.OVERLOADED,
                "Too many %s are under way. Try again in a second.".formatted(what));
    }
}

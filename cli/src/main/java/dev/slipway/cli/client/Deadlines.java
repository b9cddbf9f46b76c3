package dev.slipway.cli.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Gives every call with one answer a deadline, unless it has one. Streams go on for as long as
/// they go on.
final class Deadlines implements ClientInterceptor {
    private final Duration answer;

    Deadlines(Duration answer) {
        this.answer = answer;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        boolean bounded = method.getType() != MethodType.UNARY || options.getDeadline() != null;
        return next.newCall(
                method,
                bounded
                        ? options
                        : options.withDeadlineAfter(answer.toNanos(), TimeUnit.NANOSECONDS));
    }
}

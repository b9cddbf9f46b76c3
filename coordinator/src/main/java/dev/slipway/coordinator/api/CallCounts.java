package dev.slipway.coordinator.api;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts finished calls by method and status.
public final class CallCounts implements ServerInterceptor {
    private final Map<Label, LongAdder> counts = new ConcurrentHashMap<>();

    /// @param method `Service/Method` without the package
    /// @param code gRPC's name of the status
    public record Label(String method, String code) {}

    /// Calls that have ended since the start.
    public Map<Label, LongAdder> finished() {
        return counts;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String full = call.getMethodDescriptor().getFullMethodName();
        String method = full.substring(full.lastIndexOf('.') + 1);
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        counts.computeIfAbsent(
                                        new Label(method, status.getCode().name()),
                                        label -> new LongAdder())
                                .increment();
                        super.close(status, trailers);
                    }
                },
                headers);
    }
}

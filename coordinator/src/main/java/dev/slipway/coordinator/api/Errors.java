package dev.slipway.coordinator.api;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/// Maps any throwable to what goes over the wire: a status, and an `ErrorInfo` with the stable name
/// of the error. The one place that does.
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    private static final String DOMAIN = "slipway";

    private Errors() {}

    static StatusRuntimeException toStatus(Throwable problem) {
        return switch (problem) {
            case SlipwayException known -> known(known);
            case StatusRuntimeException status -> status;
            case IOException disk -> known(disk(disk));
            case UncheckedIOException wrapped ->
                    known(disk(Objects.requireNonNull(wrapped.getCause())));
            case InterruptedException _ ->
                    io.grpc.Status.CANCELLED
                            .withDescription("The call was cancelled.")
                            .asRuntimeException();
            default -> bug(problem);
        };
    }

    private static SlipwayException disk(IOException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The coordinator's disk failed (%s). Its operator must see to the disk of the data"
                                .formatted(problem)
                        + " directory; then ask again.",
                problem);
    }

    private static StatusRuntimeException known(SlipwayException problem) {
        if (problem.code().kind() == ErrorCode.Kind.BUG) {
            return bug(problem);
        }
        if (problem.code().kind() == ErrorCode.Kind.ENVIRONMENT) {
            LOG.warn("A call failed. code={}", problem.code(), problem);
        }
        return status(problem.code(), problem.getMessage(), problem.details());
    }

    /// The details of a bug are for the operator's log, not for callers.
    private static StatusRuntimeException bug(Throwable problem) {
        LOG.error("A call failed because of a bug. Please report it.", problem);
        return status(
                ErrorCode.INTERNAL,
                "The coordinator failed because of a bug (%s). Its log has the details."
                        .formatted(problem.getClass().getSimpleName()),
                Map.of());
    }

    private static StatusRuntimeException status(
            ErrorCode code, String message, Map<String, String> details) {
        var info =
                ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(code.name())
                        .putAllMetadata(details)
                        .build();
        var status =
                Status.newBuilder()
                        .setCode(Code.valueOf(code.grpcStatus()).value())
                        .setMessage(message)
                        .addDetails(Any.pack(info));
        if (code == ErrorCode.OVERLOADED) {
            status.addDetails(Any.pack(retryIn(1)));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    private static RetryInfo retryIn(int seconds) {
        var delay = com.google.protobuf.Duration.newBuilder().setSeconds(seconds);
        return RetryInfo.newBuilder().setRetryDelay(delay).build();
    }
}

package dev.slipway.cli.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Status;
import io.grpc.protobuf.StatusProto;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Turns what gRPC throws into our own errors: by the `ErrorInfo` that the farm attaches, else by
/// the status.
final class GrpcErrors {
    private GrpcErrors() {}

    static SlipwayException toException(Throwable problem) {
        Status status = Status.fromThrowable(problem);
        String said = status.getDescription();
        ErrorCode code = attachedCode(problem);
        if (code == null) {
            code = codeOf(status.getCode());
        }
        if (code == ErrorCode.INVALID_ARGUMENT
                && status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            return new SlipwayException(
                    code, "the farm refuses the request as too large (" + said + ")", problem);
        }
        if (code == ErrorCode.FARM_UNREACHABLE && status.getCause() != null) {
            String cause = status.getCause().getMessage();
            return new SlipwayException(code, cause == null ? "no answer" : cause, problem);
        }
        return new SlipwayException(code, said == null ? status.getCode().name() : said, problem);
    }

    private static @Nullable ErrorCode attachedCode(Throwable problem) {
        com.google.rpc.@Nullable Status details = StatusProto.fromThrowable(problem);
        if (details == null) {
            return null;
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    String reason = detail.unpack(ErrorInfo.class).getReason();
                    return Arrays.stream(ErrorCode.values())
                            .filter(code -> code.name().equals(reason))
                            .findFirst()
                            .orElse(null);
                } catch (InvalidProtocolBufferException damaged) {
                    return null;
                }
            }
        }
        return null;
    }

    private static ErrorCode codeOf(Status.Code status) {
        return switch (status) {
            case UNAVAILABLE, CANCELLED -> ErrorCode.FARM_UNREACHABLE;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            // A farm that is only busy says so in its details; this is gRPC's own size limit.
            case RESOURCE_EXHAUSTED, INVALID_ARGUMENT, OUT_OF_RANGE -> ErrorCode.INVALID_ARGUMENT;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case DATA_LOSS -> ErrorCode.DIGEST_MISMATCH;
            case NOT_FOUND -> ErrorCode.RUN_NOT_FOUND;
            case FAILED_PRECONDITION, ABORTED, PERMISSION_DENIED, UNAUTHENTICATED ->
                    ErrorCode.STALE_EPOCH;
            case OK, UNKNOWN, UNIMPLEMENTED, INTERNAL -> ErrorCode.INTERNAL;
        };
    }
}

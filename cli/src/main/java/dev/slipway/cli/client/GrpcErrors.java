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
import java.util.Map;
import java.util.Optional;

/// Turns what gRPC throws into our own errors: by the `ErrorInfo` that the farm attaches, else by
/// the status.
final class GrpcErrors {
    private GrpcErrors() {}

    static SlipwayException toException(Throwable problem) {
        Status status = Status.fromThrowable(problem);
        String said = status.getDescription();
        Optional<ErrorInfo> sent = sent(problem);
        ErrorCode code = sent.flatMap(GrpcErrors::code).orElseGet(() -> codeOf(status.getCode()));
        if (code == ErrorCode.INVALID_ARGUMENT
                && status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            return new SlipwayException(
                    code, "the farm refuses the request as too large (" + said + ")", problem);
        }
        if (code == ErrorCode.FARM_UNREACHABLE && status.getCause() != null) {
            String cause = status.getCause().getMessage();
            return new SlipwayException(code, cause == null ? "no answer" : cause, problem);
        }
        return new SlipwayException(code, said == null ? status.getCode().name() : said, problem)
                .with(sent.map(ErrorInfo::getMetadataMap).orElse(Map.of()));
    }

    private static Optional<ErrorInfo> sent(Throwable problem) {
        com.google.rpc.@Nullable Status details = StatusProto.fromThrowable(problem);
        if (details == null) {
            return Optional.empty();
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return Optional.of(detail.unpack(ErrorInfo.class));
                } catch (InvalidProtocolBufferException damaged) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ErrorCode> code(ErrorInfo info) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.name().equals(info.getReason()))
                .findFirst();
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

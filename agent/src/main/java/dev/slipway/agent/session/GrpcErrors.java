package dev.slipway.agent.session;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Status;
import io.grpc.protobuf.StatusProto;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Turns what gRPC throws into the farm's own errors: the code travels as `ErrorInfo.reason`.
final class GrpcErrors {
    private GrpcErrors() {}

    static SlipwayException toException(Throwable problem) {
        if (problem instanceof SlipwayException known) {
            return known;
        }
        Status status = Status.fromThrowable(problem);
        String text =
                Objects.requireNonNullElseGet(
                        status.getDescription(), () -> "gRPC status " + status.getCode());
        Optional<ErrorInfo> sent = sent(problem);
        ErrorCode code =
                sent.flatMap(info -> byName(info.getReason())).orElseGet(() -> codeOf(status));
        return new SlipwayException(code, text, problem)
                .with(sent.map(ErrorInfo::getMetadataMap).orElse(Map.of()));
    }

    private static Optional<ErrorInfo> sent(Throwable problem) {
        var details = StatusProto.fromThrowable(problem);
        if (details == null) {
            return Optional.empty();
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return Optional.of(detail.unpack(ErrorInfo.class));
                } catch (InvalidProtocolBufferException malformed) {
                    problem.addSuppressed(malformed);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ErrorCode> byName(String name) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.name().equals(name))
                .findFirst();
    }

    private static ErrorCode codeOf(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED, ABORTED -> ErrorCode.FARM_UNREACHABLE;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            case RESOURCE_EXHAUSTED -> ErrorCode.OVERLOADED;
            case DATA_LOSS -> ErrorCode.DIGEST_MISMATCH;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case FAILED_PRECONDITION -> ErrorCode.STALE_ATTEMPT;
            case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED -> ErrorCode.INVALID_ARGUMENT;
            default -> ErrorCode.INTERNAL;
        };
    }
}

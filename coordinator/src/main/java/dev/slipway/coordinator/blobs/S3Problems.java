package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Set;

/// Says what an S3 store's errors mean for the farm's operator.
final class S3Problems {
    private static final Set<String> DENIED =
            Set.of(
                    "AccessDenied",
                    "AllAccessDisabled",
                    "ExpiredToken",
                    "Forbidden",
                    "InvalidAccessKeyId",
                    "InvalidToken",
                    "SignatureDoesNotMatch");
    private static final Set<String> SKEWED =
            Set.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture");
    private static final Set<String> ELSEWHERE =
            Set.of(
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException",
                    "PermanentRedirect");

    private final BlobLocation.S3 where;
    private final String endpoint;

    S3Problems(BlobLocation.S3 where) {
        this.where = where;
        this.endpoint = where.endpoint().map(Object::toString).orElse("AWS S3");
    }

    /// A request.
    interface Request<T> {
        T run() throws IOException;
    }

    /// @param name of the object that is asked for
    /// @throws NoSuchFileException when there is no such object
    /// @throws SlipwayException when the store fails or refuses, saying why
    <T> T call(String name, Request<T> request) throws IOException {
        try {
            return request.run();
        } catch (NoSuchKeyException gone) {
            var none = new NoSuchFileException(where + "/" + name);
            none.initCause(gone);
            throw none;
        } catch (AbortedException interrupted) {
            Thread.currentThread().interrupt();
            var problem = new InterruptedIOException("interrupted while asking " + endpoint);
            problem.initCause(interrupted);
            throw problem;
        } catch (SdkException problem) {
            throw explain(problem);
        }
    }

    SlipwayException explain(SdkException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The blob store %s failed: %s".formatted(where, why(problem)),
                problem);
    }

    /// Whether only an operator can help.
    static boolean lasts(SdkException problem) {
        return problem instanceof AwsServiceException refused && refused.statusCode() / 100 != 5
                || !(problem instanceof AwsServiceException) && isAboutCredentials(problem);
    }

    private String why(SdkException problem) {
        if (problem instanceof AwsServiceException refused) {
            return refusal(refused);
        }
        if (isAboutCredentials(problem)) {
            return "no credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
                    + " --blobs-credentials FILE.";
        }
        Throwable unreachable = unreachable(problem);
        if (unreachable != null) {
            return "%s cannot be reached (%s). Check the endpoint, the network and whether it runs."
                    .formatted(endpoint, unreachable);
        }
        return "%s. Check %s; the coordinator tries again."
                .formatted(problem.getMessage(), endpoint);
    }

    private String refusal(AwsServiceException refused) {
        String code =
                refused.awsErrorDetails() == null
                        ? ""
                        : Objects.requireNonNullElse(refused.awsErrorDetails().errorCode(), "");
        if (code.equals("NoSuchBucket")) {
            return "the bucket '%s' does not exist at %s. Make it, or correct --blobs."
                    .formatted(where.bucket(), endpoint);
        }
        if (SKEWED.contains(code)) {
            return "this machine's clock and that of %s differ too much. Set it by NTP."
                    .formatted(endpoint);
        }
        if (ELSEWHERE.contains(code) || refused.statusCode() == 301) {
            return "the bucket '%s' is in another region. Say which: --blobs 's3://…?region=NAME'."
                    .formatted(where.bucket());
        }
        if (DENIED.contains(code) || refused.statusCode() == 403) {
            return ("access is denied (%s). The credentials must be valid and may list, read,"
                            + " write and delete objects of bucket '%s' under '%s'.")
                    .formatted(
                            code.isEmpty() ? refused.statusCode() : code,
                            where.bucket(),
                            where.prefix());
        }
        return "it answered %d %s (%s)."
                .formatted(refused.statusCode(), code, refused.getMessage());
    }

    private static boolean isAboutCredentials(SdkException problem) {
        return String.valueOf(problem.getMessage()).contains("Unable to load credentials");
    }

    private static @Nullable Throwable unreachable(SdkException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SocketTimeoutException
                    || cause instanceof ApiCallTimeoutException
                    || cause instanceof ApiCallAttemptTimeoutException) {
                return cause;
            }
        }
        return null;
    }
}

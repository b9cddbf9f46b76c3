package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.error.ErrorCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.net.UnknownHostException;
import java.nio.file.Path;

class S3ProblemsTest {
    private final S3Problems problems =
            new S3Problems(
                    (BlobLocation.S3)
                            BlobLocation.parse("s3://farm/ci?endpoint=http://host", Path.of("/")));

    @ParameterizedTest
    @CsvSource({
        "404, NoSuchBucket, bucket 'farm' does not exist at http://host",
        "403, AccessDenied, access is denied (AccessDenied)",
        "403, SignatureDoesNotMatch, credentials must be valid",
        "403, RequestTimeTooSkewed, clock",
        "301, PermanentRedirect, region=NAME",
        "400, AuthorizationHeaderMalformed, region=NAME",
        "507, InsufficientStorage, it answered 507 InsufficientStorage"
    })
    void refusalSaysWhatToDo(int status, String code, String said) {
        var refused =
                S3Exception.builder()
                        .statusCode(status)
                        .message("no")
                        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                        .build();

        var explained = problems.explain((S3Exception) refused);

        assertThat(explained.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
        assertThat(explained).hasMessageContaining(said).hasMessageContaining("s3://farm/ci");
        assertThat(S3Problems.lasts((S3Exception) refused)).isEqualTo(status < 500);
    }

    @Test
    void absentServerIsNamed() {
        var problem =
                SdkClientException.create(
                        "failed", new RuntimeException(new UnknownHostException("host")));

        assertThat(problems.explain(problem)).hasMessageContaining("http://host cannot be reached");
        assertThat(S3Problems.lasts(problem)).isFalse();
    }

    @Test
    void absentCredentialsAreAskedFor() {
        var problem = SdkClientException.create("Unable to load credentials from any provider");

        assertThat(problems.explain(problem)).hasMessageContaining("AWS_ACCESS_KEY_ID");
        assertThat(S3Problems.lasts(problem)).isTrue();
    }
}

package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Makes clients of S3-compatible stores, with bounded waits and retries.
final class S3Clients {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration ATTEMPT = Duration.ofMinutes(2);
    private static final Duration CALL = Duration.ofMinutes(5);
    private static final int ATTEMPTS = 4;

    private S3Clients() {}

    /// @param credentials empty: the environment, `~/.aws`, the machine's role, in AWS's order
    /// @throws SlipwayException when the credentials' file or the region is missing
    static S3Client make(BlobLocation.S3 where, Optional<Path> credentials) {
        var client =
                S3Client.builder()
                        .region(region(where))
                        .credentialsProvider(
                                credentials
                                        .map(S3Clients::fromFile)
                                        .orElseGet(
                                                () -> DefaultCredentialsProvider.builder().build()))
                        .httpClientBuilder(
                                UrlConnectionHttpClient.builder()
                                        .connectionTimeout(CONNECT)
                                        .socketTimeout(SILENCE))
                        .overrideConfiguration(
                                override ->
                                        override.apiCallTimeout(CALL)
                                                .apiCallAttemptTimeout(ATTEMPT)
                                                .retryStrategy(
                                                        AwsRetryStrategy.standardRetryStrategy()
                                                                .toBuilder()
                                                                .maxAttempts(ATTEMPTS)
                                                                .build()))
                        // Blobs have digests of their own; not every store knows AWS's trailers.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .pathStyleAccessEnabled(where.pathStyle())
                                        .chunkedEncodingEnabled(false)
                                        .build());
        where.endpoint().ifPresent(client::endpointOverride);
        return client.build();
    }

    private static Region region(BlobLocation.S3 where) {
        if (where.region().isPresent()) {
            return Region.of(where.region().get());
        }
        if (where.endpoint().isPresent()) {
            // Other stores have none, and take this one.
            return Region.US_EAST_1;
        }
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkException none) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The region of bucket '%s' is not known. Say it with".formatted(where.bucket())
                            + " --blobs 's3://…?region=NAME' or AWS_REGION.",
                    none);
        }
    }

    private static AwsCredentialsProvider fromFile(Path file) {
        try {
            if (!Files.isReadable(file)) {
                throw noCredentials(file, "it cannot be read", null);
            }
            var provider =
                    ProfileCredentialsProvider.builder()
                            .profileFile(
                                    ProfileFile.builder()
                                            .content(file)
                                            .type(ProfileFile.Type.CREDENTIALS)
                                            .build())
                            .profileName("default")
                            .build();
            provider.resolveCredentials();
            return provider;
        } catch (SdkException | IllegalArgumentException wrong) {
            // The cause may quote the file; it is not told.
            throw noCredentials(file, "it has another form", wrong);
        }
    }

    private static SlipwayException noCredentials(
            Path file, String why, @Nullable Exception cause) {
        String kind = cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")";
        return new SlipwayException(
                ErrorCode.INVALID_ARGUMENT,
                ("blobs-credentials: %s gives no credentials: %s%s. It needs the lines [default],"
                                + " aws_access_key_id = … and aws_secret_access_key = ….")
                        .formatted(file, why, kind));
    }
}

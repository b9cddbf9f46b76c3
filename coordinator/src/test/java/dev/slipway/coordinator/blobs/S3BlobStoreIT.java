package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.settings.BlobLocation;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A bucket of a real S3-compatible server in a process of its own.
@Timeout(60)
class S3BlobStoreIT extends BlobStoreContract {
    @TempDir static Path folder;
    private static S3ProxyServer server;
    private static int tests;
    private final String prefix = "farm-" + tests++;

    @BeforeAll
    static void start() throws Exception {
        server = S3ProxyServer.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Override
    Medium medium() {
        return open(server.location(prefix), server.credentials());
    }

    private static Medium open(String location, Path credentials) {
        var where = (BlobLocation.S3) BlobLocation.parse(location, folder);
        return S3Medium.open(where, Optional.of(credentials), new SystemThreads());
    }

    @Override
    Path disk() {
        return server.bucket().resolve(prefix);
    }

    @Test
    void missingBucketIsTold() {
        String location = server.location(prefix).replace("//farm-blobs", "//elsewhere");

        assertThatThrownBy(() -> open(location, server.credentials()))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("the bucket 'elsewhere' does not exist")
                .hasMessageContaining("--blobs");
    }

    @Test
    void wrongCredentialsAreToldAndNotShown() throws IOException {
        Path wrong = folder.resolve("wrong");
        Files.writeString(
                wrong,
                """
                [default]
                aws_access_key_id = slipway
                aws_secret_access_key = not-the-secret
                """);

        assertThatThrownBy(() -> open(server.location(prefix), wrong))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("access is denied")
                .hasMessageNotContaining("not-the-secret");
    }

    @Test
    void fileWithoutCredentialsIsToldAndNotShown() throws IOException {
        Path wrong = folder.resolve("without");
        Files.writeString(wrong, "aws_secret_access_key hush-hush\n");

        assertThatThrownBy(() -> open(server.location(prefix), wrong))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("blobs-credentials")
                .hasMessageNotContaining("hush-hush");
    }

    @Test
    void absentServerIsWaitedFor() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String location = "s3://farm-blobs?endpoint=http://127.0.0.1:" + port;

        try (Medium medium = open(location, server.credentials())) {
            assertThatThrownBy(() -> medium.list("", entry -> {}))
                    .isInstanceOf(SlipwayException.class)
                    .hasMessageContaining("http://127.0.0.1:" + port + " cannot be reached");
        }
    }

    @Test
    void prefixesOfABucketAreApart() throws IOException {
        medium().write("pins/one", new byte[0]);

        assertThat(server.bucket().resolve(prefix).resolve("pins/one")).exists();
        try (Medium other = open(server.location(prefix + "-other"), server.credentials())) {
            other.list("", entry -> assertThat(entry).isNull());
        }
    }
}

package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

class DirectoryBlobStoreIT {
    private static final Duration GRACE = Duration.ofHours(1);

    @TempDir Path folder;
    private Duration uptime = Duration.ZERO;
    private DirectoryBlobStore store;

    @BeforeEach
    void open() throws IOException {
        store = new DirectoryBlobStore(folder, clock(), GRACE, 100);
    }

    @Test
    void uploadedBlobIsHeld() throws Exception {
        BlobRef blob = put("hello");

        assertThat(store.pin(blob)).isTrue();
        assertThat(store.pin(new BlobRef(blob.sha256(), 4))).isFalse();
        try (var in = store.open(blob, 2)) {
            assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("llo");
        }
    }

    @Test
    void interruptedUploadGoesOn() throws Exception {
        BlobRef blob = ref("hello world");
        try (var upload = store.upload(blob, 0)) {
            upload.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        }
        store = new DirectoryBlobStore(folder, clock(), GRACE, 100);

        long resume = store.resumeOffset(blob);
        try (var upload = store.upload(blob, resume)) {
            upload.write(ByteBuffer.wrap(" world".getBytes(UTF_8)));
            upload.commit();
        }

        assertThat(resume).isEqualTo(5);
        assertThat(store.pin(blob)).isTrue();
    }

    @Test
    void twoUploadsOfOneBlobDoNotMeet() throws Exception {
        BlobRef blob = ref("hello");
        try (var first = store.upload(blob, 0);
                var second = store.upload(blob, 0)) {
            first.write(ByteBuffer.wrap("hel".getBytes(UTF_8)));
            second.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
            second.commit();
            first.write(ByteBuffer.wrap("lo".getBytes(UTF_8)));
            first.commit();
        }

        assertThat(store.pin(blob)).isTrue();
        assertThat(store.bytesUsed()).isEqualTo(5);
    }

    @Test
    void wrongContentIsRefused() throws Exception {
        BlobRef blob = ref("hello");
        try (var upload = store.upload(blob, 0)) {
            upload.write(ByteBuffer.wrap("hallo".getBytes(UTF_8)));
            assertThatThrownBy(upload::commit).isInstanceOf(SlipwayException.class);
        }

        assertThat(store.pin(blob)).isFalse();
        assertThat(store.resumeOffset(blob)).isZero();
    }

    @Test
    void collectionKeepsWhatIsReferencedOrJustUploaded() throws Exception {
        BlobRef kept = put("kept");
        BlobRef old = put("old");
        uptime = uptime.plus(GRACE).plusSeconds(1);
        BlobRef fresh = put("fresh");

        BlobStore.Collected collected = store.collect(kept.sha256()::equals);

        assertThat(collected).isEqualTo(new BlobStore.Collected(1, 3));
        assertThat(store.pin(kept)).isTrue();
        assertThat(store.pin(old)).isFalse();
        assertThat(store.pin(fresh)).isTrue();
    }

    @Test
    void nothingIsCollectedRightAfterAStart() throws Exception {
        BlobRef blob = put("hello");
        store = new DirectoryBlobStore(folder, clock(), GRACE, 100);

        store.collect(digest -> false);

        assertThat(store.pin(blob)).isTrue();
    }

    @Test
    void fullStoreMakesRoomOrRefuses() throws Exception {
        put("x".repeat(60));
        uptime = uptime.plus(GRACE).plusSeconds(1);
        assertThatThrownBy(() -> put("y".repeat(60)))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("--blob-quota");

        store.onFull(
                () -> {
                    try {
                        store.collect(digest -> false);
                    } catch (IOException problem) {
                        throw new java.io.UncheckedIOException(problem);
                    }
                });

        assertThat(store.pin(put("y".repeat(60)))).isTrue();
        assertThat(store.bytesUsed()).isEqualTo(60);
    }

    private BlobRef put(String content) throws IOException {
        BlobRef blob = ref(content);
        try (var upload = store.upload(blob, 0)) {
            upload.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
            upload.commit();
        }
        return blob;
    }

    private static BlobRef ref(String content) {
        byte[] bytes = content.getBytes(UTF_8);
        String digest = HexFormat.of().formatHex(DirectoryUpload.sha256().digest(bytes));
        return new BlobRef(digest, bytes.length);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.parse("2026-11-24T03:00:00Z").plus(uptime);
            }

            @Override
            public Duration uptime() {
                return uptime;
            }
        };
    }
}

package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.SecureIds;
import dev.slipway.testkit.ManualTime;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/// What every blob store keeps. Time passes by making everything that is stored look older, on the
/// disk behind the store: so the store's own clock stays the real one.
abstract class BlobStoreContract {
    static final Duration GRACE = Duration.ofHours(1);
    private static final Duration LONG = GRACE.multipliedBy(2);
    private static final Duration LAG = Duration.ofMinutes(10);
    private static final long QUOTA = 1 << 30;

    /// More than one part of an upload to S3.
    private static final byte[] LARGE = bytes(11 << 20);

    private final ManualTime time = new ManualTime();
    private final List<BlobStore> stores = new ArrayList<>();

    /// The medium as another process opens it.
    abstract Medium medium() throws IOException;

    /// Where the medium's files are on this machine.
    abstract Path disk();

    @AfterEach
    void close() {
        stores.forEach(BlobStore::close);
    }

    private BlobStore member() throws IOException {
        return member(QUOTA);
    }

    private BlobStore member(long quota) throws IOException {
        var store =
                new SharedBlobStore(
                        medium(),
                        new SharedBlobStore.Limits(GRACE, quota),
                        time,
                        new SystemThreads(),
                        new SecureIds());
        stores.add(store);
        return store;
    }

    private BlobStore leader(long epoch) throws IOException {
        BlobStore store = member();
        store.lead(epoch);
        return store;
    }

    @Test
    void uploadedBlobIsHeldByAll() throws Exception {
        BlobRef blob = put(member(), "hello");
        BlobStore other = member();

        assertThat(other.pin(blob)).isTrue();
        assertThat(other.pin(new BlobRef(blob.sha256(), 4))).isFalse();
        assertThat(other.pin(List.of(ref("none"), blob))).containsExactly(ref("none"));
        assertThat(read(other, blob, 0)).isEqualTo("hello");
        assertThat(read(other, blob, 2)).isEqualTo("llo");
        assertThat(read(other, blob, 5)).isEmpty();
        assertThatThrownBy(() -> other.open(ref("none"), 0))
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        none -> assertThat(none.code()).isEqualTo(ErrorCode.BLOB_NOT_FOUND));
    }

    @Test
    void emptyBlobIsHeld() throws Exception {
        BlobStore store = member();
        BlobRef blob = put(store, "");

        assertThat(store.pin(blob)).isTrue();
        assertThat(read(store, blob, 0)).isEmpty();
    }

    @Test
    void interruptedUploadGoesOnInAnotherProcess() throws Exception {
        BlobRef blob = Sha256.blob(LARGE);
        try (var upload = member().upload(blob, 0)) {
            upload.write(ByteBuffer.wrap(LARGE, 0, 6 << 20));
        }
        BlobStore other = member();

        long resume = other.resumeOffset(blob);
        send(other, blob, LARGE, resume);

        assertThat(resume).isBetween(5L << 20, 6L << 20);
        assertThat(other.pin(blob)).isTrue();
        assertThat(other.resumeOffset(blob)).isZero();
        try (var in = member().open(blob, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(LARGE);
        }
    }

    @Test
    void oldProcessThatWritesOnDoesNoHarm() throws Exception {
        BlobRef blob = Sha256.blob(LARGE);
        try (var old = member().upload(blob, 0)) {
            old.write(ByteBuffer.wrap(LARGE, 0, 6 << 20));
            BlobStore other = member();
            long resume = other.resumeOffset(blob);
            try (var upload = other.upload(blob, resume)) {
                old.write(ByteBuffer.wrap(bytes(2 << 20)));
                upload.write(ByteBuffer.wrap(LARGE).position((int) resume));
                upload.commit();
            }
            old.write(ByteBuffer.wrap(LARGE, 8 << 20, 3 << 20));
            assertThatThrownBy(old::commit).isInstanceOf(SlipwayException.class);
        }

        try (var in = member().open(blob, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(LARGE);
        }
    }

    @Test
    void twoUploadsOfOneBlobDoNotMeet() throws Exception {
        BlobStore store = member();
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
    void wrongContentIsRefusedAndForgotten() throws Exception {
        BlobStore store = member();
        BlobRef blob = Sha256.blob(LARGE);
        byte[] wrong = LARGE.clone();
        wrong[3]++;
        try (var upload = store.upload(blob, 0)) {
            upload.write(ByteBuffer.wrap(wrong));
            assertThatThrownBy(upload::commit)
                    .isInstanceOfSatisfying(
                            SlipwayException.class,
                            it -> assertThat(it.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH));
        }

        assertThat(store.pin(blob)).isFalse();
        assertThat(store.resumeOffset(blob)).isZero();
        assertThat(member().resumeOffset(blob)).isZero();
    }

    @Test
    void uploadCannotGoOnFromWhereNothingIs() throws Exception {
        BlobStore store = member();

        assertThatThrownBy(() -> store.upload(ref("hello"), 3))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("FindMissingBlobs");
        assertThatThrownBy(() -> store.upload(ref("hello"), 6))
                .isInstanceOf(SlipwayException.class);
        try (var upload = store.upload(ref("hello"), 0)) {
            upload.write(ByteBuffer.wrap("hell".getBytes(UTF_8)));
            assertThatThrownBy(upload::commit).hasMessageContaining("FindMissingBlobs");
            assertThatThrownBy(() -> upload.write(ByteBuffer.wrap("ooo".getBytes(UTF_8))))
                    .hasMessageContaining("More bytes");
        }
    }

    @Test
    void damagedBlobIsNeverReadAsWhole() throws Exception {
        BlobStore store = member();
        BlobRef blob = put(store, "hello");
        for (Path file : files()) {
            if (file.getFileName().toString().startsWith(blob.sha256())) {
                Files.write(file, "hallo".getBytes(UTF_8), StandardOpenOption.WRITE);
            }
        }

        assertThatThrownBy(() -> read(store, blob, 0))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void collectionKeepsWhatIsNeededOrJustUploaded() throws Exception {
        BlobStore store = leader(1);
        BlobRef kept = put(store, "kept");
        BlobRef old = put(store, "old");
        age(LONG);
        BlobRef fresh = put(store, "fresh");

        BlobStore.Collected collected = collect(store, kept.sha256()::equals);

        assertThat(collected).isEqualTo(new BlobStore.Collected(1, 3));
        assertThat(store.pin(kept)).isTrue();
        assertThat(store.pin(old)).isFalse();
        assertThat(store.pin(fresh)).isTrue();
        assertThat(store.bytesUsed()).isEqualTo(9);
        age(LONG);
        collect(store, digest -> true);
        assertThat(files()).noneMatch(file -> file.toString().contains("doomed"));
    }

    @Test
    void pinOfAnotherProcessProtects() throws Exception {
        BlobStore store = leader(1);
        BlobRef blob = put(store, "hello");
        age(LONG);

        assertThat(member().pin(blob)).isTrue();
        collect(store, digest -> false);
        assertThat(store.pin(blob)).isTrue();

        age(LONG);
        assertThat(collect(store, digest -> false).blobs()).isEqualTo(1);
        assertThat(store.pin(blob)).isFalse();
    }

    @Test
    void pinInTheMiddleOfARemovalIsTold() throws Exception {
        BlobStore store = leader(1);
        BlobRef blob = put(store, "hello");
        age(LONG);
        var held = new ArrayList<Boolean>();

        BlobStore.Collected collected =
                store.collect(
                        () -> {
                            held.add(pinUnchecked(blob));
                            return digest -> false;
                        });
        collect(store, digest -> false);

        assertThat(held).containsExactly(true);
        assertThat(collected.blobs()).isZero();
        assertThat(read(store, blob, 0)).isEqualTo("hello");
    }

    private boolean pinUnchecked(BlobRef blob) {
        try {
            return member().pin(blob);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Test
    void deposedLeaderRemovesNothing() throws Exception {
        BlobStore old = leader(1);
        BlobRef blob = put(old, "hello");
        age(LONG);
        BlobStore current = leader(2);
        assertThat(current.pin(blob)).isTrue();
        age(LONG);

        assertThat(collect(old, digest -> false).blobs()).isZero();

        assertThat(read(current, blob, 0)).isEqualTo("hello");
    }

    @Test
    void blobWhoseRemovalIsUnderWayIsUploadedAnew() throws Exception {
        BlobStore old = leader(1);
        BlobRef blob = put(old, "hello");
        age(LONG);
        // What a leader says that is stopped before it removes.
        String generation = generation(blob);
        medium().write(Names.doomed(generation, 1), new byte[0]);
        BlobStore current = leader(2);

        assertThat(current.pin(blob)).isFalse();
        put(current, "hello");
        medium().delete(List.of(generation));

        assertThat(current.pin(blob)).isTrue();
        assertThat(read(current, blob, 0)).isEqualTo("hello");
        collect(current, blob.sha256()::equals);
        assertThat(read(current, blob, 0)).isEqualTo("hello");
        assertThat(files()).noneMatch(file -> file.toString().contains("doomed"));
    }

    private String generation(BlobRef blob) throws IOException {
        var names = new ArrayList<String>();
        medium().list(Names.prefix(blob.sha256()), entry -> names.add(entry.name()));
        assertThat(names).hasSize(1);
        return names.getFirst();
    }

    @Test
    void fullStoreMakesRoomOrRefuses() throws Exception {
        BlobStore store = member(100);
        store.lead(1);
        put(store, "x".repeat(60));
        age(LONG);
        assertThatThrownBy(() -> put(store, "y".repeat(60)))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("--blob-quota");

        store.onFull(
                () -> {
                    try {
                        collect(store, digest -> false);
                    } catch (IOException problem) {
                        throw new UncheckedIOException(problem);
                    }
                });

        assertThat(store.pin(put(store, "y".repeat(60)))).isTrue();
        assertThat(store.bytesUsed()).isEqualTo(60);
        BlobStore other = member();
        other.measure();
        assertThat(other.bytesUsed()).isEqualTo(60);
    }

    @Test
    void unfinishedUploadIsKeptForADay() throws Exception {
        BlobRef blob = Sha256.blob(LARGE);
        BlobStore store = leader(1);
        try (var upload = store.upload(blob, 0)) {
            upload.write(ByteBuffer.wrap(LARGE, 0, 6 << 20));
        }

        age(Duration.ofHours(23));
        collect(store, digest -> false);
        assertThat(store.resumeOffset(blob)).isPositive();

        age(Duration.ofHours(1));
        collect(store, digest -> false);
        assertThat(store.resumeOffset(blob)).isZero();
    }

    /// As many rounds as it takes to remove something.
    private BlobStore.Collected collect(BlobStore store, Predicate<String> needed)
            throws IOException {
        BlobStore.Collected first = store.collect(() -> needed);
        age(LAG);
        BlobStore.Collected second = store.collect(() -> needed);
        return new BlobStore.Collected(
                first.blobs() + second.blobs(), first.bytes() + second.bytes());
    }

    private void age(Duration by) throws IOException {
        StoredFiles.age(disk(), by);
        time.advance(by);
    }

    private List<Path> files() throws IOException {
        return StoredFiles.list(disk());
    }

    private static BlobRef put(BlobStore store, String content) throws IOException {
        BlobRef blob = ref(content);
        send(store, blob, content.getBytes(UTF_8), 0);
        return blob;
    }

    private static void send(BlobStore store, BlobRef blob, byte[] content, long offset)
            throws IOException {
        try (var upload = store.upload(blob, offset)) {
            int piece = 256 << 10;
            for (int from = (int) offset; from < content.length; from += piece) {
                upload.write(
                        ByteBuffer.wrap(content, from, Math.min(piece, content.length - from)));
            }
            upload.commit();
        }
    }

    private static String read(BlobStore store, BlobRef blob, long offset) throws IOException {
        try (var in = store.open(blob, offset)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static BlobRef ref(String content) {
        return Sha256.blob(content.getBytes(UTF_8));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}

package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.id.SecureIds;
import dev.slipway.testkit.ManualTime;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A directory of several coordinators.
class SharedDirectoryBlobStoreIT extends BlobStoreContract {
    @TempDir Path folder;

    @Override
    Medium medium() {
        return new DirectoryMedium(folder, true, new SecureIds());
    }

    @Override
    Path disk() {
        return folder;
    }

    @Test
    void filesOfVersion01AreBlobs() throws Exception {
        BlobRef blob = Sha256.blob("hello".getBytes(UTF_8));
        Path leaf =
                folder.resolve(blob.sha256().substring(0, 2) + "/" + blob.sha256().substring(2, 4));
        Files.createDirectories(leaf);
        Files.writeString(leaf.resolve(blob.sha256()), "hello");
        Files.createDirectories(folder.resolve("partial"));
        BlobRef begun = Sha256.blob("begun".getBytes(UTF_8));
        Files.writeString(folder.resolve("partial/" + begun.sha256() + "-5"), "beg");
        var store =
                new SharedBlobStore(
                        medium(),
                        new SharedBlobStore.Limits(GRACE, 1_000),
                        new ManualTime(),
                        new SystemThreads(),
                        new SecureIds());

        assertThat(store.pin(List.of(blob))).isEmpty();
        try (var in = store.open(blob, 0)) {
            assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("hello");
        }
        assertThat(store.resumeOffset(begun)).isEqualTo(3);
    }
}

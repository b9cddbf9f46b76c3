package dev.slipway.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.coordinator.blobs.ArtifactStore.NewArtifact;
import dev.slipway.coordinator.blobs.CacheStore.Wanted;
import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.id.SecureIds;
import dev.slipway.time.Clock;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;

class StoresIT {
    private static final AttemptId ATTEMPT = AttemptId.parse("7/1/1");

    @TempDir Path folder;
    private final MemoryDatabase database = new MemoryDatabase();
    private final TableRunStore runs = new TableRunStore(database);
    private final FarmState farm = runs.load();
    private Duration uptime = Duration.ZERO;
    private BlobStore blobs;
    private ArtifactStore artifacts;
    private CacheStore caches;

    @BeforeEach
    void open() throws IOException {
        blobs =
                new SharedBlobStore(
                        new DirectoryMedium(folder, false, new SecureIds()),
                        new SharedBlobStore.Limits(Duration.ofHours(1), 1 << 20),
                        clock(),
                        new SystemThreads(),
                        new SecureIds());
        blobs.lead(1);
        artifacts = new ArtifactStore(runs.files(), blobs, clock(), 90);
        caches = new CacheStore(runs.files(), blobs, clock());
    }

    @Test
    void artifactNamesAndPathsAreChecked() throws Exception {
        var file = file("a.txt", "hello");
        for (String bad : List.of("", "a/b", "a\\b", "a:b", "a\nb")) {
            assertThatThrownBy(() -> artifacts.prepare(artifact(bad, file)))
                    .isInstanceOf(SlipwayException.class);
        }
        for (String bad : List.of("../a", "/a", "a//b", "a/./b", "")) {
            var escaping = new StoredFile(bad, 0644, file.content(), 0);
            assertThatThrownBy(() -> artifacts.prepare(artifact("x", escaping)))
                    .isInstanceOf(SlipwayException.class);
        }
    }

    @Test
    void artifactWithoutItsContentIsRefused() {
        var absent = new BlobRef("0".repeat(64), 3);
        var file = new StoredFile("a", 0644, new StoredFile.Content.Pieces(List.of(absent)), 0);

        assertThatThrownBy(() -> artifacts.prepare(artifact("app", file)))
                .isInstanceOf(SlipwayException.class)
                .hasMessageContaining("FindMissingBlobs");
    }

    @Test
    void zipIsTheSameEveryTime() throws Exception {
        var folderEntry = new StoredFile("empty", 0755, new StoredFile.Content.Folder(), 0);
        var manifest =
                Manifest.of(List.of(file("b.txt", "b"), file("a.txt", "a"), folderEntry), false);
        var first = new ByteArrayOutputStream();
        var second = new ByteArrayOutputStream();

        new ZipStream(blobs).write(manifest, first);
        new ZipStream(blobs).write(manifest, second);

        assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
        var names = new ArrayList<String>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(first.toByteArray()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName() + "=" + new String(zip.readAllBytes(), UTF_8));
            }
        }
        assertThat(names).containsExactly("a.txt=a", "b.txt=b", "empty/=");
    }

    @Test
    void exactKeyThenNewestPrefixThenNextScope() throws Exception {
        var file = file("a.txt", "hello");
        cache("refs/heads/main", "npm-1", file);
        uptime = uptime.plusSeconds(1);
        cache("refs/heads/main", "npm-3", file);
        uptime = uptime.plusSeconds(1);
        cache("refs/heads/main", "npm-2", file);
        cache("refs/heads/topic", "npm-0", file);
        var scopes = List.of("refs/heads/topic", "refs/heads/main");

        assertThat(lookup(List.of("refs/heads/main"), "npm-1")).isEqualTo("npm-1");
        assertThat(lookup(List.of("refs/heads/main"), "npm-9", "npm-")).isEqualTo("npm-2");
        assertThat(lookup(List.of("refs/heads/main"), "npm")).isEqualTo("npm-2");
        assertThat(lookup(scopes, "npm-1", "npm-")).isEqualTo("npm-0");
        assertThat(lookup(scopes, "npm-1")).isEqualTo("npm-1");
        assertThat(lookup(scopes, "pip-1")).isEqualTo("none");
    }

    @Test
    void nothingIsRemovedDuringAPause() throws Exception {
        BlobRef orphan = put("orphan");
        var pause = new CollectionPause();
        BlobKeeper keeper = keeper(put("source"), pause);
        pass(Duration.ofHours(2));

        try (var _ = pause.hold()) {
            assertThat(keeper.keep().blobs()).isZero();
            assertThat(blobs.pin(orphan)).isTrue();
        }

        pass(Duration.ofHours(4));
        assertThat(keeper.keep().blobs()).isEqualTo(1);
    }

    private BlobKeeper keeper(BlobRef source, CollectionPause pause) {
        return new BlobKeeper(
                blobs,
                artifacts,
                caches,
                new Forgetting(),
                found -> found.accept(source),
                new BlobKeeper.Limits(1 << 20, pause));
    }

    @Test
    void cleaningKeepsWhatIsNeeded() throws Exception {
        BlobRef source = put("source");
        record(artifacts.prepare(artifact("app", file("a", "artifact"))));
        cache("refs/heads/main", "k", file("c", "cache"));
        BlobRef orphan = put("orphan");
        BlobKeeper keeper = keeper(source, new CollectionPause());
        pass(Duration.ofHours(2));

        assertThat(keeper.keep().blobs()).isEqualTo(1);
        assertThat(blobs.pin(orphan)).isFalse();
        assertThat(blobs.pin(source)).isTrue();
        assertThat(artifacts.files(artifacts.find(7, "app")).files()).hasSize(1);

        pass(Duration.ofDays(8));
        assertThat(keeper.keep().blobs()).isEqualTo(2);

        pass(Duration.ofDays(91));
        keeper.keep();
        assertThat(artifacts.list(7)).isEmpty();
        assertThat(blobs.bytesUsed()).isEqualTo("source".length());
    }

    private void cache(String scope, String key, StoredFile file) {
        Cache prepared = caches.prepare(new Cache.Name("p", scope, "v", key), List.of(file));
        Instant now = clock().now();
        apply(
                new Event.CacheRecorded(
                        new Cache(prepared.name(), prepared.manifest(), prepared.size(), now),
                        now));
    }

    private void record(Artifact prepared) {
        Instant now = clock().now();
        apply(
                new Event.ArtifactRecorded(
                        new Artifact(
                                1,
                                prepared.creator(),
                                prepared.runAttempt(),
                                prepared.name(),
                                prepared.manifest(),
                                prepared.size(),
                                prepared.files(),
                                now,
                                now.plus(artifacts.life(0))),
                        now));
    }

    private void apply(Event event) {
        farm.apply(farm.position() + 1, event);
        var batch = new Batch();
        runs.write(batch, farm.takeChanges());
        database.write(batch, Database.Durability.BUFFERED);
    }

    private final class Forgetting implements BlobKeeper.Forgetting {
        @Override
        public int artifacts(List<Artifact.Name> names) {
            apply(new Event.ArtifactsRemoved(names, clock().now()));
            return names.size();
        }

        @Override
        public int caches(List<Cache.Name> names) {
            apply(new Event.CachesRemoved(names, clock().now()));
            return names.size();
        }
    }

    private String lookup(List<String> scopes, String key, String... restoreKeys) {
        return caches.lookup(new Wanted("p", scopes, "v", key, List.of(restoreKeys)))
                .map(Cache::key)
                .orElse("none");
    }

    private static NewArtifact artifact(String name, StoredFile file) {
        return new NewArtifact(ATTEMPT, 1, name, List.of(file));
    }

    private StoredFile file(String path, String content) throws IOException {
        var pieces = new StoredFile.Content.Pieces(List.of(put(content)));
        return new StoredFile(path, 0644, pieces, 0);
    }

    private void pass(Duration time) throws IOException {
        uptime = uptime.plus(time);
        StoredFiles.age(folder, time);
    }

    private BlobRef put(String content) throws IOException {
        byte[] bytes = content.getBytes(UTF_8);
        BlobRef blob = Sha256.blob(bytes);
        try (var upload = blobs.upload(blob, 0)) {
            upload.write(ByteBuffer.wrap(bytes));
            upload.commit();
        }
        return blob;
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

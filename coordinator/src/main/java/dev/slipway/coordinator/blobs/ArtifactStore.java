package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.KeyCodec;
import dev.slipway.coordinator.storage.KeyReader;
import dev.slipway.coordinator.storage.KeyWriter;
import dev.slipway.coordinator.storage.Table;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Clock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The artifacts of runs. A name is given once per run attempt; the content is shared by digest.
/// Safe for many threads.
public final class ArtifactStore {
    private static final String FORBIDDEN = "\":<>|*?\r\n\\/";
    private static final int LONGEST_NAME = 256;
    private static final Table<Name, ArtifactRow> ARTIFACTS =
            new Table<>("artifacts", new NameCodec(), BlobRows.ARTIFACT);
    private static final Table<String, Long> COUNTERS =
            new Table<>("blob_counters", KeyCodec.TEXT, BlobRows.NUMBER);
    private static final String LAST_ID = "artifact";

    private final Database database;
    private final Manifests manifests;
    private final Clock clock;
    private final int standardDays;

    private record Name(long run, String name) {}

    private static final class NameCodec implements KeyCodec<Name> {
        @Override
        public void write(Name key, KeyWriter to) {
            to.number(key.run()).text(key.name());
        }

        @Override
        public Name read(KeyReader from) {
            return new Name(from.number(), from.text());
        }
    }

    /// What an attempt wants to keep.
    ///
    /// @param runAttempt the run attempt that `creator` belongs to
    /// @param retentionDays 0: the farm's default; never more than that
    /// @param overwrite whether an artifact of that name may be replaced
    public record NewArtifact(
            AttemptId creator,
            int runAttempt,
            String name,
            List<StoredFile> files,
            int retentionDays,
            boolean overwrite) {}

    /// @param standardDays how long artifacts stay when the step does not say, and at most
    public ArtifactStore(Database database, BlobStore blobs, Clock clock, int standardDays) {
        this.database = database;
        this.manifests = new Manifests(blobs);
        this.clock = clock;
        this.standardDays = standardDays;
    }

    /// Records an artifact whose content is uploaded; durable when this returns. The same again by
    /// the same attempt changes nothing; an earlier attempt's artifact gives way.
    ///
    /// @throws SlipwayException when the name is taken or not allowed, or content is missing
    public ArtifactRow create(NewArtifact wanted) {
        checkName(wanted.name());
        var manifest = Manifest.of(wanted.files(), false);
        BlobRef stored = manifests.store(manifest);
        synchronized (this) {
            var name = new Name(wanted.creator().run(), wanted.name());
            Optional<ArtifactRow> before = ARTIFACTS.get(database, name);
            if (before.isPresent()) {
                ArtifactRow old = before.get();
                if (old.creator().equals(wanted.creator()) && old.manifest().equals(stored)) {
                    return old;
                }
                requireReplaceable(old, wanted);
            }
            long id = COUNTERS.get(database, LAST_ID).orElse(0L) + 1;
            int days =
                    wanted.retentionDays() > 0
                            ? Math.min(wanted.retentionDays(), standardDays)
                            : standardDays;
            Instant now = clock.now();
            var row =
                    new ArtifactRow(
                            id,
                            wanted.creator(),
                            wanted.runAttempt(),
                            wanted.name(),
                            stored,
                            manifest.size(),
                            manifest.files().size(),
                            now,
                            now.plus(Duration.ofDays(days)));
            var batch = new Batch();
            ARTIFACTS.put(batch, name, row);
            COUNTERS.put(batch, LAST_ID, id);
            database.write(batch, Database.Durability.SYNCED);
            return row;
        }
    }

    private static void checkName(String name) {
        boolean bad = name.isBlank() || name.length() > LONGEST_NAME;
        for (int i = 0; i < name.length() && !bad; i++) {
            bad = FORBIDDEN.indexOf(name.charAt(i)) >= 0;
        }
        if (bad) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'%s' cannot name an artifact: it must have 1 to %d characters and none of"
                                    .formatted(name, LONGEST_NAME)
                            + " \" : < > | * ? \\ / or line ends.");
        }
    }

    private static void requireReplaceable(ArtifactRow old, NewArtifact wanted) {
        boolean earlierAttempt =
                old.creator().job().equals(wanted.creator().job())
                        && old.creator().number() < wanted.creator().number();
        if (!wanted.overwrite() && !earlierAttempt && old.runAttempt() >= wanted.runAttempt()) {
            throw new SlipwayException(
                    ErrorCode.ALREADY_EXISTS,
                    "Run %d has an artifact named '%s' already (made by job %d). Choose another"
                                    .formatted(old.run(), old.name(), old.creator().job().job())
                            + " name, or set overwrite: true.");
        }
    }

    /// The unexpired artifacts of a run by name.
    public List<ArtifactRow> list(long run) {
        Instant now = clock.now();
        var found = new ArrayList<ArtifactRow>();
        ARTIFACTS.scan(
                database,
                prefix -> prefix.number(run),
                (name, row) -> {
                    if (row.expiresAt().isAfter(now)) {
                        found.add(row);
                    }
                    return true;
                });
        return found;
    }

    /// @throws SlipwayException when there is none, or it has expired
    public ArtifactRow find(long run, String name) {
        return ARTIFACTS
                .get(database, new Name(run, name))
                .filter(row -> row.expiresAt().isAfter(clock.now()))
                .orElseThrow(
                        () ->
                                new SlipwayException(
                                        ErrorCode.ARTIFACT_NOT_FOUND,
                                        "Run %d has no artifact named '%s' (or it has expired)."
                                                .formatted(run, name)));
    }

    public Manifest files(ArtifactRow row) {
        return manifests.load(row.manifest());
    }

    /// Forgets the artifacts of a run; their content goes with the next collection.
    public void removeRun(long run, Batch batch) {
        ARTIFACTS.deletePrefix(batch, prefix -> prefix.number(run));
    }

    /// Forgets what has expired.
    ///
    /// @return how many artifacts
    public int removeExpired() {
        Instant now = clock.now();
        var batch = new Batch();
        var removed = new ArrayList<Name>();
        ARTIFACTS.scan(
                database,
                prefix -> {},
                (name, row) -> {
                    if (!row.expiresAt().isAfter(now)) {
                        removed.add(name);
                        ARTIFACTS.delete(batch, name);
                    }
                    return true;
                });
        if (!batch.isEmpty()) {
            database.write(batch, Database.Durability.BUFFERED);
        }
        return removed.size();
    }

    /// Visits all artifacts of all runs, expired ones that are not removed yet included.
    public static void every(Database database, Consumer<ArtifactRow> visitor) {
        ARTIFACTS.scan(
                database,
                prefix -> {},
                (name, row) -> {
                    visitor.accept(row);
                    return true;
                });
    }

    /// Names every blob that an unexpired artifact needs.
    void references(Consumer<BlobRef> found) {
        Instant now = clock.now();
        ARTIFACTS.scan(
                database,
                prefix -> {},
                (name, row) -> {
                    if (row.expiresAt().isAfter(now)) {
                        found.accept(row.manifest());
                        manifests.load(row.manifest()).blobs().forEach(found);
                    }
                    return true;
                });
    }
}

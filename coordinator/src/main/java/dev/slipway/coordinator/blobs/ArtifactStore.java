package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.storage.FileRows;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Clock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The artifacts of runs: their files, shared by digest, and reads. That one exists is recorded by
/// the engine. Safe for many threads.
public final class ArtifactStore {
    private static final String FORBIDDEN = "\":<>|*?\r\n\\/";
    private static final int LONGEST_NAME = 256;

    private final FileRows rows;
    private final Manifests manifests;
    private final Clock clock;
    private final int standardDays;

    /// What an attempt wants to keep.
    ///
    /// @param runAttempt the run attempt that `creator` belongs to
    public record NewArtifact(
            AttemptId creator, int runAttempt, String name, List<StoredFile> files) {}

    /// @param standardDays how long artifacts stay when the step does not say, and at most
    public ArtifactStore(FileRows rows, BlobStore blobs, Clock clock, int standardDays) {
        this.rows = rows;
        this.manifests = new Manifests(blobs);
        this.clock = clock;
        this.standardDays = standardDays;
    }

    /// Stores the list of files of an artifact whose content is uploaded.
    ///
    /// @return to be recorded ({@link dev.slipway.coordinator.model.Command.RecordArtifact}), which
    ///   gives it its id and its times
    /// @throws SlipwayException when the name is not allowed, or content is missing
    public Artifact prepare(NewArtifact wanted) {
        checkName(wanted.name());
        var manifest = Manifest.of(wanted.files(), false);
        return new Artifact(
                0,
                wanted.creator(),
                wanted.runAttempt(),
                wanted.name(),
                manifests.store(manifest).content(),
                manifest.size(),
                manifest.files().size(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /// How long an artifact is kept.
    ///
    /// @param days what the step asks for; 0: the farm's default; never more than that
    public Duration life(int days) {
        return Duration.ofDays(days > 0 ? Math.min(days, standardDays) : standardDays);
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

    /// The unexpired artifacts of a run by name.
    public List<Artifact> list(long run) {
        Instant now = clock.now();
        var found = new ArrayList<Artifact>();
        rows.artifacts(
                run,
                row -> {
                    if (row.expiresAt().isAfter(now)) {
                        found.add(row);
                    }
                    return true;
                });
        return found;
    }

    /// @throws SlipwayException when there is none, or it has expired
    public Artifact find(long run, String name) {
        return rows.artifact(new Artifact.Name(run, name))
                .filter(row -> row.expiresAt().isAfter(clock.now()))
                .orElseThrow(
                        () ->
                                new SlipwayException(
                                        ErrorCode.ARTIFACT_NOT_FOUND,
                                        "Run %d has no artifact named '%s' (or it has expired)."
                                                .formatted(run, name)));
    }

    public Manifest files(Artifact row) {
        return manifests.load(BlobRef.of(row.manifest()));
    }

    /// The artifacts that have expired.
    ///
    /// @param most how many to name
    List<Artifact.Name> expired(int most) {
        Instant now = clock.now();
        var expired = new ArrayList<Artifact.Name>();
        rows.artifacts(
                row -> {
                    if (!row.expiresAt().isAfter(now)) {
                        expired.add(row.key());
                    }
                    return expired.size() < most;
                });
        return expired;
    }

    /// Names every blob that an unexpired artifact needs.
    void references(Consumer<BlobRef> found) {
        Instant now = clock.now();
        rows.artifacts(
                row -> {
                    if (row.expiresAt().isAfter(now)) {
                        found.accept(BlobRef.of(row.manifest()));
                        files(row).blobs().forEach(found);
                    }
                    return true;
                });
    }
}

package dev.slipway.agent.actions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The farm's stores as one attempt may use them. Calls block and wait out lost connections; they
/// throw {@link dev.slipway.error.SlipwayException} when the farm refuses.
public interface Storage {
    /// Content by its digest.
    ///
    /// @param sha256 64 lower-case hexadecimal digits
    record Blob(String sha256, long size) {}

    /// How much the farm already holds of a blob that it lacks.
    record Missing(Blob blob, long resumeOffset) {}

    /// One entry of an artifact or a cache.
    ///
    /// @param path relative, `/` as separator
    /// @param mode Unix permission bits
    record StoredFile(String path, int mode, long modifiedAtMillis, Content content) {}

    /// What an entry is.
    sealed interface Content {
        record Pieces(List<Blob> blobs) implements Content {
            public Pieces {
                blobs = List.copyOf(blobs);
            }
        }

        record Symlink(String target) implements Content {}

        record Folder() implements Content {}
    }

    /// @param digest `sha256:<hex>` of the file list
    record Created(long artifactId, String digest, long size) {}

    /// @param expiresAt null when it stays as long as its run
    record Artifact(
            long id,
            long run,
            String name,
            long size,
            String digest,
            Instant createdAt,
            @Nullable Instant expiresAt,
            List<StoredFile> files) {
        public Artifact {
            files = List.copyOf(files);
        }
    }

    record CacheHit(String matchedKey, List<StoredFile> files, long size, Instant createdAt) {
        public CacheHit {
            files = List.copyOf(files);
        }
    }

    /// @param reason why not; empty when it was
    record CacheCreated(boolean created, String reason) {}

    /// Opens a blob's bytes from an offset on; called again when an upload starts over.
    @FunctionalInterface
    interface BlobSource {
        InputStream open(long offset) throws IOException;
    }

    /// @param blobs at most 1,000
    List<Missing> findMissing(List<Blob> blobs) throws InterruptedException;

    /// Uploads a blob, from where an interrupted upload ended.
    void upload(Missing missing, BlobSource source) throws IOException, InterruptedException;

    /// Writes a blob's bytes; the caller checks the digest.
    void download(Blob blob, OutputStream into) throws IOException, InterruptedException;

    /// @param retentionDays 0 means the farm's default
    Created createArtifact(
            String name, List<StoredFile> files, int retentionDays, boolean overwrite)
            throws InterruptedException;

    /// @param run 0 means the job's own run
    /// @param name empty means all
    List<Artifact> artifacts(long run, String name, boolean withFiles) throws InterruptedException;

    Optional<CacheHit> lookupCache(String key, List<String> restoreKeys, String version)
            throws InterruptedException;

    CacheCreated createCache(String key, String version, List<StoredFile> files)
            throws InterruptedException;
}

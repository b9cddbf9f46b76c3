package dev.slipway.agent.session;

import dev.slipway.agent.actions.Storage;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.CreateCacheRequest;
import dev.slipway.agent.v1.DownloadBlobRequest;
import dev.slipway.agent.v1.FilePieces;
import dev.slipway.agent.v1.ListRunArtifactsRequest;
import dev.slipway.agent.v1.LookupCacheRequest;
import dev.slipway.agent.v1.RunArtifact;
import dev.slipway.api.v1.FindMissingBlobsRequest;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The farm's stores over the session's connection, for one attempt.
final class FarmStorage implements Storage {
    private final Token token;
    private final FarmClient farm;

    FarmStorage(Token token, FarmClient farm) {
        this.token = token;
        this.farm = farm;
    }

    @Override
    public List<Missing> findMissing(List<Blob> blobs) throws InterruptedException {
        var request =
                FindMissingBlobsRequest.newBuilder()
                        .addAllBlobs(blobs.stream().map(FarmStorage::blob).toList())
                        .build();
        return farm.call(calls -> calls.findMissingBlobs(request)).getMissingList().stream()
                .map(missing -> new Missing(blob(missing.getBlob()), missing.getResumeOffset()))
                .toList();
    }

    @Override
    public void upload(Missing missing, BlobSource source)
            throws IOException, InterruptedException {
        var blob = blob(missing.blob());
        var offset = new long[] {missing.resumeOffset()};
        farm.transfer(
                calls -> {
                    try (var data = source.open(offset[0])) {
                        calls.uploadBlob(blob, offset[0], data);
                    }
                },
                () -> {
                    var again = findMissing(List.of(missing.blob()));
                    again.forEach(rest -> offset[0] = rest.resumeOffset());
                    return again.isEmpty();
                });
    }

    @Override
    public void download(Blob blob, OutputStream into) throws IOException, InterruptedException {
        var counted = new CountingOutput(into);
        farm.transfer(
                calls ->
                        calls.downloadBlob(
                                DownloadBlobRequest.newBuilder()
                                        .setToken(Messages.token(token))
                                        .setBlob(blob(blob))
                                        .setOffset(counted.count())
                                        .build(),
                                counted),
                () -> false);
    }

    @Override
    public Created createArtifact(
            String name, List<StoredFile> files, int retentionDays, boolean overwrite)
            throws InterruptedException {
        var request =
                CreateArtifactRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setName(name)
                        .addAllFiles(files.stream().map(FarmStorage::file).toList())
                        .setRetentionDays(retentionDays)
                        .setOverwrite(overwrite)
                        .build();
        var created = farm.call(calls -> calls.createArtifact(request));
        return new Created(created.getArtifactId(), created.getDigest(), created.getSize());
    }

    @Override
    public List<Artifact> artifacts(long run, String name, boolean withFiles)
            throws InterruptedException {
        var request =
                ListRunArtifactsRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setRun(run)
                        .setName(name)
                        .setWithFiles(withFiles)
                        .build();
        return farm.call(calls -> calls.listRunArtifacts(request)).getArtifactsList().stream()
                .map(FarmStorage::artifact)
                .toList();
    }

    @Override
    public Optional<CacheHit> lookupCache(String key, List<String> restoreKeys, String version)
            throws InterruptedException {
        var request =
                LookupCacheRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setKey(key)
                        .addAllRestoreKeys(restoreKeys)
                        .setVersion(version)
                        .build();
        var found = farm.call(calls -> calls.lookupCache(request));
        return found.getFound()
                ? Optional.of(
                        new CacheHit(
                                found.getMatchedKey(),
                                files(found.getFilesList()),
                                found.getSize(),
                                instant(found.getCreatedAt())))
                : Optional.empty();
    }

    @Override
    public CacheCreated createCache(String key, String version, List<StoredFile> files)
            throws InterruptedException {
        var request =
                CreateCacheRequest.newBuilder()
                        .setToken(Messages.token(token))
                        .setKey(key)
                        .setVersion(version)
                        .addAllFiles(files.stream().map(FarmStorage::file).toList())
                        .build();
        var created = farm.call(calls -> calls.createCache(request));
        return new CacheCreated(created.getCreated(), created.getReason());
    }

    private static Artifact artifact(RunArtifact found) {
        var artifact = found.getArtifact();
        return new Artifact(
                artifact.getId(),
                artifact.getRun(),
                artifact.getName(),
                artifact.getSize(),
                artifact.getDigest(),
                instant(artifact.getCreatedAt()),
                artifact.hasExpiresAt() ? instant(artifact.getExpiresAt()) : null,
                files(found.getFilesList()));
    }

    private static List<StoredFile> files(List<dev.slipway.agent.v1.StoredFile> files) {
        return files.stream()
                .map(
                        file ->
                                new StoredFile(
                                        file.getPath(),
                                        file.getMode(),
                                        file.getModifiedAtMs(),
                                        content(file)))
                .toList();
    }

    private static Content content(dev.slipway.agent.v1.StoredFile file) {
        return switch (file.getContentCase()) {
            case SYMLINK -> new Content.Symlink(file.getSymlink());
            case FOLDER -> new Content.Folder();
            case PIECES, CONTENT_NOT_SET ->
                    new Content.Pieces(
                            file.getPieces().getBlobsList().stream()
                                    .map(FarmStorage::blob)
                                    .toList());
        };
    }

    private static dev.slipway.agent.v1.StoredFile file(StoredFile file) {
        var stored =
                dev.slipway.agent.v1.StoredFile.newBuilder()
                        .setPath(file.path())
                        .setMode(file.mode())
                        .setModifiedAtMs(file.modifiedAtMillis());
        switch (file.content()) {
            case Content.Symlink(String target) -> stored.setSymlink(target);
            case Content.Folder() -> stored.setFolder(true);
            case Content.Pieces(List<Blob> blobs) ->
                    stored.setPieces(
                            FilePieces.newBuilder()
                                    .addAllBlobs(blobs.stream().map(FarmStorage::blob).toList()));
        }
        return stored.build();
    }

    private static Blob blob(dev.slipway.api.v1.Blob blob) {
        return new Blob(blob.getSha256(), blob.getSize());
    }

    private static dev.slipway.api.v1.Blob blob(Blob blob) {
        return dev.slipway.api.v1.Blob.newBuilder()
                .setSha256(blob.sha256())
                .setSize(blob.size())
                .build();
    }

    private static Instant instant(com.google.protobuf.Timestamp at) {
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
    }

    /// Knows where an interrupted download goes on.
    private static final class CountingOutput extends OutputStream {
        private final OutputStream into;
        private long count;

        CountingOutput(OutputStream into) {
            this.into = into;
        }

        long count() {
            return count;
        }

        @Override
        public void write(int b) throws IOException {
            into.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            into.write(bytes, from, length);
            count += length;
        }
    }
}

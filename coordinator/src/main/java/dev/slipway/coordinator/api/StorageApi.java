package dev.slipway.coordinator.api;

import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.CreateArtifactResponse;
import dev.slipway.agent.v1.CreateCacheRequest;
import dev.slipway.agent.v1.CreateCacheResponse;
import dev.slipway.agent.v1.DownloadBlobRequest;
import dev.slipway.agent.v1.DownloadBlobResponse;
import dev.slipway.agent.v1.FilePieces;
import dev.slipway.agent.v1.ListRunArtifactsRequest;
import dev.slipway.agent.v1.ListRunArtifactsResponse;
import dev.slipway.agent.v1.LookupCacheRequest;
import dev.slipway.agent.v1.LookupCacheResponse;
import dev.slipway.agent.v1.RunArtifact;
import dev.slipway.agent.v1.StorageServiceGrpc;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.Blob;
import dev.slipway.coordinator.api.Leadership.Leader;
import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.blobs.CacheStore;
import dev.slipway.coordinator.blobs.StoredFile;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.sessions.AttemptRights;
import dev.slipway.coordinator.sessions.JobSpecs;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;

import io.grpc.stub.StreamObserver;

import java.util.List;

/// Blobs, artifacts and caches for running jobs: only for who holds the attempt's lease.
final class StorageApi extends StorageServiceGrpc.StorageServiceImplBase {
    private static final int PIECE = 512 << 10;

    private final Calls calls;
    private final Leadership leadership;
    private final BlobStore blobs;
    private final ArtifactStore artifacts;
    private final CacheStore caches;

    StorageApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.leadership = parts.leadership();
        this.blobs = parts.blobs();
        this.artifacts = parts.artifacts();
        this.caches = parts.caches();
    }

    private AttemptId holder(Token token) {
        Leader leader = leadership.require();
        return leader.sessions().grants().require(leader.engine().farmId(), token);
    }

    private JobSpecs specs() {
        return leadership.require().specs();
    }

    @Override
    public void downloadBlob(
            DownloadBlobRequest request, StreamObserver<DownloadBlobResponse> answers) {
        calls.stream(
                answers,
                out -> {
                    holder(request.getToken());
                    var blob = Requests.blob(request.getBlob());
                    try (var in = blobs.open(blob, request.getOffset())) {
                        byte[] piece = in.readNBytes(PIECE);
                        while (piece.length > 0) {
                            out.send(
                                    DownloadBlobResponse.newBuilder()
                                            .setData(UnsafeByteOperations.unsafeWrap(piece))
                                            .build());
                            piece = in.readNBytes(PIECE);
                        }
                    }
                });
    }

    @Override
    public void createArtifact(
            CreateArtifactRequest request, StreamObserver<CreateArtifactResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    // Who records what is pinned must have led before (BlobStore.pin).
                    Engine engine = leadership.require().engine();
                    AttemptId attempt = holder(request.getToken());
                    AttemptRights rights = specs().rights(attempt);
                    Artifact prepared =
                            artifacts.prepare(
                                    new ArtifactStore.NewArtifact(
                                            attempt,
                                            rights.runAttempt(),
                                            request.getName(),
                                            files(request.getFilesList())));
                    Artifact row =
                            engine.ask(
                                    new Command.RecordArtifact(
                                            prepared,
                                            artifacts.life(request.getRetentionDays()),
                                            request.getOverwrite()));
                    return CreateArtifactResponse.newBuilder()
                            .setArtifactId(row.id())
                            .setDigest(row.digest())
                            .setSize(row.size())
                            .build();
                });
    }

    @Override
    public void listRunArtifacts(
            ListRunArtifactsRequest request, StreamObserver<ListRunArtifactsResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    AttemptId attempt = holder(request.getToken());
                    long run = request.getRun() == 0 ? attempt.run() : request.getRun();
                    if (run != attempt.run()
                            && !specs().projectOf(run).equals(specs().rights(attempt).project())) {
                        throw new SlipwayException(
                                ErrorCode.RUN_NOT_FOUND,
                                "This project has no run %d.".formatted(run));
                    }
                    var answer = ListRunArtifactsResponse.newBuilder();
                    for (Artifact row : artifacts.list(run)) {
                        if (request.getName().isEmpty() || request.getName().equals(row.name())) {
                            answer.addArtifacts(artifact(row, request.getWithFiles()));
                        }
                    }
                    return answer.build();
                });
    }

    private RunArtifact artifact(Artifact row, boolean withFiles) {
        var message = RunArtifact.newBuilder().setArtifact(Messages.artifact(row));
        if (withFiles) {
            artifacts.files(row).files().forEach(file -> message.addFiles(file(file)));
        }
        return message.build();
    }

    @Override
    public void lookupCache(
            LookupCacheRequest request, StreamObserver<LookupCacheResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    AttemptRights rights = specs().rights(holder(request.getToken()));
                    if (!rights.mayReadCaches()) {
                        return LookupCacheResponse.getDefaultInstance();
                    }
                    var wanted =
                            new CacheStore.Wanted(
                                    rights.project(),
                                    rights.cacheScopes(),
                                    request.getVersion(),
                                    request.getKey(),
                                    request.getRestoreKeysList());
                    return caches.lookup(wanted)
                            .map(
                                    row -> {
                                        var answer =
                                                LookupCacheResponse.newBuilder()
                                                        .setFound(true)
                                                        .setMatchedKey(row.key())
                                                        .setSize(row.size())
                                                        .setCreatedAt(
                                                                Messages.time(row.createdAt()));
                                        caches.files(row)
                                                .files()
                                                .forEach(file -> answer.addFiles(file(file)));
                                        return answer.build();
                                    })
                            .orElse(LookupCacheResponse.getDefaultInstance());
                });
    }

    @Override
    public void createCache(
            CreateCacheRequest request, StreamObserver<CreateCacheResponse> answers) {
        calls.unary(
                answers,
                () -> {
                    AttemptRights rights = specs().rights(holder(request.getToken()));
                    if (!rights.mayWriteCaches()) {
                        return refused(
                                "the job's cache-mode is '%s'".formatted(rights.cacheMode()));
                    }
                    var name =
                            new Cache.Name(
                                    rights.project(),
                                    rights.cacheScopes().getFirst(),
                                    request.getVersion(),
                                    request.getKey());
                    return record(name, files(request.getFilesList()))
                            ? CreateCacheResponse.newBuilder().setCreated(true).build()
                            : refused(
                                    "a cache with the key '%s' exists already"
                                            .formatted(request.getKey()));
                });
    }

    /// @return false when there is one of that name
    private boolean record(Cache.Name name, List<StoredFile> files) throws InterruptedException {
        if (caches.has(name)) {
            return false;
        }
        // Who records what is pinned must have led before (BlobStore.pin).
        Engine engine = leadership.require().engine();
        Cache cache = caches.prepare(name, files);
        return engine.ask(new Command.RecordCache(name, cache.manifest(), cache.size())).now();
    }

    private static CreateCacheResponse refused(String why) {
        return CreateCacheResponse.newBuilder().setReason(why).build();
    }

    private static List<StoredFile> files(List<dev.slipway.agent.v1.StoredFile> files) {
        return files.stream().map(StorageApi::file).toList();
    }

    private static StoredFile file(dev.slipway.agent.v1.StoredFile file) {
        StoredFile.Content content =
                switch (file.getContentCase()) {
                    case SYMLINK -> new StoredFile.Content.Symlink(file.getSymlink());
                    case FOLDER -> new StoredFile.Content.Folder();
                    case PIECES, CONTENT_NOT_SET ->
                            new StoredFile.Content.Pieces(
                                    file.getPieces().getBlobsList().stream()
                                            .map(Requests::blob)
                                            .toList());
                };
        return new StoredFile(file.getPath(), file.getMode(), content, file.getModifiedAtMs());
    }

    private static dev.slipway.agent.v1.StoredFile file(StoredFile file) {
        var message =
                dev.slipway.agent.v1.StoredFile.newBuilder()
                        .setPath(file.path())
                        .setMode(file.mode())
                        .setModifiedAtMs(file.modifiedAtMs());
        switch (file.content()) {
            case StoredFile.Content.Pieces pieces -> {
                var list = FilePieces.newBuilder();
                pieces.blobs()
                        .forEach(
                                blob ->
                                        list.addBlobs(
                                                Blob.newBuilder()
                                                        .setSha256(blob.sha256())
                                                        .setSize(blob.size())));
                message.setPieces(list);
            }
            case StoredFile.Content.Symlink link -> message.setSymlink(link.target());
            case StoredFile.Content.Folder _ -> message.setFolder(true);
        }
        return message.build();
    }
}

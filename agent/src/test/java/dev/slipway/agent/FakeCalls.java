package dev.slipway.agent;

import dev.slipway.agent.session.FarmCalls;
import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.BeginDeploymentResponse;
import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.CreateArtifactResponse;
import dev.slipway.agent.v1.CreateCacheRequest;
import dev.slipway.agent.v1.CreateCacheResponse;
import dev.slipway.agent.v1.DownloadBlobRequest;
import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.agent.v1.GetJobSpecResponse;
import dev.slipway.agent.v1.JobSpec;
import dev.slipway.agent.v1.ListRunArtifactsRequest;
import dev.slipway.agent.v1.ListRunArtifactsResponse;
import dev.slipway.agent.v1.LookupCacheRequest;
import dev.slipway.agent.v1.LookupCacheResponse;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.agent.v1.ReportDeploymentResponse;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.FindMissingBlobsResponse;
import dev.slipway.api.v1.MissingBlob;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.function.Function;

/// The calls of a {@link FakeFarm}.
final class FakeCalls implements FarmCalls {
    private final Function<GetJobSpecRequest, JobSpec> specs;
    private final FakeStorage storage;
    private final FakeDeployments deployments;

    FakeCalls(
            Function<GetJobSpecRequest, JobSpec> specs,
            FakeStorage storage,
            FakeDeployments deployments) {
        this.specs = specs;
        this.storage = storage;
        this.deployments = deployments;
    }

    @Override
    public GetJobSpecResponse getJobSpec(GetJobSpecRequest request) {
        return GetJobSpecResponse.newBuilder().setSpec(specs.apply(request)).build();
    }

    @Override
    public FindMissingBlobsResponse findMissingBlobs(FindMissingBlobsRequest request) {
        var missing = FindMissingBlobsResponse.newBuilder();
        for (Blob blob : request.getBlobsList()) {
            if (!storage.blobs.containsKey(blob.getSha256())) {
                missing.addMissing(MissingBlob.newBuilder().setBlob(blob));
            }
        }
        return missing.build();
    }

    @Override
    public void uploadBlob(Blob blob, long offset, InputStream data) throws IOException {
        byte[] bytes = data.readAllBytes();
        try {
            String digest =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            if (!digest.equals(blob.getSha256()) || bytes.length != blob.getSize()) {
                throw new SlipwayException(ErrorCode.DIGEST_MISMATCH, "not that content");
            }
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
        storage.blobs.put(blob.getSha256(), bytes);
    }

    @Override
    public void downloadBlob(DownloadBlobRequest request, OutputStream into) throws IOException {
        byte[] bytes = storage.blobs.get(request.getBlob().getSha256());
        if (bytes == null) {
            throw new SlipwayException(ErrorCode.BLOB_NOT_FOUND, "no such blob");
        }
        into.write(bytes, (int) request.getOffset(), bytes.length - (int) request.getOffset());
    }

    @Override
    public CreateArtifactResponse createArtifact(CreateArtifactRequest request) {
        synchronized (storage) {
            if (storage.artifacts.containsKey(request.getName()) && !request.getOverwrite()) {
                throw new SlipwayException(
                        ErrorCode.ALREADY_EXISTS, "an artifact of that name exists");
            }
            storage.artifacts.put(request.getName(), request);
            return CreateArtifactResponse.newBuilder()
                    .setArtifactId(storage.artifacts.size())
                    .setDigest("sha256:00")
                    .setSize(1)
                    .build();
        }
    }

    @Override
    public ListRunArtifactsResponse listRunArtifacts(ListRunArtifactsRequest request) {
        synchronized (storage) {
            var names = new ArrayList<>(storage.artifacts.keySet());
            names.removeIf(name -> !request.getName().isEmpty() && !name.equals(request.getName()));
            return ListRunArtifactsResponse.newBuilder()
                    .addAllArtifacts(names.stream().map(storage::artifact).toList())
                    .build();
        }
    }

    @Override
    public LookupCacheResponse lookupCache(LookupCacheRequest request) {
        synchronized (storage) {
            var wanted = new ArrayList<String>();
            wanted.add(request.getKey());
            wanted.addAll(request.getRestoreKeysList());
            for (String prefix : wanted) {
                for (CreateCacheRequest cache : storage.caches.values()) {
                    boolean matches =
                            prefix.equals(request.getKey())
                                    ? cache.getKey().equals(prefix)
                                    : cache.getKey().startsWith(prefix);
                    if (matches && cache.getVersion().equals(request.getVersion())) {
                        return LookupCacheResponse.newBuilder()
                                .setFound(true)
                                .setMatchedKey(cache.getKey())
                                .addAllFiles(cache.getFilesList())
                                .build();
                    }
                }
            }
            return LookupCacheResponse.getDefaultInstance();
        }
    }

    @Override
    public CreateCacheResponse createCache(CreateCacheRequest request) {
        synchronized (storage) {
            boolean fresh = storage.caches.putIfAbsent(request.getKey(), request) == null;
            return CreateCacheResponse.newBuilder()
                    .setCreated(fresh)
                    .setReason(fresh ? "" : "exists")
                    .build();
        }
    }

    @Override
    public BeginDeploymentResponse beginDeployment(BeginDeploymentRequest request) {
        return deployments.begin(request);
    }

    @Override
    public ReportDeploymentResponse reportDeployment(ReportDeploymentRequest request) {
        return deployments.report(request);
    }
}

package dev.slipway.agent;

import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.CreateCacheRequest;
import dev.slipway.agent.v1.RunArtifact;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What a farm keeps of blobs, artifacts and caches, in memory.
public final class FakeStorage {
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, CreateArtifactRequest> artifacts = new LinkedHashMap<>();
    final Map<String, CreateCacheRequest> caches = new LinkedHashMap<>();

    public void putBlob(String sha256, byte[] bytes) {
        blobs.put(sha256, bytes);
    }

    public Map<String, byte[]> blobs() {
        return blobs;
    }

    public synchronized Map<String, CreateArtifactRequest> artifacts() {
        return Map.copyOf(artifacts);
    }

    public synchronized Map<String, CreateCacheRequest> caches() {
        return Map.copyOf(caches);
    }

    synchronized RunArtifact artifact(String name) {
        CreateArtifactRequest made = artifacts.get(name);
        return RunArtifact.newBuilder()
                .setArtifact(
                        dev.slipway.api.v1.Artifact.newBuilder()
                                .setId(1 + java.util.List.copyOf(artifacts.keySet()).indexOf(name))
                                .setName(name)
                                .setFiles(made.getFilesCount()))
                .addAllFiles(made.getFilesList())
                .build();
    }
}

package dev.slipway.agent.session;

import dev.slipway.agent.v1.BeginDeploymentRequest;
import dev.slipway.agent.v1.BeginDeploymentResponse;
import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.CreateArtifactResponse;
import dev.slipway.agent.v1.CreateCacheRequest;
import dev.slipway.agent.v1.CreateCacheResponse;
import dev.slipway.agent.v1.DownloadBlobRequest;
import dev.slipway.agent.v1.GetJobSpecRequest;
import dev.slipway.agent.v1.GetJobSpecResponse;
import dev.slipway.agent.v1.ListRunArtifactsRequest;
import dev.slipway.agent.v1.ListRunArtifactsResponse;
import dev.slipway.agent.v1.LookupCacheRequest;
import dev.slipway.agent.v1.LookupCacheResponse;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.agent.v1.ReportDeploymentResponse;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.FindMissingBlobsResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Calls with one answer each. They block, may come from many threads, and throw {@link
/// dev.slipway.error.SlipwayException} with the farm's code.
public interface FarmCalls {
    GetJobSpecResponse getJobSpec(GetJobSpecRequest request) throws InterruptedException;

    FindMissingBlobsResponse findMissingBlobs(FindMissingBlobsRequest request)
            throws InterruptedException;

    /// Uploads the rest of a blob.
    ///
    /// @param data the blob's bytes from `offset` on
    /// @throws IOException when `data` cannot be read
    void uploadBlob(Blob blob, long offset, InputStream data)
            throws IOException, InterruptedException;

    /// Writes a blob's bytes from the request's offset on.
    ///
    /// @throws IOException when `into` cannot be written
    void downloadBlob(DownloadBlobRequest request, OutputStream into)
            throws IOException, InterruptedException;

    CreateArtifactResponse createArtifact(CreateArtifactRequest request)
            throws InterruptedException;

    ListRunArtifactsResponse listRunArtifacts(ListRunArtifactsRequest request)
            throws InterruptedException;

    LookupCacheResponse lookupCache(LookupCacheRequest request) throws InterruptedException;

    CreateCacheResponse createCache(CreateCacheRequest request) throws InterruptedException;

    BeginDeploymentResponse beginDeployment(BeginDeploymentRequest request)
            throws InterruptedException;

    ReportDeploymentResponse reportDeployment(ReportDeploymentRequest request)
            throws InterruptedException;
}

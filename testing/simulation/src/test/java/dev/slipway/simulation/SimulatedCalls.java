package dev.slipway.simulation;

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
import dev.slipway.agent.v1.ListRunArtifactsRequest;
import dev.slipway.agent.v1.ListRunArtifactsResponse;
import dev.slipway.agent.v1.LookupCacheRequest;
import dev.slipway.agent.v1.LookupCacheResponse;
import dev.slipway.agent.v1.ReportDeploymentRequest;
import dev.slipway.agent.v1.ReportDeploymentResponse;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.FindMissingBlobsResponse;

import java.io.InputStream;
import java.io.OutputStream;

/// Calls of a simulated agent. The simulated workloads have no files, so only specs are served; any
/// other call is a mistake of the workload and fails loudly.
final class SimulatedCalls implements FarmCalls {
    private final Caller caller;

    /// The one kind of answer that there is.
    record Answer(GetJobSpecResponse spec) {}

    /// The way to the coordinator.
    @FunctionalInterface
    interface Caller {
        Answer call(SimulatedNetwork.Call<Answer> work) throws InterruptedException;
    }

    SimulatedCalls(Caller caller) {
        this.caller = caller;
    }

    @Override
    public GetJobSpecResponse getJobSpec(GetJobSpecRequest request) throws InterruptedException {
        return caller.call(
                        member ->
                                new Answer(
                                        GetJobSpecResponse.newBuilder()
                                                .setSpec(
                                                        member.requireLeader().specs().get(request))
                                                .build()))
                .spec();
    }

    @Override
    public FindMissingBlobsResponse findMissingBlobs(FindMissingBlobsRequest request) {
        throw noFiles();
    }

    @Override
    public void uploadBlob(Blob blob, long offset, InputStream data) {
        throw noFiles();
    }

    @Override
    public void downloadBlob(DownloadBlobRequest request, OutputStream into) {
        throw noFiles();
    }

    @Override
    public CreateArtifactResponse createArtifact(CreateArtifactRequest request) {
        throw noFiles();
    }

    @Override
    public ListRunArtifactsResponse listRunArtifacts(ListRunArtifactsRequest request) {
        throw noFiles();
    }

    @Override
    public LookupCacheResponse lookupCache(LookupCacheRequest request) {
        throw noFiles();
    }

    @Override
    public CreateCacheResponse createCache(CreateCacheRequest request) {
        throw noFiles();
    }

    @Override
    public BeginDeploymentResponse beginDeployment(BeginDeploymentRequest request) {
        throw new AssertionError("steps of simulated jobs deploy nothing");
    }

    @Override
    public ReportDeploymentResponse reportDeployment(ReportDeploymentRequest request) {
        throw new AssertionError("steps of simulated jobs deploy nothing");
    }

    private static AssertionError noFiles() {
        return new AssertionError("simulated jobs have no files");
    }
}

package dev.slipway.coordinator.api;

import dev.slipway.api.v1.FarmServiceGrpc;
import dev.slipway.api.v1.GetFarmRequest;
import dev.slipway.api.v1.GetFarmResponse;
import dev.slipway.coordinator.engine.AgentView;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.EngineView;

import io.grpc.stub.StreamObserver;

import java.time.Instant;

/// The farm itself.
final class FarmApi extends FarmServiceGrpc.FarmServiceImplBase {
    private final Calls calls;
    private final Engine engine;
    private final String version;
    private final Instant startedAt;

    FarmApi(Calls calls, ApiParts parts) {
        this.calls = calls;
        this.engine = parts.engine();
        this.version = parts.version();
        this.startedAt = parts.clock().now();
    }

    private static GetFarmResponse.Builder figures(EngineView view) {
        int connected = (int) view.agents().stream().filter(AgentView::connected).count();
        return GetFarmResponse.newBuilder()
                .setPosition(view.farm().position())
                .setAgentsConnected(connected)
                .setRunsActive(view.farm().runs().size())
                .setJobsQueued(view.queuedJobs())
                .setJobsRunning(view.leasedJobs());
    }

    @Override
    public void getFarm(GetFarmRequest request, StreamObserver<GetFarmResponse> answers) {
        calls.unary(
                answers,
                () ->
                        engine.read(FarmApi::figures)
                                .setFarmId(engine.farmId())
                                .setEpoch(engine.epoch())
                                .setVersion(version)
                                .setStartedAt(Messages.time(startedAt))
                                .build());
    }
}

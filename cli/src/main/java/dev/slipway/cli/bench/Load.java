package dev.slipway.cli.bench;

import com.google.protobuf.ByteString;

import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BundleSource;
import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.Source;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.SubmitRunResponse;
import dev.slipway.api.v1.WorkflowFile;
import dev.slipway.cli.client.BlobRef;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Submits runs of one no-op job each.
final class Load {
    private static final int OUTSTANDING = 256;

    private final BenchSettings settings;
    private final Measurements measurements;
    private final Ports ports;
    private final Channel channel;
    private final SubmitRunRequest template;
    private final Semaphore room = new Semaphore(OUTSTANDING);

    /// @param bundle an empty working tree that the farm has
    Load(
            BenchSettings settings,
            Measurements measurements,
            Ports ports,
            Channel channel,
            BlobRef bundle) {
        this.settings = settings;
        this.measurements = measurements;
        this.ports = ports;
        this.channel = channel;
        this.template = template(settings.label(), bundle);
    }

    private static SubmitRunRequest template(String label, BlobRef bundle) {
        String workflow =
                """
                name: bench
                on: push
                jobs:
                  noop:
                    runs-on: %s
                    steps:
                      - run: 'true'
                """
                        .formatted(label);
        return SubmitRunRequest.newBuilder()
                .setProject("bench/" + label)
                .setWorkflow(
                        WorkflowFile.newBuilder()
                                .setPath(".github/workflows/bench.yml")
                                .setSource(ByteString.copyFromUtf8(workflow)))
                .setEventName("push")
                .setEventJson("{}")
                .setRef("refs/heads/main")
                .setSha("0".repeat(40))
                .setDefaultBranch("main")
                .setActor("bench")
                .setSource(
                        Source.newBuilder()
                                .setBundle(
                                        BundleSource.newBuilder()
                                                .setBlob(
                                                        Blob.newBuilder()
                                                                .setSha256(bundle.sha256())
                                                                .setSize(bundle.size()))))
                .build();
    }

    /// Submits all jobs at the wanted rate; returns when the last one has been sent.
    void run() throws InterruptedException {
        Duration begin = ports.clock().uptime();
        for (int i = 0; i < settings.jobs(); i++) {
            if (settings.rate() > 0) {
                Duration due = begin.plusNanos(i * 1_000_000_000L / settings.rate());
                Duration early = due.minus(ports.clock().uptime());
                if (early.isPositive()) {
                    ports.timers().pause(early);
                }
            }
            measurements.throwFailure();
            room.acquire();
            submit();
        }
    }

    private void submit() {
        long sent = measurements.nowMicros();
        var request = template.toBuilder().setClientToken(ports.ids().fresh()).build();
        RunServiceGrpc.newStub(channel)
                .submitRun(
                        request,
                        new StreamObserver<>() {
                            @Override
                            public void onNext(SubmitRunResponse response) {
                                measurements.submitted(response.getRun(), sent);
                            }

                            @Override
                            public void onError(Throwable error) {
                                room.release();
                                measurements.fail(
                                        new SlipwayException(
                                                ErrorCode.FARM_UNREACHABLE,
                                                "a submission failed: " + error.getMessage(),
                                                error));
                            }

                            @Override
                            public void onCompleted() {
                                room.release();
                            }
                        });
    }
}

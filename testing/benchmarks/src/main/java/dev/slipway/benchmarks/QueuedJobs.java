package dev.slipway.benchmarks;

import com.google.protobuf.ByteString;

import dev.slipway.api.v1.RunServiceGrpc;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.SubmitRunResponse;
import dev.slipway.api.v1.WorkflowFile;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Fills a farm's queue: runs of one job each, for a label that no agent has.
///
/// `testing/benchmarks/scale` calls it.
public final class QueuedJobs {
    private static final int OUTSTANDING = 256;
    private static final String WORKFLOW =
            "on: push\njobs:\n  a:\n    runs-on: nobody\n    steps: [{run: make}]\n";

    private QueuedJobs() {}

    /// @param args the coordinator's HOST:PORT, and how many jobs
    public static void main(String[] args) throws InterruptedException {
        int jobs = Integer.parseInt(args[1]);
        ManagedChannel channel = NettyChannelBuilder.forTarget(args[0]).usePlaintext().build();
        long started = System.nanoTime();
        var room = new Semaphore(OUTSTANDING);
        var failure = new AtomicReference<Throwable>();
        for (int i = 0; i < jobs; i++) {
            room.acquire();
            RunServiceGrpc.newStub(channel).submitRun(request(i), new Answer(room, failure));
        }
        room.acquire(OUTSTANDING);
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        if (failure.get() != null) {
            throw new IllegalStateException("a submission failed", failure.get());
        }
        System.out.printf(
                Locale.ROOT,
                "%d jobs queued at %.0f /s%n",
                jobs,
                jobs / ((System.nanoTime() - started) / 1e9));
    }

    private static SubmitRunRequest request(int number) {
        return SubmitRunRequest.newBuilder()
                .setClientToken("queued-%d-%d".formatted(ProcessHandle.current().pid(), number))
                .setProject("queue/project-" + number % 50)
                .setWorkflow(
                        WorkflowFile.newBuilder()
                                .setPath(".github/workflows/ci.yml")
                                .setSource(ByteString.copyFromUtf8(WORKFLOW)))
                .setEventName("push")
                .setEventJson("{}")
                .setRef("refs/heads/main")
                .setSha("0".repeat(40))
                .setDefaultBranch("main")
                .setActor("ann")
                .build();
    }

    private record Answer(Semaphore room, AtomicReference<Throwable> failure)
            implements StreamObserver<SubmitRunResponse> {
        @Override
        public void onNext(SubmitRunResponse response) {
            // The number of the run is of no interest.
        }

        @Override
        public void onError(Throwable error) {
            failure.compareAndSet(null, error);
            room.release();
        }

        @Override
        public void onCompleted() {
            room.release();
        }
    }
}

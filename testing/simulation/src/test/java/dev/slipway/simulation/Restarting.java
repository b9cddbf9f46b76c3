package dev.slipway.simulation;

import dev.slipway.agent.executor.Executor;
import dev.slipway.agent.executor.Launch;
import dev.slipway.agent.executor.NothingStartedException;
import dev.slipway.agent.executor.RunningProcess;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// An executor that takes every process that it should adopt for one that never was: {@link
/// Variant#START_AGAIN}.
record Restarting(Executor real) implements Executor {
    @Override
    public RunningProcess start(Launch launch) throws IOException {
        try {
            return real.start(launch);
        } catch (IOException startedBefore) {
            Path again =
                    launch.controlFolder()
                            .resolveSibling(launch.controlFolder().getFileName() + "-again");
            return real.start(
                    new Launch(
                            again,
                            launch.command(),
                            launch.environment(),
                            launch.workingDirectory(),
                            launch.jobTrackingId(),
                            launch.stepTrackingId(),
                            launch.leaseFile(),
                            launch.limits(),
                            new Launch.Place.Machine()));
        }
    }

    @Override
    public RunningProcess adopt(Path controlFolder) throws IOException {
        throw new NothingStartedException(controlFolder);
    }

    @Override
    public void renewLease(Path leaseFile, Duration endsAt) throws IOException {
        real.renewLease(leaseFile, endsAt);
    }

    @Override
    public int killLeftovers(String jobTrackingId) throws IOException {
        return real.killLeftovers(jobTrackingId);
    }
}

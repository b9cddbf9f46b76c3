package dev.slipway.agent.runner;

import dev.slipway.agent.docker.ContainerSpec;
import dev.slipway.agent.docker.Containers.State;
import dev.slipway.agent.executor.Launch;
import dev.slipway.agent.executor.Launch.Place;
import dev.slipway.agent.executor.NothingStartedException;
import dev.slipway.agent.workspace.Folders;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The containers that live as long as the job: its services and its own. Each has a control folder
/// (`containers/NAME` of the attempt) and a watchdog on the machine.
final class SupervisedContainers {
    /// The processes in a container are ended before, by the watchdogs of their own supervisors:
    /// then their results say why.
    private static final Launch.Limits LIMITS =
            new Launch.Limits(
                    Launch.Limits.DEFAULT.unacknowledgedBytes(),
                    Launch.Limits.DEFAULT.segmentBytes(),
                    Launch.Limits.DEFAULT.drain(),
                    Duration.ofSeconds(3));

    private final JobRuntime job;

    SupervisedContainers(JobRuntime job) {
        this.job = job;
    }

    /// Starts a container and its watchdog on the machine, which ends it with the job's lease also
    /// when the agent is dead or stopped. Nobody follows it: the job asks for its state.
    ///
    /// @return its id
    String begin(ContainerSpec spec) throws IOException {
        Files.createDirectories(folder());
        var launch =
                new Launch(
                        folder().resolve(spec.name()),
                        List.of(),
                        Map.of(),
                        job.folders().workspace(),
                        job.trackingId(),
                        job.trackingId() + ":" + spec.name(),
                        job.folders().lease(),
                        LIMITS,
                        new Place.Own(spec));
        job.machine().executor().start(launch).close();
        return job.machine()
                .docker()
                .orElseThrow()
                .containers()
                .inspect(spec.name())
                .map(State::id)
                .orElseThrow(() -> new StepFailure("A container was removed by somebody else."));
    }

    /// After a restart of the agent: starts the watchdogs again that do not live any more.
    void watchAgain() throws IOException {
        if (job.machine().docker().isEmpty() || !Files.isDirectory(folder())) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder())) {
            for (Path one : folders) {
                try {
                    job.machine().executor().adopt(one).close();
                } catch (NothingStartedException never) {
                    Folders.delete(one);
                }
            }
        }
    }

    /// After the containers were removed: ends what watches them.
    void forget() throws IOException {
        Folders.delete(folder());
    }

    private Path folder() {
        return job.folders().attempt().resolve("containers");
    }
}

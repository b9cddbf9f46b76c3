package dev.slipway.agent.executor;

import dev.slipway.agent.docker.Containers;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.docker.Execs;
import dev.slipway.agent.executor.Launch.Place;
import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.Intent;
import dev.slipway.agent.process.Supervisor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Runs commands on this machine, inside of running containers, and in containers of their own.
///
/// Inside of a container the same supervisor watches the command as on the machine, and writes to
/// the same control folder, which the container sees. It is started as a detached exec; its launch
/// goes through a FIFO in that folder, so neither disk nor command line see the environment:
///
/// ```text
/// agent:      intent ── exec ──────────▶ (claim?) ── launch into the FIFO ──▶ follows it
/// container:             mkfifo ── opens it ── claim ── reads it ── command
/// ```
public final class ContainerExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerExecutor.class);

    /// Carried by everything that is made for one job; its value is the job's tracking id.
    public static final String JOB_LABEL = "dev.slipway.job";

    private static final String FIFO = "launch";

    /// The redirections come first, so a claim says that the FIFO is being read.
    private static final String ENTER =
            """
            cd "$2" && mkfifo -m 666 launch || exit 73
            exec sh "$1" "$2" <launch >>supervisor.log 2>&1
            """;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
    private static final Duration STILL_THERE = Duration.ofSeconds(1);
    private static final int LOOKS_PER_QUESTION = 100;
    private static final int MOST_QUESTIONS = 150;

    private final HostExecutor machine;
    private final HostExecutor.Host host;
    private final Containers containers;
    private final Execs execs;

    public ContainerExecutor(HostExecutor machine, Containers containers) {
        this.machine = machine;
        this.host = machine.host();
        this.containers = containers;
        this.execs = new Execs(containers.engine());
    }

    @Override
    public RunningProcess start(Launch launch) throws IOException {
        return switch (launch.place()) {
            case Place.Machine() -> machine.start(launch);
            case Place.Inside inside -> startInside(launch, inside);
            case Place.Own own -> OwnContainer.start(host, containers, launch, own.container());
        };
    }

    private RunningProcess startInside(Launch launch, Place.Inside inside) throws IOException {
        var folder = new ControlFolder(launch.controlFolder());
        String exec =
                execs.prepare(
                        inside.container(),
                        List.of(
                                "sh",
                                "-c",
                                ENTER,
                                "enter",
                                machine.supervisor().script().toString(),
                                folder.path().toString()));
        Intent intent =
                host.intent(
                        launch,
                        Optional.empty(),
                        Optional.of(new Intent.InContainer(inside.container(), exec)));
        folder.create(intent);
        // The container's user is another one; the folder's parents keep strangers out.
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
        HostProcess process = follow(folder, intent);
        try {
            execs.startDetached(exec);
            hand(
                    folder,
                    process,
                    exec,
                    Supervisor.launch(intent, HostExecutor.job(launch), inside.tools()));
        } catch (DockerException refused) {
            process.preventStart("" + refused.getMessage());
        } catch (IOException problem) {
            process.close();
            throw problem;
        }
        watch(process, exec);
        return process;
    }

    private HostProcess follow(ControlFolder folder, Intent intent) throws IOException {
        var there =
                new ContainerProcesses(
                        execs,
                        intent.container().orElseThrow().id(),
                        Launch.STEP_VARIABLE + "=" + intent.stepTrackingId(),
                        host.boot(),
                        host.timers(),
                        host.threads());
        var process = new HostProcess(host.seeing(there, there), folder, intent);
        process.follow();
        return process;
    }

    /// Gives the launch to the supervisor. The FIFO is held open for both ends until the supervisor
    /// has claimed, so that neither side waits for the other for ever; from then on a write fails
    /// when the supervisor is dead, and does not wait.
    private void hand(ControlFolder folder, HostProcess process, String exec, byte[] launch)
            throws IOException {
        Optional<FileChannel> opened = open(folder, exec);
        if (opened.isEmpty()) {
            process.preventStart(
                    "The container could not start the supervisor. " + folder.complaints());
            return;
        }
        try (FileChannel writer = opened.get()) {
            ByteBuffer bytes = ByteBuffer.wrap(launch);
            while (bytes.hasRemaining()) {
                writer.write(bytes);
            }
        } catch (IOException ended) {
            // How its folder looks then decides.
            LOG.warn(
                    "A supervisor ended before it was told what to run. folder={} problem={}",
                    folder.path(),
                    ended.getMessage());
        }
    }

    /// @return empty when the supervisor does not come to claim
    private Optional<FileChannel> open(ControlFolder folder, String exec) throws IOException {
        Path fifo = folder.path().resolve(FIFO);
        if (!await(fifo, exec)) {
            return Optional.empty();
        }
        try (var _ = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return await(folder.path().resolve("claim"), exec)
                    ? Optional.of(FileChannel.open(fifo, StandardOpenOption.WRITE))
                    : Optional.empty();
        }
    }

    /// Waits for a file that the supervisor makes.
    ///
    /// @return false when the supervisor ended, or does not come to make it
    private boolean await(Path file, String exec) throws IOException {
        try {
            for (int question = 0; question < MOST_QUESTIONS; question++) {
                for (int look = 0; look < LOOKS_PER_QUESTION; look++) {
                    if (Files.exists(file)) {
                        return true;
                    }
                    host.timers().pause(LOOK_AGAIN);
                }
                if (!execs.isRunning(exec)) {
                    return Files.exists(file);
                }
            }
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a process was started");
        }
    }

    /// Asks the engine from time to time whether the supervisor lives: its container may be gone.
    private void watch(HostProcess process, String exec) {
        host.timers()
                .after(
                        STILL_THERE,
                        () ->
                                host.threads()
                                        .start("still-there " + exec, () -> look(process, exec)));
    }

    private void look(HostProcess process, String exec) {
        if (process.exit().isPresent() || process.isClosed()) {
            return;
        }
        try {
            if (!execs.isRunning(exec)) {
                process.supervisorEnded();
                return;
            }
        } catch (DockerException silent) {
            LOG.warn(
                    "The Docker engine does not say whether a step still runs. why={}",
                    silent.getMessage());
        }
        watch(process, exec);
    }

    @Override
    public RunningProcess adopt(Path controlFolder) throws IOException {
        var folder = new ControlFolder(controlFolder);
        Intent intent =
                folder.intent().orElseThrow(() -> new NothingStartedException(controlFolder));
        if (intent.container().isEmpty()) {
            return machine.adopt(controlFolder);
        }
        Intent.InContainer inside = intent.container().get();
        if (inside.exec().isEmpty()) {
            return OwnContainer.adopt(host, containers, folder, intent);
        }
        HostProcess process = follow(folder, intent);
        if (process.isClaimedElsewhere()) {
            look(process, inside.exec());
        }
        return process;
    }

    @Override
    public void renewLease(Path leaseFile, Duration endsAt) throws IOException {
        machine.renewLease(leaseFile, endsAt);
    }

    /// Also removes the job's containers and networks.
    @Override
    public int killLeftovers(String jobTrackingId) throws IOException {
        int killed = machine.killLeftovers(jobTrackingId);
        try {
            return killed + containers.removeAll(JOB_LABEL + "=" + jobTrackingId);
        } catch (DockerException problem) {
            // Most jobs have none; what there is goes when the agent starts the next time.
            LOG.warn(
                    "The containers of a job could not be removed. job={} why={}",
                    jobTrackingId,
                    problem.getMessage());
            return killed;
        }
    }
}

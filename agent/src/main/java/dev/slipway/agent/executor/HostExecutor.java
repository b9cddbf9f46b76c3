package dev.slipway.agent.executor;

import dev.slipway.agent.process.Boot;
import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.ControlGroups;
import dev.slipway.agent.process.FolderWatcher;
import dev.slipway.agent.process.Intent;
import dev.slipway.agent.process.LeaseFile;
import dev.slipway.agent.process.LocalProcessTable;
import dev.slipway.agent.process.LocalSignals;
import dev.slipway.agent.process.ProcessIdentity;
import dev.slipway.agent.process.ProcessTable;
import dev.slipway.agent.process.ProcessTree;
import dev.slipway.agent.process.Signals;
import dev.slipway.agent.process.Supervisor;
import dev.slipway.agent.process.Tools;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Runs commands as processes of this machine, each under a supervisor of its own.
///
/// When the agent is a systemd service, its unit needs `KillMode=process`: otherwise stopping the
/// agent stops the supervisors as well.
public final class HostExecutor implements Executor, AutoCloseable {
    private static final Duration KILL_ROUND = Duration.ofMillis(20);
    private static final int KILL_ROUNDS = 500;

    private final Host host;
    private final Supervisor supervisor;

    /// What all processes of this executor share.
    record Host(
            Boot boot,
            ProcessTable table,
            Signals signals,
            ControlGroups groups,
            FolderWatcher watcher,
            Clock clock,
            Timers timers,
            Threads threads) {

        /// What is written down before a launch begins.
        ///
        /// @param group the control group made for it
        /// @param container where it begins, if not on this machine
        Intent intent(Launch launch, Optional<Path> group, Optional<Intent.InContainer> container) {
            return new Intent(
                    boot.id(),
                    clock.now(),
                    launch.jobTrackingId(),
                    launch.stepTrackingId(),
                    launch.leaseFile().toAbsolutePath(),
                    group,
                    launch.limits().drain(),
                    container);
        }

        /// The same for the processes of a container.
        Host seeing(ProcessTable others, Signals theirs) {
            return new Host(boot, others, theirs, groups, watcher, clock, timers, threads);
        }
    }

    private HostExecutor(Host host, Supervisor supervisor) {
        this.host = host;
        this.supervisor = supervisor;
    }

    /// Prepares this machine.
    ///
    /// @param folder where the supervisor's script is kept; made when missing
    /// @param agentEnvironment the agent's own environment, `System.getenv()`
    /// @throws IOException when a program that supervision needs is missing (the text names its
    ///   Debian package), or the folder cannot be written
    public static HostExecutor open(
            Path folder,
            Map<String, String> agentEnvironment,
            Clock clock,
            Timers timers,
            Threads threads)
            throws IOException {
        return open(folder, agentEnvironment, Boot.current(), clock, timers, threads);
    }

    /// For tests: another boot id stands for a rebooted machine.
    static HostExecutor open(
            Path folder,
            Map<String, String> agentEnvironment,
            Boot boot,
            Clock clock,
            Timers timers,
            Threads threads)
            throws IOException {
        Tools tools = Tools.find(agentEnvironment);
        Supervisor supervisor = Supervisor.install(folder, tools, agentEnvironment);
        var table = new LocalProcessTable(boot);
        var host =
                new Host(
                        boot,
                        table,
                        new LocalSignals(table, tools.shell()),
                        ControlGroups.detect(),
                        new FolderWatcher(folder, threads),
                        clock,
                        timers,
                        threads);
        return new HostExecutor(host, supervisor);
    }

    @Override
    public RunningProcess start(Launch launch) throws IOException {
        var folder = new ControlFolder(launch.controlFolder());
        Intent intent =
                host.intent(
                        launch,
                        host.groups().create(launch.jobTrackingId(), launch.stepTrackingId()),
                        Optional.empty());
        try {
            folder.create(intent);
        } catch (FileAlreadyExistsException twice) {
            throw new IOException(
                    ("The process of %s was started before; a step starts only once."
                                    + " Adopt it instead.")
                            .formatted(folder.path()),
                    twice);
        }
        var process = new HostProcess(host, folder, intent);
        process.follow();
        try {
            process.superviseBy(supervisor.spawn(folder, intent, job(launch)).toHandle());
        } catch (IOException problem) {
            process.close();
            throw problem;
        }
        return process;
    }

    static Supervisor.Job job(Launch launch) {
        Map<String, String> environment = new HashMap<>(launch.environment());
        environment.put(Launch.JOB_VARIABLE, launch.jobTrackingId());
        environment.put(Launch.STEP_VARIABLE, launch.stepTrackingId());
        Launch.Limits limits = launch.limits();
        return new Supervisor.Job(
                launch.command(),
                environment,
                launch.workingDirectory(),
                limits.killGrace().toMillis(),
                limits.unacknowledgedBytes(),
                limits.segmentBytes());
    }

    Host host() {
        return host;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    @Override
    public RunningProcess adopt(Path controlFolder) throws IOException {
        var folder = new ControlFolder(controlFolder);
        Intent intent =
                folder.intent().orElseThrow(() -> new NothingStartedException(controlFolder));
        var process = new HostProcess(host, folder, intent);
        process.follow();
        if (process.isClaimedElsewhere()) {
            adoptClaimed(folder, process);
        }
        return process;
    }

    private void adoptClaimed(ControlFolder folder, HostProcess process) throws IOException {
        Optional<ProcessIdentity> known = folder.supervisor();
        if (known.isEmpty()) {
            known = supervisor.find(folder, host.table());
        }
        Optional<ProcessHandle> handle =
                known.flatMap(identity -> ProcessHandle.of(identity.pid()));
        // The handle is taken before the check, so it is of the process that was checked.
        if (handle.isPresent() && known.filter(host.table()::isAlive).isPresent()) {
            process.superviseBy(handle.get());
        } else {
            process.supervisorEnded();
        }
    }

    @Override
    public void renewLease(Path leaseFile, Duration endsAt) throws IOException {
        Duration left = endsAt.minus(host.clock().uptime());
        LeaseFile.write(leaseFile, host.boot(), host.boot().uptime().plus(left));
    }

    @Override
    public int killLeftovers(String jobTrackingId) throws IOException {
        Set<ProcessIdentity> killed = new LinkedHashSet<>();
        String variable = Launch.JOB_VARIABLE + "=" + jobTrackingId;
        killed.addAll(killAll(host, new ProcessTree(host.table(), variable, Optional.empty())));
        for (Path group : host.groups().ofJob(jobTrackingId)) {
            var tree = new ProcessTree(host.table(), variable, Optional.of(group));
            killed.addAll(killAll(host, tree));
        }
        try {
            host.signals().send("TERM", Supervisor.naps(jobTrackingId, host.table()));
            removeGroups(jobTrackingId);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return killed.size();
    }

    /// A group is in use for a moment after its last process was killed.
    private void removeGroups(String jobTrackingId) throws IOException, InterruptedException {
        for (int round = 0; round < 50 && !host.groups().remove(jobTrackingId); round++) {
            host.timers().pause(KILL_ROUND);
        }
    }

    private static Set<ProcessIdentity> killAll(Host host, ProcessTree tree) throws IOException {
        return killAll(host, tree, Optional.empty());
    }

    /// Kills until nothing is left: while one looks, processes start others.
    ///
    /// @throws IOException when something is left after many rounds
    static Set<ProcessIdentity> killAll(Host host, ProcessTree tree, Optional<ProcessIdentity> main)
            throws IOException {
        Set<ProcessIdentity> killed = new LinkedHashSet<>();
        try {
            for (int round = 0; round < KILL_ROUNDS; round++) {
                List<ProcessIdentity> members = tree.members(main);
                if (members.isEmpty()) {
                    return killed;
                }
                host.signals().send("KILL", members);
                killed.addAll(members);
                host.timers().pause(KILL_ROUND);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while killing processes.");
        }
        throw new IOException(
                "Processes do not end although they were killed (often they wait for a disk or a"
                        + " network file system): pids %s."
                                .formatted(
                                        tree.members(main).stream()
                                                .map(ProcessIdentity::pid)
                                                .toList()));
    }

    /// Stops following. Processes go on and can be adopted by another executor.
    @Override
    public void close() throws IOException {
        host.watcher().close();
    }
}

package dev.slipway.agent.executor;

import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A machine whose processes follow scripts: for tests, simulated agents and the simulation of a
/// whole farm. Nothing is on disk, no process is spawned, and time is that of the given clock.
///
/// It keeps the promises of a real machine. It outlives agents: a test that kills an agent calls
/// {@link #loseAgent} and gives the same executor to the next one, which adopts. Leases end whether
/// an agent lives or not. Output is kept until it is acknowledged, and holds its process up when
/// too much waits.
public final class ScriptedExecutor implements Executor {
    private final Clock clock;
    private final Timers timers;
    private final Function<Launch, Script> scripts;
    private final ProcessWatcher watcher;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock; ordered, so that a seeded simulation repeats itself.
    private final Map<Path, ScriptedProcess> processes = new LinkedHashMap<>();
    private final Map<Path, Duration> leases = new LinkedHashMap<>();
    private final Set<ScriptedHandle> handles = new LinkedHashSet<>();
    private final List<Launch> launches = new ArrayList<>();

    /// @param scripts says what a launched process will do; called once for each
    public ScriptedExecutor(Clock clock, Timers timers, Function<Launch, Script> scripts) {
        this(clock, timers, scripts, ProcessWatcher.NONE);
    }

    /// @param watcher sees what the processes do
    public ScriptedExecutor(
            Clock clock, Timers timers, Function<Launch, Script> scripts, ProcessWatcher watcher) {
        this.clock = clock;
        this.timers = timers;
        this.scripts = scripts;
        this.watcher = watcher;
    }

    @Override
    public RunningProcess start(Launch launch) throws IOException {
        Path folder = launch.controlFolder().toAbsolutePath();
        ScriptedProcess process;
        lock.lock();
        try {
            if (processes.containsKey(folder)) {
                throw new IOException(
                        ("The process of %s was started before; a step starts only once."
                                        + " Adopt it instead.")
                                .formatted(folder));
            }
            launches.add(launch);
            process =
                    new ScriptedProcess(
                            launch, scripts.apply(launch), clock, timers, this::leaseEnd, watcher);
            processes.put(folder, process);
        } finally {
            lock.unlock();
        }
        process.begin();
        return handle(folder, process);
    }

    @Override
    public RunningProcess adopt(Path controlFolder) throws IOException {
        Path folder = controlFolder.toAbsolutePath();
        ScriptedProcess process;
        lock.lock();
        try {
            process = processes.get(folder);
        } finally {
            lock.unlock();
        }
        if (process == null) {
            throw new NothingStartedException(folder);
        }
        process.preventStart("The agent ended before the process was started.");
        return handle(folder, process);
    }

    private RunningProcess handle(Path folder, ScriptedProcess process) {
        var handle = new ScriptedHandle(process, timers, () -> forget(folder));
        lock.lock();
        try {
            handles.removeIf(ScriptedHandle::closed);
            handles.add(handle);
        } finally {
            lock.unlock();
        }
        return handle;
    }

    private void forget(Path folder) {
        lock.lock();
        try {
            processes.remove(folder);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void renewLease(Path leaseFile, Duration endsAt) {
        lock.lock();
        try {
            leases.put(leaseFile.toAbsolutePath(), endsAt);
        } finally {
            lock.unlock();
        }
    }

    /// A process without a lease must not run.
    private Duration leaseEnd(Path leaseFile) {
        lock.lock();
        try {
            return leases.getOrDefault(leaseFile.toAbsolutePath(), Duration.ZERO);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int killLeftovers(String jobTrackingId) {
        int killed = 0;
        for (ScriptedProcess process : all()) {
            if (process.jobTrackingId().equals(jobTrackingId) && process.kill()) {
                killed++;
            }
        }
        return killed;
    }

    private List<ScriptedProcess> all() {
        lock.lock();
        try {
            return List.copyOf(processes.values());
        } finally {
            lock.unlock();
        }
    }

    /// Everything that was ever launched here, in order: to check that nothing ran twice.
    public List<Launch> launches() {
        lock.lock();
        try {
            return List.copyOf(launches);
        } finally {
            lock.unlock();
        }
    }

    /// How many processes run now.
    public long running() {
        return all().stream().filter(process -> process.exit().isEmpty()).count();
    }

    /// The agent's process is gone: nobody follows its processes, which go on.
    public void loseAgent() {
        Set<ScriptedHandle> lost;
        lock.lock();
        try {
            lost = new LinkedHashSet<>(handles);
            handles.clear();
        } finally {
            lock.unlock();
        }
        lost.forEach(ScriptedHandle::close);
    }

    /// The supervisors of all processes are killed, which takes the processes with them.
    public void loseSupervisors() {
        all().forEach(ScriptedProcess::loseSupervisor);
    }

    /// The machine restarts: whatever ran is gone, whatever had ended is still on disk.
    public void reboot() {
        loseAgent();
        all().forEach(ScriptedProcess::reboot);
        lock.lock();
        try {
            leases.clear();
        } finally {
            lock.unlock();
        }
    }
}

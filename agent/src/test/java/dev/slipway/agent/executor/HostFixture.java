package dev.slipway.agent.executor;

import static java.util.Objects.requireNonNull;

import dev.slipway.agent.process.Boot;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemThreads;
import dev.slipway.time.SystemTimers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A real executor in a folder of its own whose name holds everything that breaks bad quoting.
final class HostFixture implements AutoCloseable {
    final Path root;
    final Path lease;
    final SystemClock clock = new SystemClock();
    final SystemTimers timers = new SystemTimers("test-timers");
    final HostExecutor executor;
    final Map<String, String> environment = new HashMap<>();
    private final List<String> jobs = new ArrayList<>();
    private Launch.Limits limits = Launch.Limits.DEFAULT;

    HostFixture(Path folder) throws IOException {
        this(folder, Boot.current());
    }

    HostFixture(Path folder, Boot boot) throws IOException {
        root = Files.createDirectories(folder.resolve("it's a \"folder\"\nwith $HOME; `x` *"));
        lease = root.resolve("lease");
        executor =
                HostExecutor.open(
                        root.resolve("agent"),
                        System.getenv(),
                        boot,
                        clock,
                        timers,
                        new SystemThreads());
        environment.put("PATH", System.getenv("PATH"));
        renew(Duration.ofMinutes(5));
    }

    void renew(Duration left) throws IOException {
        executor.renewLease(lease, clock.uptime().plus(left));
    }

    /// What a lease file holds.
    String leaseOf(Duration left) throws IOException {
        Path other = root.resolve("other-lease");
        executor.renewLease(other, clock.uptime().plus(left));
        return Files.readString(other);
    }

    /// The installed script of the supervisors.
    Path script() throws IOException {
        try (var files = Files.list(root.resolve("agent"))) {
            return files.filter(file -> file.toString().endsWith(".sh")).findFirst().orElseThrow();
        }
    }

    void limit(Launch.Limits changed) {
        limits = changed;
    }

    Launch launch(String name, String... command) {
        String job = "job-" + name + "-" + ProcessHandle.current().pid();
        jobs.add(job);
        return new Launch(
                root.resolve(name),
                List.of(command),
                environment,
                root,
                job,
                job + "/" + requireNonNull(root.getParent()).getFileName(),
                lease,
                limits,
                new Launch.Place.Machine());
    }

    RunningProcess start(String name, String... command) throws IOException {
        return executor.start(launch(name, command));
    }

    RunningProcess bash(String name, String script) throws IOException {
        return start(name, "bash", "-c", script);
    }

    /// Reads from `from` to the end, acknowledging as it goes.
    static String readAll(RunningProcess process, long from)
            throws IOException, InterruptedException {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[64 * 1024];
        long offset = from;
        int count = process.read(offset, buffer);
        while (count >= 0) {
            all.write(buffer, 0, count);
            offset += count;
            process.acknowledge(offset);
            count = process.read(offset, buffer);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    static String readAll(RunningProcess process) throws IOException, InterruptedException {
        return readAll(process, 0);
    }

    /// Reads until the output so far ends with `text`.
    static String readUntil(RunningProcess process, String text)
            throws IOException, InterruptedException {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[1024];
        while (!all.toString(StandardCharsets.UTF_8).contains(text)) {
            int count = process.read(all.size(), buffer);
            if (count < 0) {
                throw new AssertionError("The output ended without '" + text + "': " + all);
            }
            all.write(buffer, 0, count);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /// Waits for something that no notice announces.
    static void await(String what, Condition condition) {
        try {
            for (int tries = 0; tries < 2000; tries++) {
                if (condition.holds()) {
                    return;
                }
                Thread.sleep(10);
            }
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError("Could not wait until " + what, problem);
        }
        throw new AssertionError("After 20 s still not: " + what);
    }

    interface Condition {
        boolean holds() throws IOException;
    }

    static boolean alive(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (String job : jobs) {
            executor.killLeftovers(job);
        }
        awaitNoSupervisor();
        executor.close();
        timers.close();
    }

    /// They write into the folder until they end.
    void awaitNoSupervisor() {
        await("all supervisors are gone", () -> supervisors().isEmpty());
    }

    List<ProcessHandle> supervisors() {
        try (var all = ProcessHandle.allProcesses()) {
            return all.filter(it -> it.info().commandLine().orElse("").contains(root.toString()))
                    .filter(it -> it.info().commandLine().orElse("").contains("supervise-"))
                    .toList();
        }
    }
}

package dev.slipway.agent.executor;

import dev.slipway.agent.docker.Execs;
import dev.slipway.agent.process.Boot;
import dev.slipway.agent.process.ProcessIdentity;
import dev.slipway.agent.process.ProcessTable;
import dev.slipway.agent.process.Signals;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The processes of one container, in the container's own numbering, looked at and signalled by
/// commands that are run inside. A container that is gone has none.
///
/// Only one tracking variable can be asked for: that of the command it was made for.
final class ContainerProcesses implements ProcessTable, Signals {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerProcesses.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final String ROOT = "0";

    private static final String LIST =
            """
            cat /proc/[0-9]*/stat 2>/dev/null
            echo --
            LC_ALL=C grep -lszxF -e "$1" /proc/[0-9]*/environ 2>/dev/null
            exit 0
            """;

    /// Prints how many were signalled; fails when one could not be.
    private static final String SIGNAL =
            """
            signal=$1 sent=0 failed=0
            shift
            same() {
                { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
                ticks=$2
                set -- ${stat##*) }
                [ "${20}" = "$ticks" ] && [ "$1" != Z ]
            }
            for process; do
                same "${process%:*}" "${process#*:}" || continue
                if kill -s "$signal" "${process%:*}" 2>/dev/null; then
                    sent=$((sent + 1))
                elif same "${process%:*}" "${process#*:}"; then
                    failed=1
                fi
            done
            echo "$sent"
            exit "$failed"
            """;

    private final Execs execs;
    private final String container;
    private final String variable;
    private final Boot boot;
    private final Timers timers;
    private final Threads threads;

    /// Of the latest {@link #entries}.
    private volatile Set<Integer> tracked = Set.of();

    ContainerProcesses(
            Execs execs,
            String container,
            String variable,
            Boot boot,
            Timers timers,
            Threads threads) {
        this.execs = execs;
        this.container = container;
        this.variable = variable;
        this.boot = boot;
        this.timers = timers;
        this.threads = threads;
    }

    @Override
    public List<Entry> entries() throws IOException {
        Optional<Execs.Result> listed =
                execs.run(container, List.of("sh", "-c", LIST, "list", variable));
        List<Entry> entries = new ArrayList<>();
        Set<Integer> found = new HashSet<>();
        boolean stats = true;
        for (String line : listed.map(Execs.Result::output).orElse("").split("\n")) {
            if (line.equals("--")) {
                stats = false;
            } else if (stats) {
                Entry.parse(line).ifPresent(entries::add);
            } else if (line.startsWith("/proc/")) {
                found.add(Integer.parseInt(line.substring(6, line.indexOf('/', 6))));
            }
        }
        tracked = Set.copyOf(found);
        return entries;
    }

    @Override
    public ProcessIdentity identity(Entry entry) {
        return new ProcessIdentity(boot.id(), entry.pid(), entry.startTicks());
    }

    @Override
    public boolean isAlive(ProcessIdentity identity) {
        try {
            return identity.bootId().equals(boot.id())
                    && entries().stream()
                            .filter(entry -> entry.state() != 'Z' && entry.state() != 'X')
                            .map(this::identity)
                            .anyMatch(identity::equals);
        } catch (IOException problem) {
            LOG.warn(
                    "The processes of a container cannot be listed. container={} why={}",
                    container,
                    problem.getMessage());
            return false;
        }
    }

    @Override
    public boolean startedWith(int pid, String asked) {
        if (!asked.equals(variable)) {
            throw new IllegalArgumentException("only asked for " + variable);
        }
        return tracked.contains(pid);
    }

    @Override
    public String commandLine(int pid) {
        throw new UnsupportedOperationException("command lines of containers are not read");
    }

    @Override
    public void onExit(ProcessIdentity process, Runnable ended) {
        threads.start(
                "await-exit " + process.pid(),
                () -> {
                    try {
                        while (isAlive(process)) {
                            timers.pause(LOOK_AGAIN);
                        }
                        ended.run();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Override
    public OptionalInt self() {
        return OptionalInt.empty();
    }

    @Override
    public int send(String signal, List<ProcessIdentity> processes) throws IOException {
        if (processes.isEmpty()) {
            return 0;
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", SIGNAL, "signal", signal));
        processes.forEach(one -> command.add(one.pid() + ":" + one.startTicks()));
        Optional<Execs.Result> result = execs.run(container, command);
        int count = count(result);
        if (result.isPresent() && result.get().code() != 0) {
            // A step may have become another user.
            count = Math.max(count, count(execs.run(container, ROOT, command)));
        }
        return count;
    }

    private static int count(Optional<Execs.Result> result) {
        String text = result.map(Execs.Result::output).orElse("").strip();
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
}

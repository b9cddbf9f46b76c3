package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The processes of this machine, as `/proc` shows them. A process that ends while it is looked at
/// is simply not there.
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    private final Boot boot;

    public ProcessTable(Boot boot) {
        this.boot = boot;
    }

    /// What the kernel says about a process (proc_pid_stat(5)).
    ///
    /// @param state one letter; `Z` and `X` are processes that have ended
    record Entry(int pid, char state, int parent, int group, int session, long startTicks) {
        boolean ended() {
            return state == 'Z' || state == 'X';
        }
    }

    /// Whether exactly this process lives: same boot, same pid, same start, and not a zombie.
    public boolean isAlive(ProcessIdentity identity) {
        return identity.bootId().equals(boot.id())
                && entry(identity.pid())
                        .filter(entry -> entry.startTicks() == identity.startTicks())
                        .filter(entry -> !entry.ended())
                        .isPresent();
    }

    ProcessIdentity identity(Entry entry) {
        return new ProcessIdentity(boot.id(), entry.pid(), entry.startTicks());
    }

    Optional<Entry> entry(int pid) {
        String stat;
        try {
            stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return Optional.empty();
        }
        // The second field is the program's name in parentheses and may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Optional.of(
                new Entry(
                        pid,
                        fields[0].charAt(0),
                        Integer.parseInt(fields[1]),
                        Integer.parseInt(fields[2]),
                        Integer.parseInt(fields[3]),
                        Long.parseLong(fields[19])));
    }

    /// Every process, in the order of pids.
    List<Entry> entries() throws IOException {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                pids.add(Integer.parseInt(folder.getFileName().toString()));
            }
        }
        pids.sort(null);
        return pids.stream().map(this::entry).flatMap(Optional::stream).toList();
    }

    /// Whether the process was started with `variable` (`NAME=value`) in its environment. Never for
    /// processes of other users.
    boolean startedWith(int pid, String variable) {
        byte[] environment;
        try {
            environment = Files.readAllBytes(PROC.resolve(pid + "/environ"));
        } catch (IOException endedOrForeign) {
            return false;
        }
        byte[] wanted = variable.getBytes(StandardCharsets.UTF_8);
        int start = 0;
        for (int at = 0; at < environment.length; at++) {
            if (environment[at] == 0) {
                if (Arrays.equals(environment, start, at, wanted, 0, wanted.length)) {
                    return true;
                }
                start = at + 1;
            }
        }
        return false;
    }

    /// The command line of a process, its words joined by NUL; empty when it has ended.
    String commandLine(int pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}

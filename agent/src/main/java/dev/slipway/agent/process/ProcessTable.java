package dev.slipway.agent.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Processes that share one numbering: those of this machine, or those of a container. A process
/// that ends while it is looked at is simply not there.
public interface ProcessTable {
    /// What the kernel says about a process (proc_pid_stat(5)).
    ///
    /// @param state one letter; `Z` and `X` are processes that have ended
    record Entry(int pid, char state, int parent, int group, int session, long startTicks) {
        /// @param stat the content of `/proc/PID/stat`; empty when it is no such thing
        public static Optional<Entry> parse(String stat) {
            // The second field is the program's name in parentheses and may hold anything.
            int name = stat.lastIndexOf(')');
            String[] fields = name < 0 ? new String[0] : stat.substring(name + 2).split(" ");
            int pid = stat.indexOf(' ');
            return pid < 0 || fields.length < 20
                    ? Optional.empty()
                    : Optional.of(
                            new Entry(
                                    Integer.parseInt(stat.substring(0, pid)),
                                    fields[0].charAt(0),
                                    Integer.parseInt(fields[1]),
                                    Integer.parseInt(fields[2]),
                                    Integer.parseInt(fields[3]),
                                    Long.parseLong(fields[19])));
        }

        boolean ended() {
            return state == 'Z' || state == 'X';
        }
    }

    /// Every process, in the order of pids.
    List<Entry> entries() throws IOException;

    ProcessIdentity identity(Entry entry);

    /// Whether exactly this process lives: same boot, same pid, same start, and not a zombie.
    boolean isAlive(ProcessIdentity identity);

    /// Whether the process was started with `variable` (`NAME=value`) in its environment. Never for
    /// processes of other users.
    boolean startedWith(int pid, String variable);

    /// The command line of a process, its words joined by NUL; empty when it has ended.
    String commandLine(int pid);

    /// Runs `ended` when the process has ended, at once when it already has.
    void onExit(ProcessIdentity process, Runnable ended);

    /// The agent's own process, if it is one of these.
    OptionalInt self();
}

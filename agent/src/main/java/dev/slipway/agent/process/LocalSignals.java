package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Sends signals to processes of this machine.
public final class LocalSignals implements Signals {
    private final ProcessTable table;
    private final Path shell;

    /// @param shell a POSIX shell; `kill` is one of its builtins, so no package is needed for it
    public LocalSignals(ProcessTable table, Path shell) {
        this.table = table;
        this.shell = shell;
    }

    @Override
    public int send(String signal, List<ProcessIdentity> processes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(shell.toString());
        command.add("-c");
        command.add("signal=$1; shift; kill -s \"$signal\" -- \"$@\" 2>/dev/null");
        command.add("kill");
        command.add(signal);
        int before = command.size();
        processes.stream()
                .filter(table::isAlive)
                .forEach(process -> command.add(Integer.toString(process.pid())));
        int count = command.size() - before;
        if (count > 0) {
            // Its status says that one of the processes has just ended: no failure.
            new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        return count;
    }
}

package dev.slipway.agent.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The signals that this process was started to ignore, and how its children are spared that.
///
/// A shell script starts what it puts into the background with SIGINT and SIGQUIT ignored, `nohup`
/// does so with SIGHUP, and children inherit it for ever: a shell cannot even set a trap for them.
/// The steps of an agent that was started with `&` could then not be interrupted.
final class IgnoredSignals {
    private static final Logger LOG = LoggerFactory.getLogger(IgnoredSignals.class);
    private static final Path STATUS = Path.of("/proc/self/status");

    /// The ones that mean something to a step, by their numbers on Linux.
    private static final Map<Integer, String> NAMES =
            new TreeMap<>(
                    Map.of(
                            1, "HUP", 2, "INT", 3, "QUIT", 10, "USR1", 12, "USR2", 13, "PIPE", 15,
                            "TERM"));

    private IgnoredSignals() {}

    /// The words to put before a command so that it starts with every signal at its default; none
    /// when nothing is ignored.
    static List<String> prefix(Tools tools) throws IOException {
        List<String> ignored = of(Files.readString(STATUS));
        if (ignored.isEmpty()) {
            return List.of();
        }
        List<List<String>> ways = new ArrayList<>();
        ways.add(List.of(tools.env().toString(), "--default-signal=" + String.join(",", ignored)));
        tools.perl().ifPresent(perl -> ways.add(throughPerl(perl, ignored)));
        for (List<String> way : ways) {
            if (works(way, tools.shell())) {
                return way;
            }
        }
        LOG.warn(
                "Steps ignore signals, because this agent was started with them ignored (as with"
                    + " '&' in a script), so a cancel is slow. Start it from a service manager, or"
                    + " install perl or coreutils 8.31. signals={}",
                ignored);
        return List.of();
    }

    /// The names of the signals that `status` (proc_pid_status(5)) calls ignored.
    static List<String> of(String status) {
        long mask =
                status.lines()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .findFirst()
                        .orElse(0);
        return NAMES.entrySet().stream()
                .filter(name -> (mask >> (name.getKey() - 1) & 1) == 1)
                .map(Map.Entry::getValue)
                .toList();
    }

    private static List<String> throughPerl(Path perl, List<String> signals) {
        String reset = "$SIG{$_} = 'DEFAULT' for qw(" + String.join(" ", signals) + ");";
        return List.of(perl.toString(), "-e", reset + " exec { $ARGV[0] } @ARGV or exit 127", "--");
    }

    private static boolean works(List<String> way, Path shell) throws IOException {
        List<String> command = new ArrayList<>(way);
        command.addAll(List.of(shell.toString(), "-c", ":"));
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

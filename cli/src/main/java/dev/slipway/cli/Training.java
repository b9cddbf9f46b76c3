package dev.slipway.cli;

import dev.slipway.cli.terminal.Terminal;

import java.util.List;

/// Types what people type most, in one JVM, for the AOT cache: the classes that are loaded and
/// linked here are ready in the cache, all others are read from their jars (about 0.1 ms each).
/// Called by `bin/slipway-train` in a folder with a small project and a state directory of its own.
final class Training {
    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("--version"),
                    List.of("--help"),
                    List.of("run", "--help"),
                    List.of("lint", ".github/workflows/train.yml"),
                    List.of("plan"),
                    List.of("plan", "--json"),
                    List.of("eval", "format('{0}', 1 == 1)"),
                    List.of("run", "."),
                    List.of("runs"),
                    List.of("show", "1"),
                    List.of("show", "1", "--json"),
                    List.of("logs", "1", "--raw"),
                    List.of("artifacts", "1"),
                    List.of("agents"));

    private Training() {}

    public static void main(String[] arguments) {
        Terminal terminal = Terminal.system();
        for (List<String> command : COMMANDS) {
            int exitCode = Slipway.run(command, terminal);
            terminal.message("training: slipway " + String.join(" ", command) + ": " + exitCode);
        }
        terminal.flush();
        System.exit(0);
    }
}

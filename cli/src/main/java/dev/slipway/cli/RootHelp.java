package dev.slipway.cli;

import dev.slipway.cli.terminal.Paint;
import dev.slipway.cli.terminal.Terminal;

/// What `slipway --help` prints; written by hand so that it loads nothing.
final class RootHelp {
    private RootHelp() {}

    static void print(Terminal terminal) {
        Paint paint = terminal.paint();
        terminal.print("Slipway runs GitHub Actions workflows on your own machines.");
        terminal.print("");
        terminal.print(paint.bold("Usage:") + " slipway [--server HOST:PORT] COMMAND [ARGUMENT…]");
        for (CommandTable.Group group : CommandTable.Group.values()) {
            if (group == CommandTable.Group.HIDDEN) {
                continue;
            }
            terminal.print("");
            terminal.print(paint.bold(group.title() + ":"));
            for (CommandTable entry : CommandTable.values()) {
                if (entry.group() == group) {
                    terminal.print("  %-12s %s".formatted(entry.commandName(), entry.summary()));
                }
            }
        }
        terminal.print("");
        terminal.print(paint.bold("Examples:"));
        terminal.print(
                "  slipway run                       the project in this folder, as for a push");
        terminal.print("  slipway plan --event pull_request  what would run, and why");
        terminal.print("  slipway logs 12 --job test -f     follow one job of run 12");
        terminal.print("");
        terminal.print("`slipway COMMAND --help` says more. SLIPWAY_SERVER names a farm; without");
        terminal.print("one, runs use an embedded farm on this machine.");
    }
}

package dev.slipway.cli.run;

import dev.slipway.cli.run.Submitter.Submitted;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.util.LinkedHashMap;
import java.util.List;

/// Prints the numbers of new runs, and what to type next.
final class SubmittedRuns {
    private final Terminal terminal;
    private final String server;

    /// @param server what to put into hints, see {@link dev.slipway.cli.client.FarmOption#inHint}
    SubmittedRuns(Terminal terminal, String server) {
        this.terminal = terminal;
        this.server = server;
    }

    void print(List<Submitted> runs, boolean json) {
        for (Submitted run : runs) {
            if (json) {
                var fields = new LinkedHashMap<String, Value>();
                fields.put("run", Value.of((double) run.run()));
                fields.put("workflow", Value.of(run.workflow()));
                fields.put("path", Value.of(run.path()));
                terminal.print(Json.compact(Value.object(fields)));
            } else {
                terminal.print(Long.toString(run.run()));
            }
        }
        long first = runs.getFirst().run();
        terminal.hint(
                "slipway logs %s-f %d    follows it; slipway show %s%d    shows it"
                        .formatted(server, first, server, first));
    }
}

package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;

/// `slipway cancel`.
@Command(
        description = {
            "Running steps get SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL; steps with"
                    + " `if: always()` still run."
        },
        footer = {
            "  slipway cancel 12",
            "  slipway cancel 12 --job deploy",
            "  slipway cancel 12 --force              after a cancel that takes too long"
        })
public final class CancelCommand extends FarmCommandBase {
    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @Option(names = "--job", paramLabel = "JOB", description = "Only this job, by key or name.")
    private String job = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Kept with the run.")
    private String reason = "";

    @Option(
            names = "--force",
            description = "Kill at once; steps and jobs with `if: always()` do not run.")
    private boolean force;

    public CancelCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (Farm farm = access.farm()) {
            boolean now =
                    farm.cancel(run, job, reason.isEmpty() ? "asked by a person" : reason, force);
            String what = job.isEmpty() ? "run " + run : "job " + job + " of run " + run;
            terminal.message(
                    now
                            ? "Cancelling " + what + "."
                            : "A cancel of " + what + " had been asked before.");
            terminal.hint(next("show", Long.toString(run)));
            return 0;
        }
    }
}

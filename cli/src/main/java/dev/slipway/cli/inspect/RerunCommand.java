package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.RerunScope;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;

/// `slipway rerun`.
@Command(
        footer = {
            "  slipway rerun 12             all jobs",
            "  slipway rerun 12 --failed    failed, cancelled and timed-out jobs, and what needs"
                    + " them",
            "  slipway rerun 12 --job test  one job, and what needs it"
        })
public final class RerunCommand extends FarmCommandBase {
    /// What runs again; nothing means all.
    static final class Which {
        @Option(names = "--failed", description = "Only what did not succeed.")
        private boolean failed;

        @Option(names = "--job", paramLabel = "JOB", description = "Only this job, by key or name.")
        private String job = "";
    }

    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @ArgGroup private @Nullable Which which;

    public RerunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        Which chosen = which == null ? new Which() : which;
        RerunScope scope =
                chosen.failed
                        ? RerunScope.FAILED
                        : chosen.job.isEmpty() ? RerunScope.ALL : RerunScope.JOB;
        try (Farm farm = access.farm()) {
            int attempt = farm.rerun(run, scope, chosen.job, ports.ids().fresh());
            terminal.message("Run " + run + " runs again (attempt " + attempt + ").");
            terminal.hint(next("logs", "-f " + run) + "    follows it");
            return 0;
        }
    }
}

package dev.slipway.cli.terminal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/// What every command is: options filled in by picocli, then one call that returns the exit code: 0
/// ok, 1 the run failed, 2 usage or invalid workflow, 3 cannot reach the farm, 4 refused.
@Command(
        sortOptions = false,
        sortSynopsis = false,
        usageHelpAutoWidth = true,
        abbreviateSynopsis = true,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nArguments:%n",
        footerHeading = "%nExamples:%n")
public abstract class CliCommand implements Callable<Integer> {
    protected final Terminal terminal;

    @SuppressWarnings("unused") // picocli reads it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    protected CliCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Adds options that are known only at run time, e.g. one per setting.
    public void customize(CommandSpec spec) {
        // Most commands have annotated options only.
    }

    /// Does what the command says.
    ///
    /// @return the exit code
    @Override
    public abstract Integer call() throws Exception;
}

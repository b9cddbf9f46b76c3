package dev.slipway.cli.run;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmOption;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.embedded.StateFolder;
import dev.slipway.cli.project.EventOptions;
import dev.slipway.cli.project.SourceBundle;
import dev.slipway.cli.run.Submitter.Prepared;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `slipway submit`: queues runs and does not wait for them.
@Command(
        description = {
            "PATH is a workflow file, or a project: all its workflows that the event starts.",
            "Without --server the embedded farm goes on in the background until it is idle."
        },
        footer = {
            "  slipway submit --server farm:7433",
            "  slipway submit .github/workflows/ci.yml --event workflow_dispatch --input level=2"
        })
public final class SubmitCommand extends CliCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            defaultValue = ".",
            description = "Workflow file or project folder (default: this folder).")
    private Path path = Path.of(".");

    @Mixin private FarmOption farmOption = new FarmOption();
    @Mixin private EventOptions event = new EventOptions();
    @Mixin private SubmitOptions submit = new SubmitOptions();

    @Option(names = "--json", description = "Print one JSON object a line for each run.")
    private boolean json;

    public SubmitCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Ports ports = Ports.system()) {
            var submitter = new Submitter(terminal, ports);
            StateFolder state = StateFolder.of(terminal);
            Prepared prepared = submitter.prepare(path, event, submit, List.of(state.path()));
            var access = new FarmAccess(farmOption, state, terminal, ports);
            try (SourceBundle bundle = Submitter.pack(prepared);
                    Farm farm = access.farm()) {
                new SubmittedRuns(terminal, farmOption.inHint())
                        .print(submitter.submit(prepared, bundle, farm), json);
            }
            if (prepared.broken().isEmpty()) {
                return 0;
            }
            prepared.sayBroken(terminal);
            return ErrorCode.INVALID_WORKFLOW.exitCode();
        }
    }
}

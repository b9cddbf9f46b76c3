package dev.slipway.cli;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Terminal;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/// `slipway completion`: a script that the shell sources to complete commands and options.
@Command(
        footer = {
            "  source <(slipway completion bash)     in ~/.bashrc",
            "  source <(slipway completion zsh)      in ~/.zshrc"
        })
final class CompletionCommand extends CliCommand {
    /// The shells that a script can be made for.
    enum Shell {
        bash,
        zsh
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    CompletionCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        var root = new CommandLine(CommandSpec.create().name("slipway"));
        for (CommandTable entry : CommandTable.visible()) {
            CommandLine command = Slipway.commandLine(entry, terminal);
            command.getCommandSpec().name(entry.commandName());
            root.addSubcommand(entry.commandName(), command);
        }
        if (shell == Shell.zsh) {
            terminal.print("autoload -U +X compinit && compinit");
            terminal.print("autoload -U +X bashcompinit && bashcompinit");
        }
        terminal.out().print(AutoComplete.bash("slipway", root));
        return 0;
    }
}

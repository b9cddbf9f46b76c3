package dev.slipway.cli.language;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Failures;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.lint.LintFiles;
import dev.slipway.lint.LintFormat;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.WorkflowParser;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// `slipway lint`.
@Command(
        description = {
            "Prints path:line:column: error|warning: message for every problem. Exits with 2 when"
                    + " there is an error, with 0 otherwise."
        },
        footer = {
            "  slipway lint                          the workflows of this project",
            "  slipway lint .github/workflows/*.yml action.yml",
            "  slipway lint --format json ci.yml     one JSON object a line"
        })
public final class LintCommand extends CliCommand {
    private static final int INVALID = 2;
    private static final Path HERE = Path.of(".");
    private static final Path STDIN = Path.of("-");

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description =
                    "Workflow or action files, folders with them, or '-' for stdin (default: the"
                            + " workflows of this project).")
    private List<Path> files = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: text).")
    private LintFormat format = LintFormat.TEXT;

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    public LintCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        LintFormat chosen = json ? LintFormat.JSON : format;
        var linter = new LintFiles();
        int checked = 0;
        int errors = 0;
        int warnings = 0;
        for (Path named : files.isEmpty() ? List.of(HERE) : files) {
            try (Stream<Path> expanded = expand(named)) {
                for (Path file : (Iterable<Path>) expanded::iterator) {
                    List<Problem> problems = lint(linter, file);
                    terminal.out().print(chosen.render(problems));
                    int bad = (int) problems.stream().filter(Problem::isError).count();
                    errors += bad;
                    warnings += problems.size() - bad;
                    checked++;
                }
            }
        }
        if (checked == 0) {
            Failures.say(
                    terminal,
                    "there is no workflow file here (.github/workflows/*.yml); name the files");
            return INVALID;
        }
        if (terminal.errIsTerminal()) {
            terminal.message(
                    "%d %s checked: %d errors, %d warnings"
                            .formatted(checked, checked == 1 ? "file" : "files", errors, warnings));
        }
        return errors > 0 ? INVALID : 0;
    }

    private Stream<Path> expand(Path named) throws IOException {
        if (named.equals(STDIN)) {
            return Stream.of(named);
        }
        return files.isEmpty() ? LintFiles.workflows(named) : LintFiles.expand(named);
    }

    private List<Problem> lint(LintFiles linter, Path file) throws IOException {
        if (!file.equals(STDIN)) {
            return linter.lint(file);
        }
        byte[] source = terminal.in().readNBytes(WorkflowParser.MAX_FILE_BYTES + 1);
        return linter.lint(STDIN.toString(), source);
    }
}

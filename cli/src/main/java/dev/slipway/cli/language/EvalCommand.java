package dev.slipway.cli.language;

import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Failures;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.expression.Evaluation;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.glob.HashFiles;
import dev.slipway.time.SystemClock;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `slipway eval`: one expression, or many as JSON lines.
@Command(
        footer = {
            "  slipway eval \"format('{0}-{1}', 'a', 1)\"",
            "  slipway eval 'github.ref_name' --context context.json",
            "  echo '{\"expr\":\"1 == 1.0\",\"context\":{}}' | slipway eval --batch"
        })
public final class EvalCommand extends CliCommand {
    private static final int INVALID = 2;
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    @Parameters(
            arity = "0..1",
            paramLabel = "EXPR",
            description = "The expression, with or without ${{ }} around it.")
    private @Nullable String expression;

    @Option(
            names = "--context",
            paramLabel = "FILE",
            description = "A JSON object whose keys are the named values that exist.")
    private @Nullable Path context;

    @Option(
            names = "--batch",
            description =
                    "Read lines {\"expr\":…,\"context\":{…}} from stdin and answer each with one"
                            + " line.")
    private boolean batch;

    public EvalCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        var evaluation = new Evaluation(EvalCommand::hashFiles);
        if (batch) {
            if (expression != null || context != null) {
                Failures.say(terminal, "--batch takes expressions and contexts from stdin only");
                return INVALID;
            }
            return answerLines(evaluation);
        }
        if (expression == null) {
            Failures.say(
                    terminal,
                    "an expression is missing; try `slipway eval \"contains('ab', 'a')\"`");
            return INVALID;
        }
        try {
            terminal.print(Evaluation.json(evaluation.evaluate(expression, readContext())));
            return 0;
        } catch (ExpressionException problem) {
            Failures.say(terminal, problem.getMessage());
            return INVALID;
        } catch (IllegalArgumentException notJson) {
            Failures.say(terminal, "'" + context + "' is not JSON: " + notJson.getMessage());
            return INVALID;
        }
    }

    /// Outside of a job the current folder stands for the workspace.
    private static String hashFiles(List<String> patterns) {
        Path here = Path.of("").toAbsolutePath();
        Path home = Path.of(System.getProperty("user.home"));
        try {
            return new HashFiles(here, home, new SystemClock()).hash(patterns);
        } catch (IOException | IllegalArgumentException problem) {
            throw new ExpressionException(
                    "hashFiles cannot hash the files in %s: %s"
                            .formatted(here, problem.getMessage()));
        }
    }

    private Value readContext() throws IOException {
        return context == null ? Value.NULL : Json.parseCaseSensitive(Files.readString(context));
    }

    /// Answers are seen at once by a program that asks one question at a time, and are written in
    /// bulk when many are waiting.
    private int answerLines(Evaluation evaluation) throws IOException {
        var questions =
                new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        questions.mark(1);
        if (questions.read() != BYTE_ORDER_MARK) {
            questions.reset();
        }
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            terminal.print(evaluation.answerLine(line));
            if (!questions.ready() && !terminal.flush()) {
                return 0;
            }
        }
        return 0;
    }
}

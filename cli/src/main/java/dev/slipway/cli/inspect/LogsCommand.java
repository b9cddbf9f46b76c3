package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.LogQuery;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.follow.LogLines;
import dev.slipway.cli.follow.PlainView;
import dev.slipway.cli.follow.RunFollower;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Signals;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// `slipway logs`.
@Command(
        footer = {
            "  slipway logs 12 -f                    follow all jobs",
            "  slipway logs 12 --job test --step 3",
            "  slipway logs 12 --raw > output.txt    what the processes printed, nothing else",
            "  slipway logs 12 --grep 'ERROR|WARN'"
        })
public final class LogsCommand extends FarmCommandBase {
    private static final int INTERRUPTED = 130;

    @Parameters(paramLabel = "RUN", description = "The run's number.")
    private long run;

    @Option(names = "--job", paramLabel = "JOB", description = "Only this job, by key or name.")
    private String job = "";

    @Option(
            names = "--step",
            paramLabel = "STEP",
            description = "Only this step, by number or name.")
    private String step = "";

    @Option(
            names = "--attempt",
            paramLabel = "N",
            defaultValue = "0",
            description = "Only this attempt at a job (default: the latest).")
    private int attempt;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the run has finished.")
    private boolean follow;

    @Option(names = "--grep", paramLabel = "REGEX", description = "Only lines that match.")
    private @Nullable String grep;

    @Option(
            names = "--raw",
            description = "Only what processes printed: jobs in plan order, steps in order.")
    private boolean raw;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public LogsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        Predicate<String> wanted = wanted();
        try (FarmReads farm = access.reads()) {
            if (follow && farm instanceof Farm living && !raw && !json && step.isEmpty()) {
                return followAll(living, ports, wanted);
            }
            var query = new LogQuery(run, job, attempt, step, follow, raw);
            var printer = new LogLines(terminal, farm, run, format());
            try {
                farm.readLog(query, lines -> print(printer, lines, wanted));
            } catch (ReaderGone closed) {
                return 0;
            }
            terminal.flush();
            if (!step.isEmpty() && printer.isEmpty()) {
                requireStep(farm);
            }
            return 0;
        }
    }

    private LogLines.Format format() {
        if (json) {
            return LogLines.Format.JSON;
        }
        return raw ? LogLines.Format.RAW : LogLines.Format.PREFIXED;
    }

    private Predicate<String> wanted() {
        if (grep == null) {
            return _ -> true;
        }
        try {
            return Pattern.compile(grep).asPredicate();
        } catch (PatternSyntaxException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--grep '" + grep + "' is no regular expression: " + wrong.getDescription(),
                    wrong);
        }
    }

    private int followAll(Farm farm, Ports ports, Predicate<String> wanted)
            throws InterruptedException {
        Runnable whenUnread =
                () -> {
                    throw new ReaderGone();
                };
        var view = new PlainView(terminal, ports.clock(), false, wanted, whenUnread);
        try (var follower = new RunFollower(farm, ports, view);
                var _ = Signals.handle("INT", follower::interrupt)) {
            boolean[] stopped = new boolean[1];
            List<RunDetail> details =
                    follower.follow(
                            List.of(run),
                            this::isWanted,
                            _ -> {
                                stopped[0] = true;
                                terminal.message("Stopped following; run " + run + " goes on.");
                                return false;
                            });
            if (stopped[0]) {
                return INTERRUPTED;
            }
            if (details.stream()
                    .flatMap(detail -> detail.jobs().stream())
                    .noneMatch(one -> isWanted(one.key()) || isWanted(one.name()))) {
                throw new SlipwayException(
                        ErrorCode.JOB_NOT_FOUND, "Run " + run + " had no job '" + job + "'.");
            }
            return 0;
        } catch (ReaderGone closed) {
            return 0;
        }
    }

    /// By key or name; the name of a matrix means all its legs, whose keys are `test.0`, `test.1`.
    private boolean isWanted(String name) {
        return job.isEmpty()
                || job.equals(name)
                || (name.startsWith(job + ".")
                        && name.substring(job.length() + 1).chars().allMatch(Character::isDigit));
    }

    /// Nothing was printed: because the step was silent, or because there is none of that name?
    private void requireStep(FarmReads farm) throws InterruptedException {
        boolean exists =
                farm.get(run).jobs().stream()
                        .flatMap(one -> one.attempts().stream())
                        .flatMap(one -> one.steps().stream())
                        .anyMatch(
                                one ->
                                        step.equals(Integer.toString(one.number()))
                                                || step.equals(one.name())
                                                || step.equals(one.id()));
        if (!exists) {
            throw new SlipwayException(
                    ErrorCode.JOB_NOT_FOUND,
                    "Run %d has no step '%s'; `slipway show %s%d` lists them."
                            .formatted(run, step, farmOption.inHint(), run));
        }
    }

    private void print(LogLines printer, List<LogText> lines, Predicate<String> wanted) {
        for (LogText line : lines) {
            if (grep == null || wanted.test(line.text())) {
                printer.print(line);
            }
        }
        if ((follow || terminal.out().checkError()) && !terminal.flush()) {
            throw new ReaderGone();
        }
    }

    /// Whoever read our output (`| head`) has enough.
    private static final class ReaderGone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}

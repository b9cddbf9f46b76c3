package dev.slipway.cli.run;

import dev.slipway.cli.client.Submission;
import dev.slipway.cli.project.SecretsFile;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How runs are to run.
final class SubmitOptions {
    @Option(
            names = "--var",
            paramLabel = "NAME=VALUE",
            description = "A configuration variable (vars.NAME); may be repeated.")
    private Map<String, String> vars = new LinkedHashMap<>();

    @Option(
            names = "--secret",
            paramLabel = "NAME[=VALUE]",
            description =
                    "A secret (secrets.NAME); without a value it is taken from the environment. May"
                            + " be repeated.")
    private List<String> secrets = new ArrayList<>();

    @Option(
            names = "--secrets-file",
            paramLabel = "FILE",
            description = "Secrets as NAME=VALUE lines (dotenv).")
    private @Nullable Path secretsFile;

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "Only this job and what it needs; may be repeated.")
    private List<String> jobs = new ArrayList<>();

    @Option(
            names = "--label",
            paramLabel = "RUNS-ON=LABEL",
            description =
                    "Jobs that say `runs-on: RUNS-ON` need an agent with LABEL; may be repeated.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "-100 to 100; higher goes first (default: 0).")
    private int priority;

    @Option(names = "--debug", description = "Show ::debug:: lines and set RUNNER_DEBUG.")
    private boolean debug;

    Set<String> jobs() {
        return Set.copyOf(jobs);
    }

    /// @param inputs of the event
    Submission.Options read(Terminal terminal, Map<String, String> inputs) throws IOException {
        if (priority < -100 || priority > 100) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--priority " + priority + " is out of range; choose -100 to 100");
        }
        var all = new LinkedHashMap<String, String>();
        if (secretsFile != null) {
            all.putAll(SecretsFile.read(secretsFile));
        }
        for (String secret : secrets) {
            int equals = secret.indexOf('=');
            String name = equals < 0 ? secret : secret.substring(0, equals);
            @Nullable String value =
                    equals < 0 ? terminal.environment().get(name) : secret.substring(equals + 1);
            if (value == null) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        "--secret "
                                + name
                                + " has no value, and there is no environment variable of that"
                                + " name; write --secret "
                                + name
                                + "=VALUE or export it");
            }
            all.put(name, value);
        }
        return new Submission.Options(
                inputs, vars, all, List.copyOf(jobs), labels, priority, debug);
    }
}

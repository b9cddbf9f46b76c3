package dev.slipway.cli.inspect;

import dev.slipway.cli.client.EnvironmentInfo;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.project.Project;
import dev.slipway.cli.project.SecretsFile;
import dev.slipway.cli.report.DeliveryJson;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `slipway environment`.
@Command(
        footer = {
            "  slipway environment production --required-approvals 1 --branch main",
            "  slipway environment production --branch main --branch 'release/*' --one-at-a-time",
            "  slipway environment staging --wait 10m --var REGION=eu --secrets-file staging.env",
            "  slipway environment production --required-approvals 0 --any-branch --no-wait"
        })
public final class EnvironmentCommand extends FarmCommandBase {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smhd])");

    @Parameters(paramLabel = "NAME", description = "The environment.")
    private String name = "";

    @Option(
            names = "--project",
            paramLabel = "NAME",
            description = "Its project (default: that of this folder).")
    private String project = "";

    @Option(
            names = "--required-approvals",
            paramLabel = "N",
            description = "So many people must approve a job: 0 to 6.")
    private @Nullable Integer approvals;

    @Option(names = "--wait", paramLabel = "TIME", description = "Jobs wait: 30s, 10m, 2h, 1d.")
    private @Nullable String wait;

    @Option(names = "--no-wait", description = "Jobs do not wait.")
    private boolean noWait;

    @Option(
            names = "--branch",
            paramLabel = "PATTERN",
            description = "Only these branches may deploy; again for another one.")
    private List<String> branches = List.of();

    @Option(names = "--any-branch", description = "Every ref may deploy.")
    private boolean anyBranch;

    @Option(
            names = "--one-at-a-time",
            negatable = true,
            description = "One job at a time; others wait in line.")
    private @Nullable Boolean oneAtATime;

    @Option(
            names = "--deployed-by",
            paramLabel = "WORKFLOW:JOB",
            description =
                    "This job deploys here although it names no environment, e.g."
                            + " .github/workflows/cd.yml:ship; again for another one.")
    private List<String> deployedBy = List.of();

    @Option(
            names = "--var",
            paramLabel = "NAME=VALUE",
            description = "Jobs see it in `vars`; again for another one.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(names = "--unset-var", paramLabel = "NAME", description = "Forgets a variable.")
    private List<String> removeVariables = List.of();

    @Option(
            names = "--secrets-file",
            paramLabel = "FILE",
            description = "Jobs see these in `secrets`: lines of NAME=VALUE.")
    private @Nullable Path secretsFile;

    @Option(names = "--unset-secret", paramLabel = "NAME", description = "Forgets a secret.")
    private List<String> removeSecrets = List.of();

    @Option(names = "--json", description = "Print the environment as a JSON object.")
    private boolean json;

    public EnvironmentCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        String whose = project.isEmpty() ? Project.at(Path.of(".")).name() : project;
        var changes =
                new EnvironmentInfo.Changes(
                        approvals,
                        noWait ? Duration.ZERO : wait == null ? null : span(wait),
                        anyBranch ? List.of() : branches.isEmpty() ? null : branches,
                        oneAtATime,
                        deployedBy.isEmpty() ? null : deployedBy,
                        variables,
                        removeVariables,
                        secretsFile == null ? Map.of() : SecretsFile.read(secretsFile),
                        removeSecrets);
        try (Farm farm = access.farm()) {
            EnvironmentInfo now = farm.deliveries().configure(whose, name, changes);
            if (json) {
                terminal.print(DeliveryJson.environment(now));
                return 0;
            }
            terminal.print(
                    "%s of %s: protection %s; variables %s; secrets %s"
                            .formatted(
                                    terminal.paint().bold(now.name()),
                                    now.project(),
                                    EnvironmentsCommand.protection(now.rules()),
                                    names(
                                            now.rules().variables().keySet().stream()
                                                    .sorted()
                                                    .toList()),
                                    names(now.rules().secretNames())));
            return 0;
        }
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    private static Duration span(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--wait '" + text + "' is no span of time; write 30s, 10m, 2h or 1d");
        }
        long number = Long.parseLong(span.group(1));
        return switch (span.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}

package dev.slipway.cli.serve;

import dev.slipway.agent.Agent;
import dev.slipway.agent.settings.AgentSettings;
import dev.slipway.agent.settings.ContainerLimits;
import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.embedded.StateFolder;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.cli.terminal.Version;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `slipway agent`.
@Command(
        description = {
            "Every option can also be set by a variable, e.g. SLIPWAY_AGENT_NAME for --name.",
            "SIGTERM drains: no new jobs, those that run may finish within --drain-timeout. A"
                + " second one ends them. Killed in any other way, the steps go on, and an agent"
                + " started again on the same --work goes on with them."
        },
        footer = {
            "  slipway agent --coordinator farm:7433 --slots 4 --label ubuntu-latest",
            "  slipway agent --coordinator a:7433,b:7433 --name builder-3 --work /var/lib/slipway"
        })
public final class AgentCommand extends CliCommand {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(|KiB|MiB|GiB|TiB)");
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

    @Option(
            names = "--coordinator",
            paramLabel = "HOST:PORT[,…]",
            description = "The farm's coordinators (default: 127.0.0.1:7433).")
    private @Nullable String coordinator;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Unique in the farm (default: this machine's name).")
    private @Nullable String name;

    @Option(
            names = "--label",
            paramLabel = "LABEL[,…]",
            split = ",",
            description =
                    "What jobs may ask for in runs-on, besides self-hosted, linux and the"
                            + " architecture; may be repeated.")
    private @Nullable List<String> labels;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "How many jobs run at the same time (default: 1).")
    private @Nullable String slots;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "Where jobs run and their state is kept (default: agent-NAME in the user's"
                            + " state directory).")
    private @Nullable String work;

    @Option(
            names = "--disk-budget",
            paramLabel = "SIZE",
            description =
                    "What workspaces and tools that no job uses may take, e.g. 500MiB, 50GiB; the"
                        + " ones used longest ago go first, and all that were not used for 14 days"
                        + " (default: 50GiB).")
    private @Nullable String diskBudget;

    @Option(
            names = "--disk-reserve",
            paramLabel = "SIZE",
            description =
                    "What stays free on the disk of --work: below, the agent cleans up and takes no"
                            + " jobs (default: 256MiB).")
    private @Nullable String diskReserve;

    @Option(
            names = "--drain-timeout",
            paramLabel = "SPAN",
            description = "How long jobs may go on after SIGTERM, e.g. 90s, 10m (default: 10m).")
    private @Nullable String drainTimeout;

    @Option(
            names = "--container-cpus",
            paramLabel = "N",
            description =
                    "Processors that one container of a job may use, e.g. 1.5 (default: all).")
    private @Nullable String containerCpus;

    @Option(
            names = "--container-memory",
            paramLabel = "SIZE",
            description = "Memory that one container of a job may use, e.g. 2g (default: all).")
    private @Nullable String containerMemory;

    @Option(
            names = "--container-pids",
            paramLabel = "N",
            description =
                    "Processes and threads that one container of a job may have (default: no"
                            + " limit).")
    private @Nullable String containerPids;

    public AgentCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogSetup.toStderr();
        AgentSettings settings = settings();
        try (Agent agent = start(settings);
                var _ = new StopRequests(agent::drain, agent::stopNow)) {
            terminal.print(
                    "slipway agent ready name=%s coordinator=%s slots=%d work=%s"
                            .formatted(
                                    settings.name(),
                                    String.join(",", settings.coordinators()),
                                    settings.slots(),
                                    settings.work()));
            terminal.flush();
            return agent.awaitEnd().map(ErrorCode::exitCode).orElse(0);
        }
    }

    private static Agent start(AgentSettings settings) {
        try {
            return Agent.start(settings, Version.current());
        } catch (IOException unusable) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "the agent cannot start: " + unusable.getMessage(),
                    unusable);
        }
    }

    private AgentSettings settings() {
        String agentName = setting("NAME", name, hostName());
        String standardWork =
                StateFolder.of(terminal).path().resolve("agent-" + agentName).toString();
        List<String> chosenLabels =
                labels != null
                        ? labels
                        : Arrays.stream(setting("LABEL", null, "").split(","))
                                .filter(label -> !label.isBlank())
                                .map(String::strip)
                                .toList();
        List<String> coordinators =
                ServerAddress.parseAll(
                                setting(
                                        "COORDINATOR",
                                        coordinator,
                                        "127.0.0.1:" + ServerAddress.DEFAULT_PORT))
                        .stream()
                        .map(ServerAddress::toString)
                        .toList();
        try {
            return new AgentSettings(
                    coordinators,
                    agentName,
                    chosenLabels,
                    number(setting("SLOTS", slots, Integer.toString(AgentSettings.DEFAULT_SLOTS))),
                    Path.of(setting("WORK", work, standardWork)).toAbsolutePath().normalize(),
                    size(
                            "--disk-budget",
                            setting("DISK_BUDGET", diskBudget, ""),
                            AgentSettings.DEFAULT_DISK_BUDGET),
                    size(
                            "--disk-reserve",
                            setting("DISK_RESERVE", diskReserve, ""),
                            AgentSettings.DEFAULT_DISK_RESERVE),
                    span(setting("DRAIN_TIMEOUT", drainTimeout, "10m")),
                    terminal.environment(),
                    containerLimits());
        } catch (IllegalArgumentException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private ContainerLimits containerLimits() {
        return ContainerLimits.parse(
                setting("CONTAINER_CPUS", containerCpus, ""),
                setting("CONTAINER_MEMORY", containerMemory, ""),
                setting("CONTAINER_PIDS", containerPids, ""));
    }

    /// Flag, else variable, else default.
    private String setting(String key, @Nullable String flag, String standard) {
        return flag != null ? flag : terminal.variable("SLIPWAY_AGENT_" + key).orElse(standard);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
        } catch (IOException unknown) {
            return "agent";
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException wrong) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, "--slots '" + text + "' is not a number", wrong);
        }
    }

    private static long size(String option, String text, long standard) {
        if (text.isEmpty()) {
            return standard;
        }
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s '%s' is no size; write up to six digits and KiB, MiB, GiB or TiB"
                            .formatted(option, text));
        }
        int shift =
                switch (matcher.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    case "TiB" -> 40;
                    default -> 0;
                };
        return Long.parseLong(matcher.group(1)) << shift;
    }

    private static Duration span(String text) {
        Matcher matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--drain-timeout '" + text + "' is no span of time; write 90s, 10m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofSeconds(amount);
        };
    }
}

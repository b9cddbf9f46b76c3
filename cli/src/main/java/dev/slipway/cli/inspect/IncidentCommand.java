package dev.slipway.cli.inspect;

import dev.slipway.cli.client.Deliveries;
import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.client.IncidentInfo;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.DeliveryJson;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// `slipway incident`.
@Command(
        footer = {
            "  slipway incident open production --title 'checkout is slow' --key PD-81",
            "  slipway incident close 3",
            "  slipway incident close --key PD-81",
            "  slipway incident list --open"
        })
public final class IncidentCommand extends FarmCommandBase {
    /// What is done.
    enum Action {
        OPEN,
        CLOSE,
        LIST
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "One of: ${COMPLETION-CANDIDATES}.")
    private Action action = Action.LIST;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "WHAT",
            description = "The environment to open one for, or the number of the one to close.")
    private String what = "";

    @Option(
            names = "--project",
            paramLabel = "NAME",
            description = "The environment's project, when several have such an environment.")
    private String project = "";

    @Option(
            names = "--deployment",
            paramLabel = "N",
            description = "The deployment that caused it (default: the current one).")
    private long deployment;

    @Option(names = "--title", paramLabel = "TEXT", description = "What is wrong.")
    private String title = "";

    @Option(
            names = "--key",
            paramLabel = "TEXT",
            description = "Your own name for it: it is opened once, and closed by it.")
    private String key = "";

    @Option(names = "--open", description = "List only open ones.")
    private boolean openOnly;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public IncidentCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        return switch (action) {
            case OPEN -> open(access);
            case CLOSE -> close(access);
            case LIST -> list(access, ports.clock().now());
        };
    }

    private int open(FarmAccess access) throws IOException, InterruptedException {
        if (what.isBlank()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "which environment? `slipway incident open ENVIRONMENT`");
        }
        try (Farm farm = access.farm()) {
            var filter = new DeliveryReads.Filter(project, what);
            IncidentInfo opened =
                    farm.deliveries()
                            .open(
                                    new Deliveries.NewIncident(
                                            filter, deployment, key, title, who()));
            say(opened, "Incident %d is open for deployment %d to %s.");
            return 0;
        }
    }

    private int close(FarmAccess access) throws IOException, InterruptedException {
        long id = 0;
        if (key.isEmpty()) {
            try {
                id = Long.parseLong(what);
            } catch (NumberFormatException wrong) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        "'%s' is no incident's number; `slipway incident list` lists them"
                                .formatted(what),
                        wrong);
            }
        }
        try (Farm farm = access.farm()) {
            say(farm.deliveries().close(id, key, who()), "Incident %d is closed.");
            return 0;
        }
    }

    private void say(IncidentInfo incident, String text) {
        if (json) {
            terminal.print(DeliveryJson.incident(incident));
        } else {
            terminal.message(
                    text.formatted(incident.id(), incident.deployment(), incident.environment()));
        }
    }

    private int list(FarmAccess access, Instant now) throws IOException, InterruptedException {
        try (FarmReads farm = access.reads()) {
            List<IncidentInfo> all =
                    farm.deliveries()
                            .incidents(new DeliveryReads.Filter(project, what), openOnly, 500);
            if (json) {
                all.forEach(one -> terminal.print(DeliveryJson.incident(one)));
            } else if (all.isEmpty()) {
                terminal.message("No incidents.");
            } else {
                table(all, now).forEach(terminal::print);
            }
            return 0;
        }
    }

    private static List<String> table(List<IncidentInfo> all, Instant now) {
        var table = new Table("ID", "ENVIRONMENT", "DEPLOYMENT", "KEY", "TITLE", "LASTED", "STATE");
        for (IncidentInfo one : all) {
            table.row(
                    Long.toString(one.id()),
                    one.environment(),
                    one.deployment() == 0 ? "-" : Long.toString(one.deployment()),
                    one.key(),
                    one.title(),
                    Durations.between(one.openedAt(), one.closedAt(), now),
                    one.closedAt() == null ? "open" : "closed");
        }
        return table.lines();
    }
}

package dev.slipway.cli.inspect;

import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.DeploymentInfo;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.DeliveryJson;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Paint;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// `slipway deployments`.
@Command(
        footer = {
            "  slipway deployments",
            "  slipway deployments --environment production --limit 5",
            "  slipway deployments --json | jq 'select(.phase == \"rolled-back\")'"
        })
public final class DeploymentsCommand extends FarmCommandBase {
    @Option(names = "--project", paramLabel = "NAME", description = "Only this project's.")
    private String project = "";

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            description = "Only those to this environment.")
    private String environment = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "30",
            description = "At most so many, up to 500 (default: 30).")
    private int limit = 30;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public DeploymentsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        if (limit < 1 || limit > 500) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, "--limit must be 1 to 500, not " + limit);
        }
        try (FarmReads farm = access.reads()) {
            List<DeploymentInfo> all =
                    farm.deliveries()
                            .deployments(new DeliveryReads.Filter(project, environment), limit);
            if (json) {
                all.forEach(one -> terminal.print(DeliveryJson.deployment(one)));
            } else if (all.isEmpty()) {
                terminal.message(
                        (project + environment).isEmpty()
                                ? "No deployments. A job with `environment: NAME` is one."
                                : "No deployment matches; `slipway deployments` lists all.");
            } else {
                table(all, ports.clock().now()).forEach(terminal::print);
                all.stream()
                        .filter(one -> !one.detail().isEmpty())
                        .forEach(one -> terminal.message(why(one)));
            }
            return 0;
        }
    }

    private static String why(DeploymentInfo one) {
        return one.environment() + " " + one.number() + ": " + one.detail();
    }

    private List<String> table(List<DeploymentInfo> all, Instant now) {
        var table =
                new Table(
                        "ENVIRONMENT",
                        "NO",
                        "PHASE",
                        "VERSION",
                        "COMMITS",
                        "RUN",
                        "BY",
                        "TOOK",
                        "STARTED");
        for (DeploymentInfo one : all) {
            table.row(
                    one.environment(),
                    Long.toString(one.number()),
                    phase(one, terminal.paint()),
                    version(one),
                    one.lineage().commitsKnown()
                            ? Integer.toString(one.lineage().commits())
                            : one.lineage().commits() == 0 ? "-" : "?",
                    Long.toString(one.origin().run()),
                    one.origin().actor(),
                    Durations.between(one.times().startedAt(), one.times().finishedAt(), now),
                    Durations.ago(one.times().startedAt(), now));
        }
        return table.lines();
    }

    static String phase(DeploymentInfo one, Paint paint) {
        String back =
                one.lineage().rollbackOf() == 0
                        ? ""
                        : " (takes back " + one.lineage().rollbackOf() + ")";
        return switch (one.phase()) {
            case "succeeded" -> paint.green(one.phase()) + back;
            case "failed", "rolled-back" -> paint.red(one.phase()) + back;
            default -> one.phase() + back;
        };
    }

    static String version(DeploymentInfo one) {
        String version = one.target().version();
        return version.isEmpty() ? one.origin().shortSha() : version;
    }
}

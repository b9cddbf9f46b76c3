package dev.slipway.cli.inspect;

import dev.slipway.cli.client.DeploymentInfo;
import dev.slipway.cli.client.EnvironmentInfo;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.DeliveryJson;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// `slipway environments`.
@Command(footer = {"  slipway environments", "  slipway environments --project acme/shop --json"})
public final class EnvironmentsCommand extends FarmCommandBase {
    @Option(names = "--project", paramLabel = "NAME", description = "Only this project's.")
    private String project = "";

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public EnvironmentsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        try (FarmReads farm = access.reads()) {
            List<EnvironmentInfo> all = farm.deliveries().environments(project);
            if (json) {
                all.forEach(one -> terminal.print(DeliveryJson.environment(one)));
            } else if (all.isEmpty()) {
                terminal.message(
                        "No environments. A job with `environment: NAME` makes one, and so does"
                                + " `slipway environment NAME --project P`.");
            } else {
                table(all, ports.clock().now()).forEach(terminal::print);
            }
            return 0;
        }
    }

    private List<String> table(List<EnvironmentInfo> all, Instant now) {
        var table =
                new Table(
                        "PROJECT",
                        "ENVIRONMENT",
                        "CURRENT",
                        "SINCE",
                        "LATEST",
                        "PROTECTION",
                        "URL");
        for (EnvironmentInfo one : all) {
            @Nullable DeploymentInfo current = one.current();
            @Nullable DeploymentInfo latest = one.latest();
            table.row(
                    one.project(),
                    one.name(),
                    current == null
                            ? "-"
                            : "%d %s"
                                    .formatted(
                                            current.number(), DeploymentsCommand.version(current)),
                    current == null ? "-" : Durations.ago(current.times().finishedAt(), now),
                    latest == null
                            ? "-"
                            : latest.number()
                                    + " "
                                    + DeploymentsCommand.phase(latest, terminal.paint()),
                    protection(one.rules()),
                    current == null ? "" : current.url());
        }
        return table.lines();
    }

    static String protection(EnvironmentInfo.Rules rules) {
        var words = new ArrayList<String>();
        if (rules.approvals() > 0) {
            words.add(rules.approvals() + (rules.approvals() == 1 ? " approval" : " approvals"));
        }
        if (!rules.delay().isZero()) {
            words.add("wait " + Durations.text(rules.delay()));
        }
        if (!rules.branches().isEmpty()) {
            words.add("from " + String.join(" ", rules.branches()));
        }
        if (rules.oneAtATime()) {
            words.add("one at a time");
        }
        return words.isEmpty() ? "-" : String.join(", ", words);
    }
}

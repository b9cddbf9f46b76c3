package dev.slipway.cli.inspect;

import dev.slipway.cli.client.DeliveryReads;
import dev.slipway.cli.client.DoraInfo;
import dev.slipway.cli.client.FarmReads;
import dev.slipway.cli.embedded.FarmAccess;
import dev.slipway.cli.report.DeliveryJson;
import dev.slipway.cli.report.Durations;
import dev.slipway.cli.report.Table;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// `slipway dora`.
@Command(
        footer = {
            "  slipway dora",
            "  slipway dora --environment production --since 90d",
            "  slipway dora --json | jq .change_failure_rate"
        })
public final class DoraCommand extends FarmCommandBase {
    @Option(names = "--project", paramLabel = "NAME", description = "Only this project's.")
    private String project = "";

    @Option(names = "--environment", paramLabel = "NAME", description = "Only this environment.")
    private String environment = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "30d",
            description =
                    "What ended after this: 24h, 30d (ago), 2026-11-24 or 2026-11-24T10:00:00Z"
                            + " (default: 30d).")
    private String since = "30d";

    @Option(names = "--until", paramLabel = "TIME", description = "What ended before this.")
    private @Nullable String until;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    public DoraCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(FarmAccess access, Ports ports) throws IOException, InterruptedException {
        Instant now = ports.clock().now();
        @Nullable Instant from = TimeOption.read("--since", since, now);
        @Nullable Instant end = TimeOption.read("--until", until, now);
        Instant to = end == null ? now : end;
        if (from == null || !from.isBefore(to)) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT, "--since must be before --until and before now");
        }
        try (FarmReads farm = access.reads()) {
            List<DoraInfo> all =
                    farm.deliveries()
                            .dora(new DeliveryReads.Filter(project, environment), from, to);
            if (json) {
                all.forEach(one -> terminal.print(DeliveryJson.dora(one)));
            } else if (all.isEmpty()) {
                terminal.message(
                        "No deployments, so nothing to measure. A job with `environment: NAME` is"
                                + " a deployment.");
            } else {
                table(all).forEach(terminal::print);
            }
            return 0;
        }
    }

    private static List<String> table(List<DoraInfo> all) {
        var table =
                new Table(
                        "PROJECT",
                        "ENVIRONMENT",
                        "DEPLOYMENTS",
                        "PER DAY",
                        "LEAD TIME (P90)",
                        "FAILED",
                        "RESTORE (P90)",
                        "UNRESTORED");
        for (DoraInfo one : all) {
            table.row(
                    one.project(),
                    one.environment(),
                    Integer.toString(one.deployments()),
                    String.format(Locale.ROOT, "%.2f", one.perDay()),
                    spread(one.leadTime()),
                    failed(one),
                    spread(one.restore()),
                    Integer.toString(one.unrestored()));
        }
        return table.lines();
    }

    private static String failed(DoraInfo one) {
        return one.changes() == 0
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.0f%% (%d of %d)",
                        100.0 * one.failedChanges() / one.changes(),
                        one.failedChanges(),
                        one.changes());
    }

    private static String spread(DoraInfo.@Nullable Spread spread) {
        return spread == null
                ? "-"
                : Durations.text(spread.median()) + " (" + Durations.text(spread.p90()) + ")";
    }
}

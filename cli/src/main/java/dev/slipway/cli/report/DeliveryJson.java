package dev.slipway.cli.report;

import dev.slipway.cli.client.DeploymentInfo;
import dev.slipway.cli.client.DoraInfo;
import dev.slipway.cli.client.EnvironmentInfo;
import dev.slipway.cli.client.IncidentInfo;
import dev.slipway.expression.Value;

import org.jspecify.annotations.Nullable;

/// What `--json` prints of environments and deployments, by the rules of {@link RunJson}.
public final class DeliveryJson {
    private DeliveryJson() {}

    public static String deployment(DeploymentInfo one) {
        return fields(one).line();
    }

    private static Fields fields(DeploymentInfo one) {
        return new Fields()
                .text("project", one.project())
                .text("environment", one.environment())
                .number("number", one.number())
                .text("phase", one.phase())
                .number("run", one.origin().run())
                .number("run_attempt", one.origin().runAttempt())
                .text("job", one.origin().job())
                .optional("step", one.origin().step())
                .text("workflow", one.origin().workflowPath())
                .text("event", one.origin().event())
                .text("sha", one.origin().sha())
                .text("ref", one.origin().ref())
                .text("actor", one.origin().actor())
                .optional("target_kind", one.target().kind())
                .optional("target", one.target().name())
                .optional("version", one.target().version())
                .optional("running_version", one.target().running())
                .time("started_at", one.times().startedAt())
                .time("changing_since", one.times().changingSince())
                .time("unhealthy_since", one.times().unhealthySince())
                .time("finished_at", one.times().finishedAt())
                .optional("detail", one.detail())
                .optional("cause", one.cause())
                .optional("url", one.url())
                .value("replaces", number(one.lineage().replaces()))
                .optional("good_version", one.lineage().goodVersion())
                .value("rollback_of", number(one.lineage().rollbackOf()))
                .number("commits", one.lineage().commits())
                .flag("commits_known", one.lineage().commitsKnown());
    }

    private static Value number(long number) {
        return number == 0 ? Value.NULL : Value.of((double) number);
    }

    public static String environment(EnvironmentInfo one) {
        return new Fields()
                .text("project", one.project())
                .text("environment", one.name())
                .value("current", orNull(one.current()))
                .value("latest", orNull(one.latest()))
                .number("required_approvals", one.rules().approvals())
                .seconds("wait", one.rules().delay())
                .list("branches", one.rules().branches(), Value::of)
                .flag("one_at_a_time", one.rules().oneAtATime())
                .list("deployed_by", one.rules().deployedBy(), Value::of)
                .map("variables", one.rules().variables())
                .list("secrets", one.rules().secretNames(), Value::of)
                .line();
    }

    private static Value orNull(@Nullable DeploymentInfo one) {
        return one == null ? Value.NULL : fields(one).build();
    }

    public static String dora(DoraInfo one) {
        return new Fields()
                .text("project", one.project())
                .text("environment", one.environment())
                .time("from", one.from())
                .time("to", one.to())
                .number("deployments", one.deployments())
                .value("deployments_per_day", Value.of(one.perDay()))
                .value("lead_time", spread(one.leadTime()))
                .number("changes", one.changes())
                .number("failed_changes", one.failedChanges())
                .value(
                        "change_failure_rate",
                        one.changes() == 0
                                ? Value.NULL
                                : Value.of((double) one.failedChanges() / one.changes()))
                .value("time_to_restore", spread(one.restore()))
                .number("unrestored", one.unrestored())
                .line();
    }

    private static Value spread(DoraInfo.@Nullable Spread spread) {
        return spread == null
                ? Value.NULL
                : new Fields()
                        .number("count", spread.count())
                        .seconds("median", spread.median())
                        .seconds("p90", spread.p90())
                        .build();
    }

    public static String incident(IncidentInfo one) {
        return new Fields()
                .number("id", one.id())
                .text("project", one.project())
                .text("environment", one.environment())
                .value("deployment", number(one.deployment()))
                .optional("key", one.key())
                .text("title", one.title())
                .text("opened_by", one.openedBy())
                .time("opened_at", one.openedAt())
                .time("closed_at", one.closedAt())
                .optional("closed_by", one.closedBy())
                .line();
    }
}

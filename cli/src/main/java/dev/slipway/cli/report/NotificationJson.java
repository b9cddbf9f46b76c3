package dev.slipway.cli.report;

import dev.slipway.cli.client.Notifications.Owed;
import dev.slipway.cli.client.Notifications.Rule;
import dev.slipway.expression.Value;

/// What `--json` prints of notification rules and what they owe, by the rules of {@link RunJson}.
public final class NotificationJson {
    private NotificationJson() {}

    public static String rule(Rule rule) {
        return new Fields()
                .text("name", rule.name())
                .list("on", rule.on(), Value::of)
                .list("projects", rule.where().projects(), Value::of)
                .list("workflows", rule.where().workflows(), Value::of)
                .list("branches", rule.where().branches(), Value::of)
                .list("environments", rule.where().environments(), Value::of)
                .text("destination", rule.destination())
                .list("secrets", rule.secretNames(), Value::of)
                .number("dropped", rule.dropped())
                .line();
    }

    public static String owed(Owed one) {
        return new Fields()
                .number("id", one.id())
                .text("rule", one.rule())
                .text("occasion", one.occasion())
                .text("title", one.title())
                .time("at", one.at())
                .number("tries", one.tries())
                .flag("dead", one.dead())
                .optional("problem", one.problem())
                .line();
    }
}

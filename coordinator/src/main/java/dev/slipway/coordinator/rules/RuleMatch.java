package dev.slipway.coordinator.rules;

import dev.slipway.coordinator.model.Notification.Subject;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.NotificationRule.Where;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.planning.NameFilter;

import java.util.List;

/// Whether a rule is about something.
public final class RuleMatch {
    private RuleMatch() {}

    public static boolean concerns(NotificationRule rule, Occasion occasion, Subject subject) {
        Where where = rule.where();
        return rule.on().contains(occasion)
                && selects(where.projects(), subject.project())
                && selects(where.workflows(), subject.workflow())
                && selects(where.branches(), subject.branch())
                && selects(where.environments(), subject.environment());
    }

    /// @throws IllegalArgumentException when a pattern cannot be read
    public static void check(List<String> patterns) {
        new NameFilter(patterns);
    }

    private static boolean selects(List<String> patterns, String name) {
        return patterns.isEmpty() || !name.isEmpty() && new NameFilter(patterns).selects(name);
    }
}

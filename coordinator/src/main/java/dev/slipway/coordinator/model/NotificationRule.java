package dev.slipway.coordinator.model;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/// Whom the farm tells of what. Patterns are those of `on.push.branches`; an empty list takes all.
///
/// @param name unique in the farm
/// @param on what it tells of; not empty
/// @param where what it is about
/// @param settings of the destination, as far as they are no secrets
/// @param secrets of the destination; ciphertext, sealed for {@link #owner}
public record NotificationRule(
        String name,
        Set<Occasion> on,
        Where where,
        Channel channel,
        SortedMap<String, String> settings,
        SealedSecrets secrets) {
    /// How many rules a farm can have.
    public static final int MAX_RULES = 100;

    public NotificationRule {
        on = Collections.unmodifiableSet(new TreeSet<>(on));
        settings = RunSpec.sorted(settings);
    }

    /// @param branches see {@link Notification.Subject#branch}
    /// @param environments with any pattern here it is about deployments only
    public record Where(
            List<String> projects,
            List<String> workflows,
            List<String> branches,
            List<String> environments) {
        public static final Where ANYWHERE = new Where(List.of(), List.of(), List.of(), List.of());

        public Where {
            projects = List.copyOf(projects);
            workflows = List.copyOf(workflows);
            branches = List.copyOf(branches);
            environments = List.copyOf(environments);
        }
    }

    /// Whose secrets they are, for whoever seals and opens them.
    public String owner() {
        return "notification/" + name;
    }
}

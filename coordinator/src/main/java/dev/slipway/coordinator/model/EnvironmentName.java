package dev.slipway.coordinator.model;

import java.util.Comparator;
import java.util.Locale;

/// What an environment is found by. Environments belong to projects; upper and lower case are the
/// same, as on GitHub.
///
/// @param name in lower case
public record EnvironmentName(String project, String name) implements Comparable<EnvironmentName> {
    /// As GitHub has it.
    public static final int MAX_LENGTH = 255;

    private static final Comparator<EnvironmentName> ORDER =
            Comparator.comparing(EnvironmentName::project).thenComparing(EnvironmentName::name);

    /// @param label as somebody wrote it
    public static EnvironmentName of(String project, String label) {
        return new EnvironmentName(project, label.strip().toLowerCase(Locale.ROOT));
    }

    @Override
    public int compareTo(EnvironmentName other) {
        return ORDER.compare(this, other);
    }
}

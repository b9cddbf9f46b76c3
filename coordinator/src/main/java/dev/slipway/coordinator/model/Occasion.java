package dev.slipway.coordinator.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a notification rule can be about. The numbers are stored and never change.
public enum Occasion {
    /// A run failed.
    FAILURE(1),
    /// The first run that succeeded after one that failed: same project, workflow and branch.
    RECOVERY(2),
    /// A deployment got its number.
    DEPLOYMENT_STARTED(3),
    DEPLOYMENT_SUCCEEDED(4),
    DEPLOYMENT_FAILED(5),
    DEPLOYMENT_ROLLED_BACK(6);

    private final int number;

    Occasion(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// As people write it: `deployment-failed`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean ofDeployment() {
        return number >= DEPLOYMENT_STARTED.number;
    }

    /// @throws IllegalArgumentException for a number that no occasion has
    public static Occasion of(int number) {
        for (Occasion occasion : values()) {
            if (occasion.number == number) {
                return occasion;
            }
        }
        throw new IllegalArgumentException("no occasion has the number " + number);
    }

    /// @throws IllegalArgumentException for a label that no occasion has
    public static Occasion of(String label) {
        for (Occasion occasion : values()) {
            if (occasion.label().equals(label)) {
                return occasion;
            }
        }
        throw new IllegalArgumentException(
                "'%s' is no occasion; these are: %s"
                        .formatted(
                                label,
                                Arrays.stream(values())
                                        .map(Occasion::label)
                                        .collect(Collectors.joining(", "))));
    }
}

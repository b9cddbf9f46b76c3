package dev.slipway.workflow;

import java.util.Locale;

/// How bad a {@link Problem} is: an error stops the workflow from running, a warning does not.
public enum Severity {
    ERROR,
    WARNING;

    /// The word that people and scripts read: `error` or `warning`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

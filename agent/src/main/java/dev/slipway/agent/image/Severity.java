package dev.slipway.agent.image;

import java.util.Locale;
import java.util.Optional;

/// How bad a finding is, from the least.
public enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    private static final double CRITICAL_FROM = 9;
    private static final double HIGH_FROM = 7;
    private static final double MEDIUM_FROM = 4;

    /// @param score CVSS, as in the property `security-severity`; bounds as GitHub's code scanning
    static Severity ofScore(double score) {
        if (score >= CRITICAL_FROM) {
            return CRITICAL;
        }
        if (score >= HIGH_FROM) {
            return HIGH;
        }
        return score >= MEDIUM_FROM ? MEDIUM : LOW;
    }

    /// @param level SARIF's `error`, `warning`, `note`; empty for `none`
    static Optional<Severity> ofLevel(String level) {
        return switch (level) {
            case "error" -> Optional.of(HIGH);
            case "warning" -> Optional.of(MEDIUM);
            case "note" -> Optional.of(LOW);
            default -> Optional.empty();
        };
    }

    /// @param word `low`, `medium`, `high` or `critical`
    public static Optional<Severity> of(String word) {
        for (Severity severity : values()) {
            if (severity.word().equals(word)) {
                return Optional.of(severity);
            }
        }
        return Optional.empty();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.slipway.agent.image;

/// What a scanner has found.
///
/// @param rule its name: `CVE-2026-1234`
/// @param place `file` or `file:line`; empty when the scanner names none
/// @param text in the scanner's words
public record Finding(Severity severity, String rule, String place, String text) {
    /// One line for people.
    public String line() {
        String first = text.lines().findFirst().orElse("");
        return severity.word()
                + ": "
                + rule
                + (place.isEmpty() ? "" : " in " + place)
                + ": "
                + first;
    }
}

package dev.slipway.agent.image;

import dev.slipway.agent.output.Annotation.Place;

/// What a scanner has found.
///
/// @param rule its name: `CVE-2026-1234`
/// @param text in the scanner's words
public record Finding(Severity severity, String rule, Place place, String text) {
    /// One line for people.
    public String line() {
        String first = text.lines().findFirst().orElse("");
        return severity.word()
                + ": "
                + rule
                + (place.file().isEmpty() ? "" : " in " + where())
                + ": "
                + first;
    }

    private String where() {
        return place.line() < 1 ? place.file() : place.file() + ":" + place.line();
    }
}

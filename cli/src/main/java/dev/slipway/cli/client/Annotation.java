package dev.slipway.cli.client;

/// A message that a step attached to a place in the code.
///
/// @param level `notice`, `warning` or `error`
/// @param line from 1; 0 when unknown, like the other places
public record Annotation(
        String level,
        String message,
        String title,
        String file,
        int line,
        int endLine,
        int column,
        int endColumn,
        int step) {
    /// `file:line`, `file`, or empty.
    public String place() {
        return line > 0 ? file + ":" + line : file;
    }
}

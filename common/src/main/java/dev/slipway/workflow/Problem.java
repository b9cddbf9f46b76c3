package dev.slipway.workflow;

/// One thing that is wrong with a workflow or action file, and where.
///
/// @param path the file as the caller named it
/// @param line the line, from 1
/// @param column the column, from 1
/// @param severity error or warning
/// @param message what is wrong and, where known, what to write instead
public record Problem(String path, int line, int column, Severity severity, String message) {

    /// An error at a position.
    public static Problem error(String path, Position at, String message) {
        return new Problem(path, at.line(), at.column(), Severity.ERROR, message);
    }

    /// A warning at a position.
    public static Problem warning(String path, Position at, String message) {
        return new Problem(path, at.line(), at.column(), Severity.WARNING, message);
    }

    /// The problem's place.
    public Position position() {
        return new Position(line, column);
    }

    /// Whether this problem stops the workflow from running.
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /// The one-line form that compilers use: `path:line:column: error: message`.
    @Override
    public String toString() {
        return path + ":" + line + ":" + column + ": " + severity.label() + ": " + message;
    }
}

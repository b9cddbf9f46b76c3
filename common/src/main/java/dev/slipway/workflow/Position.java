package dev.slipway.workflow;

/// A place in a source file. Lines and columns count from 1; columns count characters.
///
/// @param line the line, from 1
/// @param column the column, from 1
public record Position(int line, int column) implements Comparable<Position> {

    /// The first character of a file; used for problems of the file as a whole.
    public static final Position START = new Position(1, 1);

    @Override
    public int compareTo(Position other) {
        return line != other.line
                ? Integer.compare(line, other.line)
                : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}

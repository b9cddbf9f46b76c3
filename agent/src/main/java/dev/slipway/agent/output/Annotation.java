package dev.slipway.agent.output;

import java.util.Locale;

/// A message about a place in the code, masked.
///
/// @param title empty when there is none
public record Annotation(CommandId id, Level level, String message, String title, Place place) {

    /// How bad it is.
    public enum Level {
        ERROR,
        WARNING,
        NOTICE;

        /// `error`, `warning`, `notice`: as workflow commands and the log say it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A range in a file, relative to the checkout if it is in one; zeros and the empty text stand
    /// for what is not known.
    public record Place(String file, int line, int endLine, int column, int endColumn) {
        public static final Place NONE = new Place("", 0, 0, 0, 0);

        /// The same range in another file.
        Place in(String other) {
            return new Place(other, line, endLine, column, endColumn);
        }
    }
}

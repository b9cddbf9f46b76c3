package dev.slipway.coordinator.model;

/// A message that a step attached to a place in the code.
///
/// @param id `STEP:RAW_OFFSET:N`, stable over resends and restarts
/// @param level how bad
/// @param message masked
/// @param title may be empty
/// @param file may be empty
/// @param line 0 when not said; so are the next three
/// @param step the step's number
public record Annotation(
        String id,
        Level level,
        String message,
        String title,
        String file,
        int line,
        int endLine,
        int column,
        int endColumn,
        int step) {
    /// How bad. The numbers are stored and equal those of the API; they never change.
    public enum Level {
        NOTICE(1),
        WARNING(2),
        ERROR(3);

        private final int number;

        Level(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        /// @throws IllegalArgumentException for a number that no level has
        public static Level of(int number) {
            for (Level level : values()) {
                if (level.number == number) {
                    return level;
                }
            }
            throw new IllegalArgumentException("no annotation level has the number " + number);
        }
    }
}

package dev.slipway.coordinator.logs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.AttemptId;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A place in what a reader reads; a text that readers pass back to go on.
public sealed interface LogCursor {
    /// Where reading begins.
    Planned START = new Planned(new StepKey(AttemptId.parse("1/1/1"), 0), 0, 0);

    /// In plan order: jobs, attempts and steps one after the other.
    ///
    /// @param index of the next chunk of the step
    /// @param line how many lines of that chunk have been read
    record Planned(StepKey step, long index, int line) implements LogCursor {
        @Override
        public String toString() {
            return "p:%s#%d#%d".formatted(step, index, line);
        }
    }

    /// In the order of arrival, as followers read.
    ///
    /// @param sequence everything up to this has been read
    /// @param line how many lines of the next chunk have been read
    record Arrived(long sequence, int line) implements LogCursor {
        @Override
        public String toString() {
            return "a:%d#%d".formatted(sequence, line);
        }
    }

    /// @throws SlipwayException when no reader can have given this text
    static LogCursor parse(String text) {
        Matcher planned = Patterns.PLANNED.matcher(text);
        Matcher arrived = Patterns.ARRIVED.matcher(text);
        try {
            if (planned.matches()) {
                var step =
                        new StepKey(
                                AttemptId.parse(planned.group(1)),
                                Integer.parseInt(planned.group(2)));
                return new Planned(
                        step, Long.parseLong(planned.group(3)), Integer.parseInt(planned.group(4)));
            }
            if (arrived.matches()) {
                return new Arrived(
                        Long.parseLong(arrived.group(1)), Integer.parseInt(arrived.group(2)));
            }
        } catch (IllegalArgumentException wrong) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static SlipwayException invalid(String text) {
        return new SlipwayException(
                ErrorCode.INVALID_ARGUMENT,
                "'%s' is no log cursor. Pass the cursor of an earlier answer, or none."
                        .formatted(text));
    }

    /// The forms that cursors take.
    final class Patterns {
        private static final Pattern PLANNED =
                Pattern.compile(
                        "p:(\\d{1,18}/\\d{1,9}/\\d{1,9})#(\\d{1,9})#(\\d{1,18})#(\\d{1,9})");
        private static final Pattern ARRIVED = Pattern.compile("a:(\\d{1,18})#(\\d{1,9})");

        private Patterns() {}
    }
}

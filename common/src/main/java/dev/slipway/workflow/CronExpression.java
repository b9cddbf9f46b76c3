package dev.slipway.workflow;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Checks a cron line of `on.schedule`: POSIX cron with five fields, names for months and days.
final class CronExpression {

    private record Field(String name, int min, int max, List<String> names) {}

    private static final List<Field> FIELDS =
            List.of(
                    new Field("minute", 0, 59, List.of()),
                    new Field("hour", 0, 23, List.of()),
                    new Field("day of month", 1, 31, List.of()),
                    new Field(
                            "month",
                            1,
                            12,
                            List.of(
                                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
                                    "oct", "nov", "dec")),
                    new Field(
                            "day of week",
                            0,
                            6,
                            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

    private CronExpression() {}

    /// What is wrong with a cron line, if anything is.
    static Optional<String> problem(String line) {
        if (line.strip().startsWith("@")) {
            return Optional.of(
                    "shortcuts such as '@daily' are not supported; write five fields,"
                            + " for example '0 0 * * *'");
        }
        String[] parts = line.strip().split("\\s+");
        if (parts.length != FIELDS.size()) {
            return Optional.of(
                    "it has "
                            + parts.length
                            + " fields, but needs 5: minute hour"
                            + " day-of-month month day-of-week");
        }
        for (int i = 0; i < parts.length; i++) {
            Optional<String> problem = fieldProblem(parts[i], FIELDS.get(i));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    /// Whether a valid line starts two runs less than five minutes apart within an hour.
    static boolean isTooFrequent(String line) {
        if (problem(line).isPresent()) {
            return false;
        }
        BitSet minutes = new BitSet(60);
        for (String part : line.strip().split("\\s+")[0].split(",", -1)) {
            String[] steps = part.split("/", -1);
            String[] ends = steps[0].split("-", -1);
            boolean all = steps[0].equals("*");
            int from = all ? 0 : Integer.parseInt(ends[0]);
            boolean open = all || (ends.length == 1 && steps.length == 2);
            int to = open ? 59 : Integer.parseInt(ends[ends.length - 1]);
            int step = steps.length == 2 ? Integer.parseInt(steps[1]) : 1;
            for (int minute = from; minute <= to; minute += step) {
                minutes.set(minute);
            }
        }
        int previous = -5;
        for (int m = minutes.nextSetBit(0); m >= 0; m = minutes.nextSetBit(m + 1)) {
            if (m - previous < 5) {
                return true;
            }
            previous = m;
        }
        return false;
    }

    private static Optional<String> fieldProblem(String text, Field field) {
        for (String part : text.split(",", -1)) {
            String[] steps = part.split("/", -1);
            if (steps.length > 2) {
                return bad(part, field, "it has more than one '/'");
            }
            if (steps.length == 2) {
                Optional<Integer> step = integer(steps[1]);
                if (step.isEmpty() || step.get() < 1 || step.get() > field.max()) {
                    return bad(
                            part,
                            field,
                            "the step after '/' must be a number from 1 to " + field.max());
                }
            }
            if (!steps[0].equals("*")) {
                Optional<String> problem = rangeProblem(steps[0], part, field);
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> rangeProblem(String range, String part, Field field) {
        String[] ends = range.split("-", -1);
        if (ends.length > 2) {
            return bad(part, field, "a range has two ends, as in '1-5'");
        }
        int previous = Integer.MIN_VALUE;
        for (String end : ends) {
            Optional<Integer> value = value(end, field);
            if (value.isEmpty() || value.get() < field.min() || value.get() > field.max()) {
                String names =
                        field.names().isEmpty()
                                ? ""
                                : " or a name such as "
                                        + field.names().getFirst().toUpperCase(Locale.ROOT);
                return bad(
                        part,
                        field,
                        "'"
                                + end
                                + "' is not a number from "
                                + field.min()
                                + " to "
                                + field.max()
                                + names);
            }
            if (value.get() < previous) {
                return bad(part, field, "the range runs backwards");
            }
            previous = value.get();
        }
        return Optional.empty();
    }

    private static Optional<String> bad(String part, Field field, String reason) {
        return Optional.of("'" + part + "' in the field '" + field.name() + "': " + reason);
    }

    private static Optional<Integer> value(String text, Field field) {
        int named = field.names().indexOf(text.toLowerCase(Locale.ROOT));
        return named >= 0 ? Optional.of(named + field.min()) : integer(text);
    }

    private static Optional<Integer> integer(String text) {
        return text.matches("[0-9]{1,4}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}

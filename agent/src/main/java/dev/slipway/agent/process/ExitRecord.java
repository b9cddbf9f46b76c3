package dev.slipway.agent.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a supervisor wrote at the end.
public sealed interface ExitRecord {
    /// @param code 0 to 255
    record Ended(int code) implements ExitRecord {}

    record LeaseLost() implements ExitRecord {}

    record NotStarted(String reason) implements ExitRecord {}

    /// Empty or malformed: nothing may be concluded from it.
    record Torn(String content) implements ExitRecord {}

    /// Reads the content of an exit file, `slipway-exit 1 ` and then one of `exited CODE`,
    /// `lease-lost`, `not-started REASON`.
    static ExitRecord parse(String content) {
        Matcher matcher = Syntax.LINE.matcher(content);
        if (!matcher.matches()) {
            return new Torn(content);
        }
        if (matcher.group("code") != null) {
            int code = Integer.parseInt(matcher.group("code"));
            return code <= 255 ? new Ended(code) : new Torn(content);
        }
        String reason = matcher.group("reason");
        return reason != null ? new NotStarted(reason) : new LeaseLost();
    }

    /// The content that {@link #parse} reads as a process that never started.
    static String notStarted(String reason) {
        return "slipway-exit 1 not-started " + reason.replace('\n', ' ') + "\n";
    }

    /// Holds the pattern, because fields of an interface are public.
    final class Syntax {
        private static final Pattern LINE =
                Pattern.compile(
                        "slipway-exit 1 (exited (?<code>[0-9]{1,3})|lease-lost"
                                + "|not-started (?<reason>[^\n]+))\n");

        private Syntax() {}
    }
}

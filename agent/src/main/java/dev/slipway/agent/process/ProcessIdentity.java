package dev.slipway.agent.process;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One process of one boot. A pid alone is not an identity, since pids are used again.
///
/// @param startTicks when the process started, in clock ticks since the boot
public record ProcessIdentity(String bootId, int pid, long startTicks) {
    private static final Pattern LINE =
            Pattern.compile("([0-9a-f-]{36}) ([1-9][0-9]{0,9}) ([0-9]{1,18})\n");

    /// Reads the line that a supervisor writes; empty when it is missing, torn or foreign.
    static Optional<ProcessIdentity> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new ProcessIdentity(
                        matcher.group(1),
                        Integer.parseInt(matcher.group(2)),
                        Long.parseLong(matcher.group(3))));
    }
}

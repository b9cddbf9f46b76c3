package dev.slipway.agent.process;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The last word of a pump.
///
/// @param total how many bytes were recorded, if the pump could still say
/// @param loss why output after them was not recorded, if that was not meant to be
public record OutputEnd(OptionalLong total, Optional<String> loss) {
    private static final Pattern LINE =
            Pattern.compile("(?<total>[0-9]{1,18}|\\?) (end|closed|lost (?<loss>[^\n]*))\n");

    /// Reads `TOTAL end`, `TOTAL closed` (background children still held the pipe) or `TOTAL lost
    /// REASON`; empty while the line is not complete.
    static Optional<OutputEnd> parse(String content) {
        Matcher matcher = LINE.matcher(content);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String total = matcher.group("total");
        return Optional.of(
                new OutputEnd(
                        total.equals("?")
                                ? OptionalLong.empty()
                                : OptionalLong.of(Long.parseLong(total)),
                        Optional.ofNullable(matcher.group("loss"))));
    }
}

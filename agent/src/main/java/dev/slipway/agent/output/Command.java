package dev.slipway.agent.output;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A workflow command as it stands in a line: `::name key=value,…::data`, or the older `##[name
/// key=value;…]data`.
///
/// @param name in lower case
/// @param properties by lower-case key; those with empty values are left out
/// @param data unescaped
record Command(String name, Map<String, String> properties, String data) {
    private static final String V2 = "::";
    private static final String V1 = "##[";

    /// The commands that there are; any other name makes a line plain output.
    static final Set<String> NAMES =
            Set.of(
                    "group",
                    "endgroup",
                    "error",
                    "warning",
                    "notice",
                    "debug",
                    "add-mask",
                    "stop-commands",
                    "echo",
                    "add-matcher",
                    "remove-matcher",
                    "set-output",
                    "save-state",
                    "set-env",
                    "add-path");

    Command {
        properties = Map.copyOf(properties);
    }

    /// A property, empty when it is missing.
    String property(String key) {
        return properties.getOrDefault(key, "");
    }

    /// Finds the command in a line.
    ///
    /// @param stopToken the word that resumes stopped commands; it counts as a name (empty: none)
    static Optional<Command> parse(String line, String stopToken) {
        Optional<Command> command = parseV2(line, stopToken);
        return command.isPresent() ? command : parseV1(line, stopToken);
    }

    private static Optional<Command> parseV2(String line, String stopToken) {
        String trimmed = line.stripLeading();
        if (!trimmed.startsWith(V2)) {
            return Optional.empty();
        }
        int end = trimmed.indexOf(V2, V2.length());
        if (end < 0) {
            return Optional.empty();
        }
        String info = trimmed.substring(V2.length(), end);
        String data = trimmed.substring(end + V2.length());
        return name(info, stopToken)
                .map(
                        name ->
                                new Command(
                                        name,
                                        properties(info, ",", Command::unescapeProperty),
                                        unescapeData(data)));
    }

    private static Optional<Command> parseV1(String line, String stopToken) {
        int start = line.indexOf(V1);
        int end = start < 0 ? -1 : line.indexOf(']', start);
        if (end < 0) {
            return Optional.empty();
        }
        String info = line.substring(start + V1.length(), end);
        String data = line.substring(end + 1);
        return name(info, stopToken)
                .map(
                        name ->
                                new Command(
                                        name,
                                        properties(info, ";", Command::unescapeV1),
                                        unescapeV1(data)));
    }

    private static Optional<String> name(String info, String stopToken) {
        int space = info.indexOf(' ');
        String name = (space < 0 ? info : info.substring(0, space)).toLowerCase(Locale.ROOT);
        boolean isKnown =
                NAMES.contains(name)
                        || (!stopToken.isEmpty()
                                && name.equals(stopToken.toLowerCase(Locale.ROOT)));
        return isKnown ? Optional.of(name) : Optional.empty();
    }

    private static Map<String, String> properties(
            String info, String separator, java.util.function.UnaryOperator<String> unescape) {
        int space = info.indexOf(' ');
        if (space < 0) {
            return Map.of();
        }
        var properties = new LinkedHashMap<String, String>();
        for (String pair : info.substring(space + 1).strip().split(separator)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals + 1 < pair.length()) {
                String key = pair.substring(0, equals).toLowerCase(Locale.ROOT);
                properties.put(key, unescape.apply(pair.substring(equals + 1)));
            }
        }
        return properties;
    }

    private static String unescapeData(String text) {
        return text.indexOf('%') < 0
                ? text
                : text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    }

    private static String unescapeProperty(String text) {
        return text.indexOf('%') < 0
                ? text
                : text.replace("%0D", "\r")
                        .replace("%0A", "\n")
                        .replace("%3A", ":")
                        .replace("%2C", ",")
                        .replace("%25", "%");
    }

    private static String unescapeV1(String text) {
        return text.indexOf('%') < 0
                ? text
                : text.replace("%3B", ";")
                        .replace("%0D", "\r")
                        .replace("%0A", "\n")
                        .replace("%5D", "]")
                        .replace("%25", "%");
    }
}

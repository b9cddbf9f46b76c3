package dev.slipway.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what `slipway members --json` prints: one object a line.
final class MembersJson {
    private static final Pattern OBJECT = Pattern.compile("\\{[^{}]*\\}");

    private MembersJson() {}

    /// The address of the member that leads; empty when none does.
    static String leader(String json) {
        return objects(json).stream()
                .filter(member -> leads(member))
                .map(member -> Farm.field(member, "address"))
                .findFirst()
                .orElse("");
    }

    /// How far each member has applied the log of decisions.
    static List<Long> positions(String json) {
        return objects(json).stream().map(member -> number(member, "position")).toList();
    }

    /// The epoch that the leader states; 0 without one.
    static long epoch(String json) {
        return objects(json).stream()
                .filter(member -> leads(member))
                .mapToLong(member -> number(member, "epoch"))
                .findFirst()
                .orElse(0);
    }

    private static boolean leads(String member) {
        return member.matches(".*\"leads\"\\s*:\\s*true.*");
    }

    private static List<String> objects(String json) {
        var objects = new ArrayList<String>();
        Matcher matcher = OBJECT.matcher(json);
        while (matcher.find()) {
            objects.add(matcher.group());
        }
        return objects;
    }

    private static long number(String member, String key) {
        Matcher value = Pattern.compile("\"%s\"\\s*:\\s*(\\d+)".formatted(key)).matcher(member);
        return value.find() ? Long.parseLong(value.group(1)) : -1;
    }
}

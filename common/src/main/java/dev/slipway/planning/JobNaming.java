package dev.slipway.planning;

import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.List;

/// The names that people see, as GitHub makes them.
public final class JobNaming {

    private static final int MAX_LENGTH = 100;

    private JobNaming() {}

    /// A job's name with the values of its combination: `test (linux, 21)`.
    ///
    /// @param base the job's `name`, or its id
    /// @param parts the combination's values; only booleans, numbers and texts inside show
    public static String withMatrix(String base, List<Value> parts) {
        List<String> leaves = new ArrayList<>();
        parts.forEach(part -> collect(part, leaves));
        return shorten(leaves.isEmpty() ? base : base + " (" + String.join(", ", leaves) + ")");
    }

    /// A job of a called workflow: `caller / callee`.
    public static String called(String caller, String callee) {
        return caller + " / " + callee;
    }

    /// At most 100 characters; longer names end in `...`.
    public static String shorten(String name) {
        return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH - 3) + "...";
    }

    private static void collect(Value value, List<String> leaves) {
        switch (value) {
            case Value.ArrayValue array -> array.items().forEach(item -> collect(item, leaves));
            case Value.ObjectValue object ->
                    object.entries().values().forEach(item -> collect(item, leaves));
            case Value.NullValue _ -> {
                // Null does not show.
            }
            default -> {
                if (!value.text().isEmpty()) {
                    leaves.add(value.text());
                }
            }
        }
    }
}

package dev.slipway.planning;

import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The names that people see, as GitHub makes them.
public final class JobNaming {

    private static final int MAX_LENGTH = 100;

    private JobNaming() {}

    /// The name of a leg. A `name` with an expression is used as evaluated; otherwise the values of
    /// the combination follow the name.
    ///
    /// @param parts the combination's values
    /// @param callName what people see of the call around the job; empty without one
    static String of(Job job, List<Value> parts, Scope scope, String callName) {
        Optional<Computed> written = job.name();
        String name;
        if (written.isPresent() && !written.get().isLiteral()) {
            String text = Coercion.text(written.get().evaluate(scope), "name");
            name = text.isBlank() ? job.id() : shorten(text);
        } else {
            String base =
                    written.map(value -> value.literal().text())
                            .filter(text -> !text.isBlank())
                            .orElse(job.id());
            name = withMatrix(base, parts);
        }
        return callName.isEmpty() ? name : called(callName, name);
    }

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

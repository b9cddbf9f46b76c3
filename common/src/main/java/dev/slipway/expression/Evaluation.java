package dev.slipway.expression;

import dev.slipway.expression.ExpressionException.Kind;
import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.expression.Value.ObjectValue;
import dev.slipway.expression.Value.StringValue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Evaluates expressions outside any run, for `slipway eval`: the keys of a context object are the
/// named values that exist. There is no job, so the status functions answer as for one that goes
/// well: `success()` and `always()` hold, `failure()` and `cancelled()` do not.
public final class Evaluation {
    private static final Set<String> FUNCTIONS =
            Set.of("always", "cancelled", "success", "failure", "hashfiles");

    private final Function<List<String>, String> hashFiles;

    /// @param hashFiles what `hashFiles` answers for its patterns
    public Evaluation(Function<List<String>, String> hashFiles) {
        this.hashFiles = hashFiles;
    }

    /// The value of an expression, with or without `${{ }}` around it.
    ///
    /// @param context an object, or null for no named values; give it case-sensitive ({@link
    ///   Json#parseCaseSensitive}) to keep keys of `env` that differ in case only
    /// @throws ExpressionException when it cannot be parsed or evaluated
    public Value evaluate(String text, Value context) {
        var contexts = new LinkedHashMap<String, Value>();
        if (context instanceof ObjectValue object) {
            object.entries()
                    .forEach(
                            (name, value) -> {
                                String key = name.toLowerCase(Locale.ROOT);
                                contexts.putIfAbsent(key, contextValue(key, value));
                            });
        } else if (context.kind() != Value.Kind.NULL) {
            throw malformed("The context must be an object whose keys are the named values");
        }
        var vocabulary = new Vocabulary(contexts.keySet(), FUNCTIONS);
        return parse(text, vocabulary).evaluate(new JoblessScope(contexts));
    }

    /// Only `env` itself is case-sensitive, as on Linux.
    private static Value contextValue(String name, Value value) {
        return name.equals("env") && value instanceof ObjectValue env
                ? Value.caseSensitiveObject(env.entries())
                : ignoringCase(value);
    }

    /// Loops, not streams: few frames a level keep the deepest JSON within a thread's stack.
    private static Value ignoringCase(Value value) {
        return switch (value) {
            case ArrayValue(List<Value> items) -> {
                var copy = new ArrayList<Value>(items.size());
                for (Value item : items) {
                    copy.add(ignoringCase(item));
                }
                yield Value.array(copy);
            }
            case ObjectValue object -> {
                var entries = new LinkedHashMap<String, Value>();
                for (Map.Entry<String, Value> entry : object.entries().entrySet()) {
                    entries.put(entry.getKey(), ignoringCase(entry.getValue()));
                }
                yield Value.object(entries);
            }
            case Value.NullValue _,
                    Value.BooleanValue _,
                    Value.NumberValue _,
                    Value.StringValue _ ->
                    value;
        };
    }

    private static Template parse(String text, Vocabulary vocabulary) {
        String trimmed = OrdinalText.trim(text);
        return trimmed.startsWith("${{")
                ? Template.parse(trimmed, vocabulary)
                : Template.parseWhole(text, vocabulary);
    }

    /// The answer to one expression as a line of JSON: `{"value":…}`, where numbers that JSON
    /// cannot hold are `{"$number":"NaN"}` and the like, or `{"error":"…","kind":"syntax"}`.
    public String answer(String text, Value context) {
        try {
            return "{\"value\":" + json(evaluate(text, context)) + "}";
        } catch (ExpressionException e) {
            return answer(e);
        }
    }

    /// A value as one line of JSON; numbers that JSON cannot hold are `{"$number":"NaN"}` and such.
    public static String json(Value value) {
        var out = new StringBuilder();
        new JsonWriter(out, _ -> {}).compact(value, Evaluation::oddNumber);
        return out.toString();
    }

    /// The answer to one line `{"expr":"…","context":{…}}` of `slipway eval --batch`.
    public String answerLine(String line) {
        try {
            Value request = Json.parseCaseSensitive(line);
            if (!(request.get("expr") instanceof StringValue(String text))) {
                throw malformed("Expected {\"expr\":\"…\",\"context\":{…}}; there is no \"expr\"");
            }
            return answer(text, request.get("context"));
        } catch (IllegalArgumentException e) {
            return answer(malformed("The line is not JSON: " + e.getMessage()));
        } catch (ExpressionException e) {
            return answer(e);
        }
    }

    private static ExpressionException malformed(String message) {
        return new ExpressionException(Kind.SYNTAX, 0, "", message);
    }

    private static String answer(ExpressionException e) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("error", Value.of(e.getMessage()));
        fields.put("kind", Value.of(e.kind().name().toLowerCase(Locale.ROOT)));
        return Json.compact(Value.object(fields));
    }

    private static void oddNumber(StringBuilder out, double number) {
        out.append("{\"$number\":\"").append(number).append("\"}");
    }

    private final class JoblessScope implements Scope {
        private final Map<String, Value> contexts;

        JoblessScope(Map<String, Value> contexts) {
            this.contexts = contexts;
        }

        @Override
        public Value context(String lowerCaseName) {
            return contexts.getOrDefault(lowerCaseName, Value.NULL);
        }

        @Override
        public Value call(String lowerCaseFunction, List<Value> arguments) {
            return switch (lowerCaseFunction) {
                case "always", "success" -> Value.of(true);
                case "failure", "cancelled" -> Value.of(false);
                case "hashfiles" ->
                        Value.of(hashFiles.apply(arguments.stream().map(Value::text).toList()));
                default ->
                        throw new ExpressionException(
                                "The function '%s' is not available here"
                                        .formatted(lowerCaseFunction));
            };
        }
    }
}

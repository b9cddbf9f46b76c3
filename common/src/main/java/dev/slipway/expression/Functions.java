package dev.slipway.expression;

import dev.slipway.expression.ExpressionException.Kind;
import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.expression.Value.BooleanValue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/// The functions that are always there, and how many arguments every function takes.
final class Functions {
    private static final int MANY = 255;

    private record Count(int least, int most) {}

    /// The ones that are always there, by lower-case name.
    private static final Map<String, Count> BUILT_IN =
            Map.of(
                    "contains", new Count(2, 2),
                    "startswith", new Count(2, 2),
                    "endswith", new Count(2, 2),
                    "format", new Count(1, MANY),
                    "join", new Count(1, 2),
                    "tojson", new Count(1, 1),
                    "fromjson", new Count(1, 1),
                    "case", new Count(3, MANY));

    /// The ones that ask how the job or its needs went.
    static final Set<String> STATUS = Set.of("always", "cancelled", "success", "failure");

    private Functions() {}

    static boolean isKnown(String name, Vocabulary vocabulary) {
        return BUILT_IN.containsKey(name)
                || ((STATUS.contains(name) || name.equals("hashfiles"))
                        && vocabulary.hasFunction(name));
    }

    /// What is wrong with a call that has `given` arguments; empty when nothing is.
    static String countProblem(String name, int given, Vocabulary vocabulary) {
        Count count = count(name, vocabulary);
        if (given < count.least()) {
            return "Too few parameters supplied";
        }
        if (given > count.most()) {
            return "Too many parameters supplied";
        }
        if (name.equals("case") && given % 2 == 0) {
            return "Even number of parameters supplied, requires an odd number of parameters";
        }
        return "";
    }

    private static Count count(String name, Vocabulary vocabulary) {
        Count builtIn = BUILT_IN.get(name);
        if (builtIn != null) {
            return builtIn;
        }
        return switch (name) {
            case "hashfiles" -> new Count(1, MANY);
            case "success", "failure" -> new Count(0, vocabulary.statusMayNameJobs() ? MANY : 0);
            default -> new Count(0, 0);
        };
    }

    /// Evaluates a call; arguments that are not needed are not evaluated.
    static Value call(Node.Call call, Evaluator evaluator) {
        List<Node> arguments = call.arguments();
        return switch (call.function()) {
            case "contains" -> Value.of(contains(arguments, evaluator));
            case "startswith" -> Value.of(isEnd(OrdinalText::startsWith, arguments, evaluator));
            case "endswith" -> Value.of(isEnd(OrdinalText::endsWith, arguments, evaluator));
            case "format" -> FormatText.format(call, evaluator);
            case "join" -> join(arguments, evaluator);
            case "tojson" -> toJson(evaluator.evaluate(arguments.get(0)), evaluator);
            case "fromjson" -> fromJson(call, evaluator);
            case "case" -> choose(call, evaluator);
            default ->
                    evaluator
                            .scope()
                            .call(
                                    call.function(),
                                    arguments.stream().map(evaluator::evaluate).toList());
        };
    }

    private static boolean contains(List<Node> arguments, Evaluator evaluator) {
        Value where = evaluator.evaluate(arguments.get(0));
        if (where instanceof ArrayValue(List<Value> items)) {
            return !items.isEmpty() && holds(items, evaluator.evaluate(arguments.get(1)));
        }
        return areTexts(OrdinalText::contains, where, arguments.get(1), evaluator);
    }

    private static boolean holds(List<Value> items, Value what) {
        return items.stream().anyMatch(item -> item.looseEquals(what));
    }

    private static boolean isEnd(
            BiPredicate<String, String> test, List<Node> arguments, Evaluator evaluator) {
        return areTexts(test, evaluator.evaluate(arguments.get(0)), arguments.get(1), evaluator);
    }

    /// Whether both are primitive and their texts pass; the second is not evaluated in vain.
    private static boolean areTexts(
            BiPredicate<String, String> test, Value first, Node second, Evaluator evaluator) {
        if (!first.kind().isPrimitive()) {
            return false;
        }
        Value other = evaluator.evaluate(second);
        return other.kind().isPrimitive() && test.test(first.text(), other.text());
    }

    private static Value join(List<Node> arguments, Evaluator evaluator) {
        Value items = evaluator.evaluate(arguments.get(0));
        if (!(items instanceof ArrayValue(List<Value> list))) {
            return Value.of(items.kind().isPrimitive() ? items.text() : "");
        }
        String separator = ",";
        if (arguments.size() > 1 && list.size() > 1) {
            Value given = evaluator.evaluate(arguments.get(1));
            separator = given.kind().isPrimitive() ? given.text() : separator;
        }
        var joined = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            joined.append(i == 0 ? "" : separator).append(list.get(i).text());
            evaluator.budget().ensureText(joined.length());
        }
        return evaluator.budget().text(joined.toString());
    }

    private static Value toJson(Value value, Evaluator evaluator) {
        var out = new StringBuilder();
        new JsonWriter(out, length -> evaluator.budget().ensureText(length)).pretty(value);
        return evaluator.budget().text(out.toString());
    }

    private static Value fromJson(Node.Call call, Evaluator evaluator) {
        String text = evaluator.evaluate(call.arguments().getFirst()).text();
        try {
            Value value = Json.parseInExpression(text);
            evaluator.budget().take(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw evaluator.error(call, "Error parsing fromJson: " + e.getMessage() + hint(text));
        }
    }

    private static String hint(String text) {
        return text.isEmpty() ? " (the text is empty)" : "";
    }

    private static Value choose(Node.Call call, Evaluator evaluator) {
        List<Node> arguments = call.arguments();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            Value predicate = evaluator.evaluate(arguments.get(i));
            if (!(predicate instanceof BooleanValue(boolean holds))) {
                throw new ExpressionException(
                        Kind.EVALUATION,
                        arguments.get(i).position(),
                        "",
                        "case predicate must evaluate to a boolean value");
            }
            if (holds) {
                return evaluator.evaluate(arguments.get(i + 1));
            }
        }
        return evaluator.evaluate(arguments.getLast());
    }
}

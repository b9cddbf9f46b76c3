package dev.slipway.workflow;

import dev.slipway.expression.Condition;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Template;
import dev.slipway.expression.Value;
import dev.slipway.expression.Vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Turns YAML nodes into {@link Computed} values and plain ones, checking types that are known now.
final class ValueReader {

    private static final Pattern INSERT = Pattern.compile("\\$\\{\\{\\s*insert\\s*}}");
    private static final int MAX_RUN = 21_000;
    private static final List<String> FUNCTIONS =
            List.of(
                    "contains",
                    "startsWith",
                    "endsWith",
                    "format",
                    "join",
                    "toJSON",
                    "fromJSON",
                    "hashFiles",
                    "case",
                    "success",
                    "failure",
                    "cancelled",
                    "always");

    private final Problems problems;

    ValueReader(Problems problems) {
        this.problems = problems;
    }

    Problems problems() {
        return problems;
    }

    /// Any value; literals keep their YAML type.
    Computed any(YamlNode node, Vocabulary vocabulary) {
        return switch (node) {
            case YamlScalar scalar -> scalar(scalar, vocabulary);
            case YamlSequence sequence -> {
                List<Computed> items = new ArrayList<>();
                for (YamlNode item : sequence.items()) {
                    items.add(any(item, vocabulary));
                }
                yield new Computed.Items(items, sequence.position());
            }
            case YamlMapping mapping -> {
                List<Computed.Entry> entries = new ArrayList<>();
                for (YamlMapping.Entry entry : mapping.entries()) {
                    entries.add(entry(entry, any(entry.value(), vocabulary), vocabulary));
                }
                yield new Computed.Entries(entries, mapping.position());
            }
        };
    }

    /// A mapping of names to strings, or one expression for it.
    Computed stringMap(YamlNode node, Vocabulary vocabulary, String where) {
        if (node instanceof YamlMapping mapping) {
            List<Computed.Entry> entries = new ArrayList<>();
            for (YamlMapping.Entry entry : mapping.entries()) {
                Computed value =
                        isInsert(entry.key())
                                ? any(entry.value(), vocabulary)
                                : string(
                                        entry.value(),
                                        vocabulary,
                                        "'" + entry.key().text() + "' in " + where);
                entries.add(entry(entry, value, vocabulary));
            }
            return new Computed.Entries(entries, mapping.position());
        }
        if (node instanceof YamlScalar scalar && holdsExpression(scalar)) {
            return scalar(scalar, vocabulary);
        }
        wrongType(node, where, "a mapping of names to values");
        return Computed.emptyMapping(node.position());
    }

    /// A string, number or boolean taken as text.
    Computed string(YamlNode node, Vocabulary vocabulary, String where) {
        if (!(node instanceof YamlScalar scalar)) {
            wrongType(node, where, "text");
            return new Computed.Literal(Value.of(""), node.position());
        }
        Computed value = scalar(scalar, vocabulary);
        return value instanceof Computed.Literal
                ? new Computed.Literal(Value.of(scalar.asString()), scalar.position())
                : value;
    }

    /// A string that must not be empty.
    Computed nonEmpty(YamlNode node, Vocabulary vocabulary, String where) {
        if (node instanceof YamlScalar scalar && scalar.asString().isBlank()) {
            problems.error(scalar.position(), where + " must not be empty");
        }
        return string(node, vocabulary, where);
    }

    /// A script, with GitHub's limit on its length.
    Computed script(YamlNode node, Vocabulary vocabulary, String where) {
        if (node instanceof YamlScalar scalar && scalar.text().length() > MAX_RUN) {
            problems.error(
                    scalar.position(),
                    where
                            + " is "
                            + scalar.text().length()
                            + " characters long; the limit is "
                            + MAX_RUN
                            + ". Move the script into a file of the repository");
        }
        return nonEmpty(node, vocabulary, where);
    }

    Computed bool(YamlNode node, Vocabulary vocabulary, String where) {
        return typed(node, vocabulary, where, "true or false");
    }

    Computed number(YamlNode node, Vocabulary vocabulary, String where) {
        return typed(node, vocabulary, where, "a number");
    }

    private Computed typed(YamlNode node, Vocabulary vocabulary, String where, String expected) {
        if (node instanceof YamlScalar scalar) {
            Computed value = scalar(scalar, vocabulary);
            boolean fits =
                    switch (scalar.value()) {
                        case Value.BooleanValue _ -> expected.equals("true or false");
                        case Value.NumberValue _ -> expected.equals("a number");
                        default -> holdsExpression(scalar);
                    };
            if (!fits) {
                wrongType(node, where, expected);
            }
            return value;
        }
        wrongType(node, where, expected);
        return new Computed.Literal(Value.NULL, node.position());
    }

    /// Text in which expressions are not allowed.
    Optional<String> plain(YamlNode node, String where) {
        if (!(node instanceof YamlScalar scalar)) {
            wrongType(node, where, "text");
            return Optional.empty();
        }
        int expression = scalar.text().indexOf("${{");
        if (expression >= 0) {
            problems.error(scalar.locate(expression), "expressions are not allowed in " + where);
            return Optional.empty();
        }
        return Optional.of(scalar.asString());
    }

    /// Text in which expressions are not allowed and which must not be empty.
    Optional<Located<String>> plainNonEmpty(YamlNode node, String where) {
        Optional<String> text = plain(node, where);
        if (text.isPresent() && text.get().isBlank()) {
            problems.error(node.position(), where + " must not be empty");
            return Optional.empty();
        }
        return text.map(value -> new Located<>(value, node.position()));
    }

    /// One text or a list of texts, without expressions.
    List<Located<String>> plainList(YamlNode node, String where) {
        List<Located<String>> texts = new ArrayList<>();
        List<YamlNode> items =
                node instanceof YamlSequence sequence ? sequence.items() : List.of(node);
        for (YamlNode item : items) {
            plainNonEmpty(item, where).ifPresent(texts::add);
        }
        return texts;
    }

    /// A list of texts, which may be empty, without expressions.
    List<Located<String>> texts(YamlNode node, String where) {
        if (!(node instanceof YamlSequence sequence)) {
            wrongType(node, where, "a list");
            return List.of();
        }
        List<Located<String>> texts = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            plain(item, where).ifPresent(text -> texts.add(new Located<>(text, item.position())));
        }
        return texts;
    }

    /// A boolean in which expressions are not allowed.
    boolean plainBool(YamlNode node, String where, boolean fallback) {
        if (node instanceof YamlScalar scalar
                && scalar.value() instanceof Value.BooleanValue flag) {
            return flag.value();
        }
        wrongType(node, where, "true or false");
        return fallback;
    }

    /// An `if` key; an absent one is `success()`.
    Guard guard(Optional<YamlNode> node, Vocabulary vocabulary, Position fallback, String where) {
        if (node.isEmpty()) {
            return absentGuard(vocabulary, fallback);
        }
        if (!(node.get() instanceof YamlScalar scalar)) {
            wrongType(node.get(), where, "a condition");
            return absentGuard(vocabulary, fallback);
        }
        String text = scalar.isNull() ? "" : scalar.asString();
        try {
            Condition condition = Condition.parse(text, vocabulary);
            return new Guard(condition, text, scalar.position(), scalar::locate);
        } catch (ExpressionException e) {
            problems.error(locate(scalar, e), expressionMessage(e, vocabulary));
            return absentGuard(vocabulary, scalar.position());
        }
    }

    private static Guard absentGuard(Vocabulary vocabulary, Position at) {
        return new Guard(Condition.parse("", vocabulary), "", at, offset -> at);
    }

    void wrongType(YamlNode node, String where, String expected) {
        problems.error(
                node.position(), where + " must be " + expected + ", not " + node.kindName());
    }

    static boolean holdsExpression(YamlNode node) {
        return node instanceof YamlScalar scalar
                && scalar.value() instanceof Value.StringValue
                && scalar.text().contains("${{");
    }

    /// A key that is an expression, with its value.
    Computed.Entry anyEntry(YamlMapping.Entry entry, Vocabulary vocabulary) {
        return entry(entry, any(entry.value(), vocabulary), vocabulary);
    }

    private Computed.Entry entry(YamlMapping.Entry entry, Computed value, Vocabulary vocabulary) {
        if (isInsert(entry.key())) {
            Computed key =
                    new Computed.Literal(Value.of(entry.key().text()), entry.key().position());
            return new Computed.Entry(key, value, true);
        }
        return new Computed.Entry(string(entry.key(), vocabulary, "a key"), value, false);
    }

    private static boolean isInsert(YamlScalar key) {
        return key.text().startsWith("${{") && INSERT.matcher(key.text()).matches();
    }

    private Computed scalar(YamlScalar scalar, Vocabulary vocabulary) {
        if (!holdsExpression(scalar)) {
            return new Computed.Literal(scalar.value(), scalar.position());
        }
        if (vocabulary.equals(Vocabularies.NONE)) {
            problems.error(
                    scalar.locate(scalar.text().indexOf("${{")),
                    "expressions are not allowed here");
            return new Computed.Literal(scalar.value(), scalar.position());
        }
        try {
            Template template = Template.parse(scalar.text(), vocabulary);
            return template.isLiteral()
                    ? new Computed.Literal(scalar.value(), scalar.position())
                    : new Computed.Dynamic(template, scalar.position(), scalar::locate);
        } catch (ExpressionException e) {
            problems.error(locate(scalar, e), expressionMessage(e, vocabulary));
            return new Computed.Literal(scalar.value(), scalar.position());
        }
    }

    private static Position locate(YamlScalar scalar, ExpressionException e) {
        return scalar.locate(e.position());
    }

    private static String expressionMessage(ExpressionException e, Vocabulary vocabulary) {
        String message = "bad expression: " + e.getMessage();
        if (e.getMessage().startsWith("Unrecognized named-value")) {
            List<String> contexts = vocabulary.contexts().stream().sorted().toList();
            return message + e.symbol().map(symbol -> hint(symbol, contexts)).orElse("");
        }
        if (e.getMessage().startsWith("Unrecognized function")) {
            return message + e.symbol().map(ValueReader::functionHint).orElse("");
        }
        return message;
    }

    private static String functionHint(String symbol) {
        if (FUNCTIONS.stream().anyMatch(symbol::equalsIgnoreCase)) {
            return "; this function is not available here";
        }
        return Suggest.closest(symbol, FUNCTIONS)
                .map(best -> "; did you mean '" + best + "'?")
                .orElse("");
    }

    private static String hint(String symbol, List<String> contexts) {
        String available =
                contexts.isEmpty()
                        ? "; no context is available here"
                        : "; available here: " + String.join(", ", contexts);
        return Suggest.closest(symbol, contexts)
                .map(best -> "; did you mean '" + best + "'?")
                .orElse(available);
    }
}

package dev.slipway.workflow;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Scope;
import dev.slipway.expression.Template;
import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A YAML value whose scalars may hold `${{ expressions }}`: what GitHub calls a template token.
///
/// Immutable. Literals keep the type that YAML gave them; {@link #evaluate} keeps the type of a
/// scalar that is exactly one expression. Typed fields are checked by {@link Coercion}.
public sealed interface Computed {

    /// Where the value starts in the file.
    Position position();

    /// The value in a scope.
    ///
    /// @throws ExpressionException when an expression in it fails
    Value evaluate(Scope scope);

    /// Whether no expression is inside, so that the value is known now.
    boolean isLiteral();

    /// Passes every template inside to the consumer, in file order.
    void forEachTemplate(Consumer<Dynamic> consumer);

    /// The value when {@link #isLiteral()}; must not be called otherwise.
    default Value literal() {
        return evaluate(Scope.of(Map.of()));
    }

    /// A scalar without expressions.
    record Literal(Value value, Position position) implements Computed {
        @Override
        public Value evaluate(Scope scope) {
            return value;
        }

        @Override
        public boolean isLiteral() {
            return true;
        }

        @Override
        public void forEachTemplate(Consumer<Dynamic> consumer) {
            // A literal holds no template.
        }
    }

    /// A scalar with at least one expression.
    ///
    /// @param places where in the file the characters of the template's text are
    record Dynamic(Template template, Position position, Places places) implements Computed {
        /// The text as YAML gives it.
        public String source() {
            return template.text();
        }

        @Override
        public Value evaluate(Scope scope) {
            return template.evaluate(scope);
        }

        @Override
        public boolean isLiteral() {
            return false;
        }

        @Override
        public void forEachTemplate(Consumer<Dynamic> consumer) {
            consumer.accept(this);
        }
    }

    /// A list.
    record Items(List<Computed> items, Position position) implements Computed {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public Value evaluate(Scope scope) {
            List<Value> values = new ArrayList<>(items.size());
            for (Computed item : items) {
                values.add(item.evaluate(scope));
            }
            return Value.array(values);
        }

        @Override
        public boolean isLiteral() {
            return items.stream().allMatch(Computed::isLiteral);
        }

        @Override
        public void forEachTemplate(Consumer<Dynamic> consumer) {
            items.forEach(item -> item.forEachTemplate(consumer));
        }
    }

    /// One key of a mapping.
    ///
    /// @param key the key's text, which may hold expressions
    /// @param insert whether the key is `${{ insert }}`: the value is a mapping to merge here
    record Entry(Computed key, Computed value, boolean insert) {}

    /// A mapping, entries in file order.
    record Entries(List<Entry> entries, Position position) implements Computed {
        public Entries {
            entries = List.copyOf(entries);
        }

        @Override
        public Value evaluate(Scope scope) {
            Map<String, Value> fields = new LinkedHashMap<>();
            for (Entry entry : entries) {
                Value value = entry.value().evaluate(scope);
                if (!entry.insert()) {
                    fields.put(entry.key().evaluate(scope).text(), value);
                } else if (value instanceof Value.ObjectValue merged) {
                    fields.putAll(merged.entries());
                } else if (!(value instanceof Value.NullValue)) {
                    throw new ExpressionException(
                            "'${{ insert }}' needs a mapping but got " + Coercion.describe(value));
                }
            }
            return Value.object(fields);
        }

        @Override
        public boolean isLiteral() {
            return entries.stream()
                    .allMatch(
                            entry ->
                                    !entry.insert()
                                            && entry.key().isLiteral()
                                            && entry.value().isLiteral());
        }

        @Override
        public void forEachTemplate(Consumer<Dynamic> consumer) {
            for (Entry entry : entries) {
                entry.key().forEachTemplate(consumer);
                entry.value().forEachTemplate(consumer);
            }
        }
    }

    /// The value of a literal key of a mapping, or nothing.
    default Optional<Computed> get(String key) {
        return this instanceof Entries mapping
                ? mapping.entries().stream()
                        .filter(
                                entry ->
                                        !entry.insert()
                                                && entry.key() instanceof Literal literal
                                                && literal.value().text().equals(key))
                        .map(Entry::value)
                        .findFirst()
                : Optional.empty();
    }

    /// A mapping without entries: what an absent `env` or `with` is.
    static Computed emptyMapping(Position position) {
        return new Entries(List.of(), position);
    }
}

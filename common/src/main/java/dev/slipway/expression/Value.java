package dev.slipway.expression;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What an expression works on: the six kinds of value of GitHub's expression language, immutable.
///
/// `equals` compares by structure, for tests and models. The language's own `==` is {@link
/// #looseEquals}: it converts, ignores the case of strings, and compares arrays and objects by
/// reference.
public sealed interface Value {
    /// The one null.
    NullValue NULL = new NullValue();

    /// The kinds; {@link #label} is what GitHub calls them (and what arrays and objects become as
    /// text).
    enum Kind {
        NULL("Null"),
        BOOLEAN("Boolean"),
        NUMBER("Number"),
        STRING("String"),
        ARRAY("Array"),
        OBJECT("Object");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        /// Everything but arrays and objects.
        public boolean isPrimitive() {
            return this != ARRAY && this != OBJECT;
        }
    }

    /// Nothing: a missing property, an empty YAML value.
    final class NullValue implements Value {
        private NullValue() {}

        @Override
        public String toString() {
            return "null";
        }

        @Override
        public Kind kind() {
            return Kind.NULL;
        }
    }

    /// True or false.
    record BooleanValue(boolean value) implements Value {
        static final BooleanValue TRUE = new BooleanValue(true);
        static final BooleanValue FALSE = new BooleanValue(false);

        @Override
        public Kind kind() {
            return Kind.BOOLEAN;
        }
    }

    /// A double, NaN and the infinities included.
    record NumberValue(double value) implements Value {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }
    }

    /// A text.
    record StringValue(String value) implements Value {
        public StringValue {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public Kind kind() {
            return Kind.STRING;
        }
    }

    /// A list. One that came out of a filter (`x.*`) is marked, because later indexes apply to each
    /// of its items.
    record ArrayValue(List<Value> items) implements Value {
        public ArrayValue {
            items = items instanceof FilteredItems ? items : List.copyOf(items);
        }

        static ArrayValue filtered(List<Value> items) {
            return new ArrayValue(new FilteredItems(List.copyOf(items)));
        }

        boolean isFiltered() {
            return items instanceof FilteredItems;
        }

        @Override
        public Kind kind() {
            return Kind.ARRAY;
        }
    }

    /// A mapping that keeps its order. Lookups ignore case unless it was built case-sensitive, as
    /// the `env` context is on Linux. Of two keys that differ only in case the first wins.
    final class ObjectValue implements Value {
        private final Map<String, Value> entries;
        private final Map<String, Value> byFoldedKey;
        private final boolean caseSensitive;

        ObjectValue(Map<String, Value> given, boolean caseSensitive) {
            this.caseSensitive = caseSensitive;
            var kept = LinkedHashMap.<String, Value>newLinkedHashMap(given.size());
            var folded = LinkedHashMap.<String, Value>newLinkedHashMap(given.size());
            given.forEach(
                    (key, value) -> {
                        Objects.requireNonNull(value, key);
                        String fold = caseSensitive ? key : OrdinalText.fold(key);
                        if (folded.putIfAbsent(fold, value) == null) {
                            kept.put(key, value);
                        }
                    });
            entries = Collections.unmodifiableMap(kept);
            byFoldedKey = caseSensitive ? entries : folded;
        }

        /// The entries in their order, unmodifiable. Its own `get` respects case; use {@link
        /// #find}.
        public Map<String, Value> entries() {
            return entries;
        }

        public boolean isCaseSensitive() {
            return caseSensitive;
        }

        /// The property of that name, if there is one.
        public Optional<Value> find(String name) {
            String key = caseSensitive ? name : OrdinalText.fold(name);
            return Optional.ofNullable(byFoldedKey.get(key));
        }

        @Override
        public Kind kind() {
            return Kind.OBJECT;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ObjectValue that && entries.equals(that.entries);
        }

        @Override
        public int hashCode() {
            return entries.hashCode();
        }

        @Override
        public String toString() {
            return Json.compact(this);
        }
    }

    static Value of(String value) {
        return new StringValue(value);
    }

    static Value of(double value) {
        return new NumberValue(value);
    }

    static Value of(boolean value) {
        return value ? BooleanValue.TRUE : BooleanValue.FALSE;
    }

    static ArrayValue array(Value... items) {
        return new ArrayValue(Arrays.asList(items));
    }

    static ArrayValue array(List<? extends Value> items) {
        return new ArrayValue(List.copyOf(items));
    }

    /// An object whose lookups ignore case, with the map's order.
    static ObjectValue object(Map<String, ? extends Value> entries) {
        return new ObjectValue(Collections.unmodifiableMap(entries), false);
    }

    /// An object whose lookups respect case: the `env` context on Linux.
    static ObjectValue caseSensitiveObject(Map<String, ? extends Value> entries) {
        return new ObjectValue(Collections.unmodifiableMap(entries), true);
    }

    Kind kind();

    /// False for null, false, 0, -0, NaN and the empty text.
    default boolean truthy() {
        return switch (this) {
            case NullValue _ -> false;
            case BooleanValue(boolean value) -> value;
            case NumberValue(double value) -> value != 0 && !Double.isNaN(value);
            case StringValue(String value) -> !value.isEmpty();
            case ArrayValue _, ObjectValue _ -> true;
        };
    }

    /// The value as a number, as JavaScript's `Number()` has it: null 0, true 1, text parsed, NaN
    /// for arrays and objects.
    default double number() {
        return switch (this) {
            case NullValue _ -> 0;
            case BooleanValue(boolean value) -> value ? 1 : 0;
            case NumberValue(double value) -> value;
            case StringValue(String value) -> Numbers.parse(value);
            case ArrayValue _, ObjectValue _ -> Double.NaN;
        };
    }

    /// The value as text: null is empty, a number has 15 significant digits (.NET's "G15"), arrays
    /// and objects are `Array` and `Object`.
    default String text() {
        return switch (this) {
            case NullValue _ -> "";
            case BooleanValue(boolean value) -> value ? "true" : "false";
            case NumberValue(double value) -> Numbers.format(value);
            case StringValue(String value) -> value;
            case ArrayValue _, ObjectValue _ -> kind().label();
        };
    }

    /// A property of an object; null for a missing one and for anything that is no object.
    default Value get(String name) {
        return this instanceof ObjectValue object ? object.find(name).orElse(NULL) : NULL;
    }

    /// An item of an array, from 0; null beyond its ends and for anything that is no array.
    default Value get(int index) {
        return this instanceof ArrayValue(List<Value> items) && index >= 0 && index < items.size()
                ? items.get(index)
                : NULL;
    }

    /// The language's `==`.
    default boolean looseEquals(Value other) {
        return Comparison.equal(this, other);
    }

    /// The language's `<`.
    default boolean looseLessThan(Value other) {
        return Comparison.less(this, other);
    }

    /// The language's `>`.
    default boolean looseGreaterThan(Value other) {
        return Comparison.less(other, this);
    }

    /// Marks the items of a filtered array.
    final class FilteredItems extends AbstractList<Value> {
        private final List<Value> items;

        private FilteredItems(List<Value> items) {
            this.items = items;
        }

        @Override
        public Value get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }
    }
}

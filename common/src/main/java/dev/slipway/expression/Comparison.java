package dev.slipway.expression;

import dev.slipway.expression.Value.BooleanValue;
import dev.slipway.expression.Value.Kind;
import dev.slipway.expression.Value.NumberValue;
import dev.slipway.expression.Value.StringValue;

/// The language's comparisons: JavaScript's abstract ones, except that strings ignore case and
/// arrays and objects are never converted.
final class Comparison {
    private Comparison() {}

    static boolean equal(Value left, Value right) {
        if (left.kind() == right.kind()) {
            return switch (left) {
                case Value.NullValue _ -> true;
                case BooleanValue(boolean value) -> value == ((BooleanValue) right).value();
                case NumberValue(double value) -> value == ((NumberValue) right).value();
                case StringValue(String value) ->
                        OrdinalText.equal(value, ((StringValue) right).value());
                case Value.ArrayValue _, Value.ObjectValue _ -> isSame(left, right);
            };
        }
        return bothPrimitive(left, right) && left.number() == right.number();
    }

    // The language compares collections by reference.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Value left, Value right) {
        return left == right;
    }

    static boolean less(Value left, Value right) {
        if (left instanceof StringValue(String l) && right instanceof StringValue(String r)) {
            return OrdinalText.compare(l, r) < 0;
        }
        if (left.kind() == Kind.NULL && right.kind() == Kind.NULL) {
            return false;
        }
        return bothPrimitive(left, right) && left.number() < right.number();
    }

    private static boolean bothPrimitive(Value left, Value right) {
        return left.kind().isPrimitive() && right.kind().isPrimitive();
    }
}

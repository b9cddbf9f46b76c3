package dev.slipway.expression;

import dev.slipway.expression.ExpressionException.Kind;
import dev.slipway.expression.Node.Operator;
import dev.slipway.expression.Value.ArrayValue;
import dev.slipway.expression.Value.ObjectValue;

import java.util.ArrayList;
import java.util.List;

/// Evaluates one tree once.
final class Evaluator {
    private final Scope scope;
    private final Budget budget;

    Evaluator(Scope scope, Budget budget) {
        this.scope = scope;
        this.budget = budget;
    }

    Scope scope() {
        return scope;
    }

    Budget budget() {
        return budget;
    }

    Value evaluate(Node node) {
        return switch (node) {
            case Node.Literal literal -> literal.value();
            case Node.Context context -> scope.context(context.name());
            case Node.Call call -> Functions.call(call, this);
            case Node.Index index -> index(index);
            case Node.Filter filter -> filter(evaluate(filter.target()));
            case Node.Not not -> Value.of(!evaluate(not.operand()).truthy());
            case Node.Compare compare -> Value.of(compare(compare));
            case Node.Logical logical -> logical(logical);
        };
    }

    ExpressionException error(Node node, String message) {
        return new ExpressionException(Kind.EVALUATION, node.position(), "", message);
    }

    private Value logical(Node.Logical logical) {
        boolean stopAt = logical.operator() == Operator.OR;
        Value result = Value.NULL;
        for (Node operand : logical.operands()) {
            result = evaluate(operand);
            if (result.truthy() == stopAt) {
                break;
            }
        }
        return result;
    }

    private boolean compare(Node.Compare compare) {
        Value left = evaluate(compare.left());
        Value right = evaluate(compare.right());
        return switch (compare.operator()) {
            case EQUAL -> left.looseEquals(right);
            case NOT_EQUAL -> !left.looseEquals(right);
            case LESS -> left.looseLessThan(right);
            case LESS_OR_EQUAL -> left.looseEquals(right) || left.looseLessThan(right);
            case GREATER -> left.looseGreaterThan(right);
            case GREATER_OR_EQUAL -> left.looseEquals(right) || left.looseGreaterThan(right);
            case OR, AND ->
                    throw new IllegalStateException(compare.operator() + " compares nothing");
        };
    }

    private Value filter(Value target) {
        var found = new ArrayList<Value>();
        if (target instanceof ArrayValue array && array.isFiltered()) {
            array.items().forEach(item -> addAll(item, found));
        } else {
            addAll(target, found);
        }
        return filtered(found);
    }

    private static void addAll(Value collection, List<Value> found) {
        switch (collection) {
            case ArrayValue(List<Value> items) -> found.addAll(items);
            case ObjectValue object -> found.addAll(object.entries().values());
            case Value.NullValue _,
                    Value.BooleanValue _,
                    Value.NumberValue _,
                    Value.StringValue _ -> {}
        }
    }

    private Value filtered(List<Value> found) {
        budget.takeList(found.size());
        return ArrayValue.filtered(found);
    }

    private Value index(Node.Index index) {
        Value target = evaluate(index.target());
        if (target.kind().isPrimitive()) {
            return Value.NULL;
        }
        Value key = evaluate(index.key());
        if (target instanceof ArrayValue array && array.isFiltered()) {
            var found = new ArrayList<Value>();
            array.items().forEach(item -> addAt(item, key, found));
            return filtered(found);
        }
        var found = new ArrayList<Value>(1);
        addAt(target, key, found);
        return found.isEmpty() ? Value.NULL : found.getFirst();
    }

    /// Adds `target[key]` if there is such a thing.
    private static void addAt(Value target, Value key, List<Value> found) {
        if (target instanceof ObjectValue object && key.kind().isPrimitive()) {
            object.find(key.text()).ifPresent(found::add);
        } else if (target instanceof ArrayValue(List<Value> items)) {
            // NaN and negative numbers are no place; fractions are cut off.
            double place = key.number();
            if (place >= 0 && place < items.size()) {
                found.add(items.get((int) place));
            }
        }
    }
}

package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Strategy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An evaluated `strategy`: the legs of a job.
///
/// @param combinations empty without a matrix
/// @param failFast whether one failing leg cancels the others
/// @param maxParallel how many legs run at a time; the number of legs when not written or 0
record StrategyPlan(List<Matrix.Combination> combinations, boolean failFast, int maxParallel) {

    private static final StrategyPlan NONE = new StrategyPlan(List.of(), true, 1);

    /// Evaluates a strategy.
    ///
    /// @throws ExpressionException when it cannot be evaluated or its matrix is malformed
    static StrategyPlan of(Optional<Strategy> strategy, Scope scope) {
        if (strategy.isEmpty()) {
            return NONE;
        }
        Value value = strategy.get().value().evaluate(scope);
        Map<String, Value> keys = Coercion.object(value, "strategy");
        for (String key : keys.keySet()) {
            if (!List.of("matrix", "fail-fast", "max-parallel").contains(key)) {
                throw new ExpressionException(
                        "'strategy' has the unknown key '"
                                + key
                                + "'; allowed: matrix, fail-fast, max-parallel");
            }
        }
        Value failFast = value.get("fail-fast");
        boolean fails =
                failFast instanceof Value.NullValue
                        || Coercion.bool(failFast, "strategy.fail-fast");
        List<Matrix.Combination> combinations =
                value.get("matrix") instanceof Value.NullValue
                        ? noMatrix(keys)
                        : Matrix.expand(value.get("matrix"));
        return new StrategyPlan(
                combinations, fails, maxParallel(value.get("max-parallel"), combinations.size()));
    }

    private static List<Matrix.Combination> noMatrix(Map<String, Value> keys) {
        if (keys.containsKey("matrix")) {
            throw new ExpressionException("'strategy.matrix' is empty after evaluation");
        }
        return List.of();
    }

    private static int maxParallel(Value value, int jobs) {
        int total = Math.max(1, jobs);
        if (value instanceof Value.NullValue) {
            return total;
        }
        double number = Coercion.number(value, "strategy.max-parallel");
        return number < 1 ? total : (int) Math.min(number, Integer.MAX_VALUE);
    }

    /// How many legs there are; one without a matrix.
    int size() {
        return Math.max(1, combinations.size());
    }

    /// The `matrix` context of a leg.
    Value matrix(int index) {
        return combinations.isEmpty() ? Value.NULL : combination(index).values();
    }

    /// The values that show in the name of a leg.
    List<Value> nameParts(int index) {
        return combinations.isEmpty() ? List.of() : combination(index).nameParts();
    }

    private Matrix.Combination combination(int index) {
        if (index >= combinations.size()) {
            throw new ExpressionException("the matrix has no combination " + index);
        }
        return combinations.get(index);
    }

    /// The scope of a leg: the job's with `matrix` and `strategy`.
    PlanScope scope(PlanScope job, int index) {
        return job.with(Map.of("matrix", matrix(index), "strategy", context(index)));
    }

    /// The `strategy` context of a leg.
    Value context(int index) {
        Map<String, Value> context = new LinkedHashMap<>();
        context.put("fail-fast", Value.of(failFast));
        context.put("job-index", Value.of(index));
        context.put("job-total", Value.of(size()));
        context.put("max-parallel", Value.of(maxParallel));
        return Value.object(context);
    }
}

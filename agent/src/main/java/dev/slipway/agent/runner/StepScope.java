package dev.slipway.agent.runner;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;

import java.util.List;
import java.util.Map;

/// What the expressions of a step are evaluated in.
///
/// @param contexts by lower-case name; others are null
/// @param status what `success()`, `failure()` and `cancelled()` look at
/// @param files computes `hashFiles`
record StepScope(Map<String, Value> contexts, StatusFunctions status, HashFunction files)
        implements Scope {

    /// The status that conditions see.
    ///
    /// @param cancelled of the job, also inside of composite actions
    /// @param current of the job, or of the composite action
    record StatusFunctions(boolean cancelled, Conclusion current) {}

    /// `hashFiles` over the workspace.
    @FunctionalInterface
    interface HashFunction {
        String hash(List<String> patterns);
    }

    @Override
    public Value context(String lowerCaseName) {
        return contexts.getOrDefault(lowerCaseName, Value.NULL);
    }

    @Override
    public Value call(String lowerCaseFunction, List<Value> arguments) {
        return switch (lowerCaseFunction) {
            case "always" -> Value.of(true);
            case "cancelled" -> Value.of(status.cancelled());
            case "success" ->
                    Value.of(!status.cancelled() && status.current() == Conclusion.SUCCESS);
            case "failure" ->
                    Value.of(!status.cancelled() && status.current() == Conclusion.FAILURE);
            case "hashfiles" -> Value.of(files.hash(arguments.stream().map(Value::text).toList()));
            default ->
                    throw new ExpressionException(
                            "The function '%s' is not available in steps"
                                    .formatted(lowerCaseFunction));
        };
    }
}

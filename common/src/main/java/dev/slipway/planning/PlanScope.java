package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The scope of job-level expressions. Status functions look at all ancestors of the job.
final class PlanScope implements Scope {

    private final Map<String, Value> contexts;
    private final Status status;

    /// What the status functions answer.
    interface Status {

        /// For places where status functions cannot be written.
        Status NONE =
                (function, jobs) -> {
                    throw new ExpressionException(
                            "The function '" + function + "' is not available here");
                };

        /// @param jobs the job ids given as arguments; empty means all ancestors
        boolean call(String function, List<String> jobs);
    }

    PlanScope(Map<String, Value> contexts, Status status) {
        this.contexts = new HashMap<>(contexts);
        this.status = status;
    }

    /// The same with more contexts.
    PlanScope with(Map<String, Value> more) {
        Map<String, Value> all = new HashMap<>(contexts);
        all.putAll(more);
        return new PlanScope(all, status);
    }

    @Override
    public Value context(String lowerCaseName) {
        return contexts.getOrDefault(lowerCaseName, Value.NULL);
    }

    @Override
    public Value call(String lowerCaseFunction, List<Value> arguments) {
        List<String> jobs = arguments.stream().map(Value::text).toList();
        return Value.of(status.call(lowerCaseFunction, jobs));
    }
}

package dev.slipway.agent.runner;

import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a step wants changed for those after it: through `GITHUB_ENV` and its like, and through
/// workflow commands. Immutable; applied by the job's program, for background steps only at the
/// `wait` that covers them.
///
/// @param env variables, later ones win
/// @param paths in the order of their adding; the last one comes first in `PATH`
/// @param outputs names as first written; they ignore case when read
/// @param state for the later stages of the same action
record Effects(
        Map<String, String> env,
        List<String> paths,
        Map<String, String> outputs,
        Map<String, String> state) {

    static final Effects NONE = new Effects(Map.of(), List.of(), Map.of(), Map.of());

    Effects {
        env = copy(env);
        paths = List.copyOf(paths);
        outputs = copy(outputs);
        state = copy(state);
    }

    private static Map<String, String> copy(Map<String, String> map) {
        return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    static Effects ofOutputs(Map<String, String> outputs) {
        return new Effects(Map.of(), List.of(), outputs, Map.of());
    }

    /// These effects, then the others.
    Effects then(Effects later) {
        return new Effects(
                merged(env, later.env),
                joined(paths, later.paths),
                merged(outputs, later.outputs),
                merged(state, later.state));
    }

    /// These effects with other outputs: a composite action's own.
    Effects withOutputs(Map<String, String> others) {
        return new Effects(env, paths, others, state);
    }

    private static Map<String, String> merged(
            Map<String, String> first, Map<String, String> second) {
        var all = new LinkedHashMap<>(first);
        all.putAll(second);
        return all;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.removeAll(second);
        all.addAll(second);
        return all;
    }

    Value toValue() {
        return Value.object(
                Map.of(
                        "env", Values.ofPairs(env),
                        "paths", Value.array(paths.stream().map(Value::of).toList()),
                        "outputs", Values.ofPairs(outputs),
                        "state", Values.ofPairs(state)));
    }

    static Effects fromValue(Value value) {
        return new Effects(
                Values.pairs(value.get("env")),
                Values.texts(value.get("paths")),
                Values.pairs(value.get("outputs")),
                Values.pairs(value.get("state")));
    }
}

package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Value;
import dev.slipway.planning.JobResult.Conclusion;
import dev.slipway.workflow.ParsedWorkflow;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowParser;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Workflows, plans and runs for the tests of this package.
final class Plans {

    static final String CI = ".github/workflows/ci.yml";

    private Plans() {}

    static Workflow workflow(String yaml) {
        ParsedWorkflow parsed = WorkflowParser.parse(CI, bytes(yaml));
        assertThat(parsed.problems()).filteredOn(p -> p.isError()).isEmpty();
        return parsed.workflow().orElseThrow();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// @param others names under `.github/workflows` to texts
    static RunPlan.Loaded load(String yaml, Map<String, String> others) {
        return RunPlan.load(
                CI,
                bytes(yaml),
                path ->
                        Optional.ofNullable(others.get(path.replace(".github/workflows/", "")))
                                .map(Plans::bytes));
    }

    static RunPlan plan(String yaml, Map<String, String> others) {
        RunPlan.Loaded loaded = load(yaml, others);
        assertThat(loaded.problems()).isEmpty();
        return loaded.plan().orElseThrow();
    }

    static RunPlan plan(String yaml) {
        return plan(yaml, Map.of());
    }

    /// A run whose facts the test sets.
    static final class Run implements RunView {
        private final Map<String, JobResult> results = new HashMap<>();
        private Value inputs = Value.object(Map.of());
        private boolean cancelled;

        Run result(String key, Conclusion conclusion) {
            return result(key, conclusion, Map.of());
        }

        Run result(String key, Conclusion conclusion, Map<String, String> outputs) {
            results.put(key, new JobResult(conclusion, outputs));
            return this;
        }

        Run inputs(Map<String, Value> values) {
            inputs = Value.object(values);
            return this;
        }

        Run cancel() {
            cancelled = true;
            return this;
        }

        @Override
        public Value github() {
            Map<String, Value> github = new LinkedHashMap<>();
            github.put("ref", Value.of("refs/heads/main"));
            github.put("sha", Value.of("abc"));
            return Value.object(github);
        }

        @Override
        public Value vars() {
            return Value.object(Map.of("LABEL", Value.of("big")));
        }

        @Override
        public Value inputs() {
            return inputs;
        }

        @Override
        public boolean cancelled() {
            return cancelled;
        }

        @Override
        public Optional<JobResult> result(String nodeKey) {
            return Optional.ofNullable(results.get(nodeKey));
        }
    }
}

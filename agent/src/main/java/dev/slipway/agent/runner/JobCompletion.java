package dev.slipway.agent.runner;

import dev.slipway.agent.output.Masks;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.EnvironmentSpec;
import dev.slipway.workflow.StepsJob;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// `Complete job`: outputs, the environment's address, and the end of what steps left running.
final class JobCompletion {
    private final JobRuntime job;
    private final StepsJob definition;
    private final JobSteps steps;

    JobCompletion(JobRuntime job, StepsJob definition, JobSteps steps) {
        this.job = job;
        this.definition = definition;
        this.steps = steps;
    }

    /// @throws StepFailure when an output cannot be evaluated
    void run(StepOutput log) throws IOException {
        int killed = job.machine().executor().killLeftovers(job.trackingId());
        if (killed > 0) {
            log.say(
                    "complete/left",
                    "Ended %d processes that steps left running.".formatted(killed));
        }
        job.checkpoint().record("outputs", Values.ofPairs(evaluateOutputs(log)));
        job.checkpoint().record("url", Value.of(evaluateUrl(log)));
    }

    private Map<String, String> evaluateOutputs(StepOutput log) {
        var site = steps.siteOfJob(Headers.own("complete"));
        Masks masks = job.logs().masks();
        var kept = new LinkedHashMap<String, String>();
        Map<String, String> all;
        try {
            all = Coercion.textMap(definition.outputs().evaluate(site.scope()), "outputs");
        } catch (ExpressionException problem) {
            throw new StepFailure(problem.getMessage(), problem);
        }
        all.forEach(
                (name, value) -> {
                    if (masks.matches(value)) {
                        log.warning(
                                "complete/secret/" + name,
                                "Skip output '%s' since it may contain secret.".formatted(name));
                    } else if (!value.isEmpty()) {
                        kept.put(name, value);
                    }
                });
        return kept;
    }

    private String evaluateUrl(StepOutput log) {
        var url = definition.environment().flatMap(EnvironmentSpec::url);
        if (url.isEmpty()) {
            return "";
        }
        try {
            var site = steps.siteOfJob(Headers.own("complete"));
            return job.logs().masks().apply(url.get().evaluate(site.scope()).text());
        } catch (ExpressionException problem) {
            log.warning("complete/url", "The environment's url: " + problem.getMessage());
            return "";
        }
    }

    Map<String, String> outputs() {
        return Values.pairs(job.checkpoint().recall("outputs").orElse(Value.NULL));
    }

    String environmentUrl() {
        return job.checkpoint().recall("url").map(Value::text).orElse("");
    }
}

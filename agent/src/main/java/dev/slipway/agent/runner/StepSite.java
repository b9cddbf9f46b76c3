package dev.slipway.agent.runner;

import dev.slipway.agent.runner.StepScope.StatusFunctions;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ObjectValue;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Step;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Where one step stands: what its expressions see and what its process inherits.
final class StepSite {
    private final JobRuntime job;
    private final Frame top;
    private final Frame frame;
    private final Surroundings around;
    private final String path;
    private final Step.Header header;
    private Map<String, String> stepEnv = Map.of();

    /// @param top the job's own frame, whose status is the job's
    /// @param frame the list of steps that the step is in
    /// @param path names the step in the checkpoint: `main/3`, inside of composites `main/3/0`
    StepSite(
            JobRuntime job,
            Frame top,
            Frame frame,
            Surroundings around,
            String path,
            Step.Header header) {
        this.job = job;
        this.top = top;
        this.frame = frame;
        this.around = around;
        this.path = path;
        this.header = header;
    }

    JobRuntime job() {
        return job;
    }

    Frame top() {
        return top;
    }

    Frame frame() {
        return frame;
    }

    Surroundings around() {
        return around;
    }

    String path() {
        return path;
    }

    Step.Header header() {
        return header;
    }

    /// Evaluates the step's `env`, which its other keys may use.
    void evaluateEnv() {
        stepEnv = Coercion.textMap(header.env().evaluate(scope()), "env");
    }

    /// The variables of the `env` context: the job's so far, the calling step's, its own.
    Map<String, String> env() {
        var env = new LinkedHashMap<>(around.env());
        env.putAll(frame.outerEnv());
        env.putAll(stepEnv);
        return env;
    }

    /// The step's own variables and those of the steps that call it.
    Map<String, String> envForInside() {
        var env = new LinkedHashMap<>(frame.outerEnv());
        env.putAll(stepEnv);
        return env;
    }

    StepScope scope() {
        return scope(job.cancel().isRaised(), frame.status(), Map.of());
    }

    /// Pre and post stages look at the job's status, also inside of composite actions.
    StepScope scopeOfJobStatus() {
        return scope(job.cancel().isRaised(), top.status(), Map.of());
    }

    /// As it would be, were the job cancelled.
    StepScope scopeIfCancelled() {
        return scope(true, frame.status(), Map.of());
    }

    /// @param github fields for this use only
    StepScope scope(Map<String, String> github) {
        return scope(job.cancel().isRaised(), frame.status(), github);
    }

    private StepScope scope(boolean cancelled, Conclusion status, Map<String, String> github) {
        Map<String, Value> contexts = new HashMap<>(job.contexts().fixed());
        Value inputs = frame.inputs();
        if (inputs != null) {
            contexts.put("inputs", inputs);
        }
        contexts.put("github", github(github));
        contexts.put("env", Values.ofEnvironment(env()));
        contexts.put("steps", frame.results().context());
        contexts.put("job", Values.object("status", jobStatus().word()));
        return new StepScope(contexts, new StatusFunctions(cancelled, status), job.hash());
    }

    Conclusion jobStatus() {
        return job.cancel().isRaised() ? Conclusion.CANCELLED : top.status();
    }

    /// The `github` context here.
    ObjectValue github(Map<String, String> more) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("action", header.id());
        fields.putAll(frame.github());
        if (frame.isComposite()) {
            fields.put("action_status", frame.status().word());
        }
        fields.putAll(more);
        return job.contexts().github(fields);
    }

    /// The whole environment of a process: what the machine has, then the layers of the workflow,
    /// then what belongs to the runner.
    ///
    /// @param extra `INPUT_*` and `STATE_*`
    /// @param github fields for this process only, such as the command files
    Map<String, String> processEnvironment(Map<String, String> extra, Map<String, String> github) {
        var env = new LinkedHashMap<>(job.machine().environment());
        env.putAll(env());
        env.putAll(extra);
        env.put("PATH", searchPath());
        env.putIfAbsent("CI", "true");
        env.put("GITHUB_ACTIONS", "true");
        env.putAll(JobContexts.variables(github(github)));
        var runner = Values.strings(job.contexts().fixed().getOrDefault("runner", Value.NULL));
        runner.forEach(
                (name, value) -> {
                    if (!value.isEmpty()) {
                        env.put("RUNNER_" + name.toUpperCase(Locale.ROOT), value);
                    }
                });
        return env;
    }

    /// The `PATH` of the step's process.
    String searchPath() {
        String own = env().get("PATH");
        String base =
                own != null
                        ? own
                        : job.machine().environment().getOrDefault("PATH", "/usr/bin:/bin");
        return around.searchPath(base);
    }
}

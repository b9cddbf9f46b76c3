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
        contexts.put("job", job.containers().context(jobStatus().word()));
        PathMap paths = job.containers().paths();
        contexts.computeIfPresent("runner", (_, runner) -> inside(runner, paths));
        return new StepScope(
                contexts,
                new StatusFunctions(cancelled, status),
                patterns -> job.hash().hash(patterns.stream().map(paths::toHost).toList()));
    }

    /// Folders are said as the steps see them.
    private static Value inside(Value context, PathMap paths) {
        if (paths == PathMap.NONE || !(context instanceof ObjectValue object)) {
            return context;
        }
        var fields = new LinkedHashMap<>(object.entries());
        fields.replaceAll(
                (_, value) ->
                        value.kind().isPrimitive() && value.text().startsWith("/")
                                ? Value.of(paths.toContainer(value.text()))
                                : value);
        return Value.object(fields);
    }

    Conclusion jobStatus() {
        return job.cancel().isRaised() ? Conclusion.CANCELLED : top.status();
    }

    /// The `github` context here, with folders as the steps see them.
    ObjectValue github(Map<String, String> more) {
        return (ObjectValue) inside(githubOfMachine(more), job.containers().paths());
    }

    private ObjectValue githubOfMachine(Map<String, String> more) {
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
        var env = new LinkedHashMap<>(baseEnvironment());
        env.putAll(env());
        env.putAll(extra);
        env.put("PATH", searchPath());
        env.putIfAbsent("CI", "true");
        env.putAll(ownVariables(github, job.containers().paths()));
        return env;
    }

    /// The same for what the agent does on the machine itself, whatever the job runs in.
    Map<String, String> machineEnvironment() {
        var env = new LinkedHashMap<>(job.machine().environment());
        env.putAll(env());
        env.put("PATH", machinePath());
        env.putIfAbsent("CI", "true");
        env.putAll(ownVariables(Map.of(), PathMap.NONE));
        return env;
    }

    /// What a container of its own is given: nothing of the machine's.
    Map<String, String> actionEnvironment(
            Map<String, String> extra, Map<String, String> github, PathMap paths) {
        PathMap here = job.containers().paths();
        var env = new LinkedHashMap<>(env());
        env.replaceAll((_, value) -> paths.toContainer(here.toHost(value)));
        env.putAll(extra);
        env.put("HOME", "/github/home");
        env.putIfAbsent("CI", "true");
        env.putAll(ownVariables(github, paths));
        return env;
    }

    /// What belongs to the runner, with folders as the process sees them.
    private Map<String, String> ownVariables(Map<String, String> github, PathMap paths) {
        var own = new LinkedHashMap<String, String>();
        own.put("GITHUB_ACTIONS", "true");
        own.putAll(JobContexts.variables(githubOfMachine(github)));
        var runner = Values.strings(job.contexts().fixed().getOrDefault("runner", Value.NULL));
        runner.forEach(
                (name, value) -> {
                    if (!value.isEmpty()) {
                        own.put("RUNNER_" + name.toUpperCase(Locale.ROOT), value);
                    }
                });
        own.replaceAll((_, value) -> paths.toContainer(value));
        return own;
    }

    private Map<String, String> baseEnvironment() {
        return job.containers().inContainer()
                ? job.containers().environment()
                : job.machine().environment();
    }

    /// The `PATH` of the step's process.
    String searchPath() {
        return searchPath(baseEnvironment());
    }

    private String machinePath() {
        return searchPath(job.machine().environment());
    }

    private String searchPath(Map<String, String> environment) {
        String own = env().get("PATH");
        return around.searchPath(
                own != null ? own : environment.getOrDefault("PATH", "/usr/bin:/bin"));
    }
}

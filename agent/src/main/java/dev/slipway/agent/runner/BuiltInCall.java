package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ActionCall;
import dev.slipway.agent.actions.Storage;
import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.output.Annotation;
import dev.slipway.agent.output.Masks;
import dev.slipway.agent.output.TestResults;
import dev.slipway.agent.runner.AttemptView.TestsView;
import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.expression.Value;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What a built-in action sees of its step.
final class BuiltInCall implements ActionCall {
    private final Running running;
    private final StepSite site;
    private final String key;
    private final Map<String, String> inputs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String> outputs = new ConcurrentHashMap<>();
    private final Map<String, String> state = new ConcurrentHashMap<>();
    private String life = "";
    private int lines;

    BuiltInCall(Running running, String key, ActionInputs inputs) {
        this.running = running;
        this.site = running.site();
        this.key = key;
        // Built-in actions work on the machine, also when the steps run in a container.
        PathMap paths = site.job().containers().paths();
        inputs.values().forEach((name, value) -> this.inputs.put(name, paths.linesToHost(value)));
    }

    String key() {
        return key;
    }

    Effects effects() {
        return new Effects(Map.of(), List.of(), new TreeMap<>(outputs), new LinkedHashMap<>(state));
    }

    @Override
    public String input(String name) {
        return inputs.getOrDefault(name, "").strip();
    }

    @Override
    public Map<String, String> environment() {
        return site.machineEnvironment();
    }

    @Override
    public Map<String, String> variables() {
        return site.env();
    }

    @Override
    public JobFacts job() {
        JobSpec spec = site.job().spec();
        var github = site.github(Map.of());
        return new JobFacts(
                source(spec.source()),
                github.get("repository").text(),
                github.get("sha").text(),
                github.get("ref").text(),
                github.get("server_url").text(),
                spec.run(),
                site.jobStatus().word(),
                spec.cacheMode(),
                spec.limits().retentionDays(),
                site.job().trackingId());
    }

    static Source source(JobSpec.Source source) {
        return switch (source) {
            case JobSpec.Source.Git(String url) -> new Source.Git(url);
            case JobSpec.Source.Bundle(String sha256, long size) ->
                    new Source.Bundle(new Storage.Blob(sha256, size));
            case JobSpec.Source.None() -> new Source.None();
        };
    }

    @Override
    public Path workspace() {
        return site.job().folders().workspace();
    }

    @Override
    public Path temp() {
        return site.job().folders().temp();
    }

    @Override
    public Path scratch() {
        return site.job().folders().attempt().resolve("scratch").resolve(key.replace('/', '-'));
    }

    @Override
    public Path lasting() {
        return site.job().folders().toolCache().resolveSibling("deployments");
    }

    /// The tool cache is measured by `TOOL/VERSION`.
    @Override
    public Path fetched() {
        return site.job().folders().toolCache().resolve("slipway-fetched").resolve("1");
    }

    @Override
    public String step() {
        return site.path();
    }

    @Override
    public String farm() {
        return site.job().spec().token().farmId();
    }

    @Override
    public int attempt() {
        return site.job().spec().token().attempt().number();
    }

    @Override
    public String jobEnvironment() {
        return site.job().spec().environment();
    }

    @Override
    public boolean isCancelled() {
        return running.control().reason() != StepControl.Stop.NONE;
    }

    @Override
    public synchronized void freshLines() {
        int lives = 0;
        while (site.job().checkpoint().recall(key + "/life/" + lives).isPresent()) {
            lives++;
        }
        site.job().checkpoint().record(key + "/life/" + lives, Value.of(true));
        life = "/" + lives;
    }

    /// Lines are numbered, so that an action that is entered again does not repeat itself.
    @Override
    public synchronized void say(String line) {
        running.log().say(key + life + "/line/" + lines, line);
        lines++;
    }

    @Override
    public synchronized void warn(String message) {
        running.log().warning(key + life + "/line/" + lines, message);
        lines++;
    }

    @Override
    public synchronized void error(String message) {
        running.log().error(key + life + "/line/" + lines, message);
        lines++;
    }

    @Override
    public synchronized void annotate(
            Annotation.Level level, String title, String message, Annotation.Place place) {
        running.log().annotate(key + life + "/line/" + lines, level, title, message, place);
        lines++;
    }

    @Override
    public void summary(String markdown) {
        if (recall("summary").isEmpty()) {
            running.log().summary(key, masks().apply(markdown));
            record("summary", "kept");
        }
    }

    @Override
    public void output(String name, String value) {
        outputs.put(name, site.job().containers().paths().toContainer(value));
    }

    @Override
    public void state(String name, String value) {
        state.put(name, value);
    }

    @Override
    public String state(String name) {
        return States.of(site.job(), site.path()).getOrDefault(name, "");
    }

    @Override
    public Optional<String> recall(String phase) {
        return site.job().checkpoint().recall(key + "/phase/" + phase).map(Value::text);
    }

    @Override
    public void record(String phase, String value) {
        site.job().checkpoint().record(key + "/phase/" + phase, Value.of(value));
    }

    @Override
    public void claim(String what) {
        site.job().checkpoint().record("claim/" + what, Value.of(key));
    }

    @Override
    public boolean claimedByAnother(String what) {
        return site.job()
                .checkpoint()
                .recall("claim/" + what)
                .filter(owner -> !owner.text().equals(key))
                .isPresent();
    }

    @Override
    public Storage storage() {
        return site.job().storage();
    }

    @Override
    public DeploymentLog deployments() {
        return site.job().deployments();
    }

    @Override
    public Threads threads() {
        return site.job().machine().threads();
    }

    @Override
    public Clock clock() {
        return site.job().machine().clock();
    }

    @Override
    public Timers timers() {
        return site.job().machine().timers();
    }

    @Override
    public Masks masks() {
        return site.job().logs().masks();
    }

    @Override
    public void report(TestResults results) {
        site.job()
                .state()
                .record(
                        "tests/" + running.log().number(),
                        StateCodec.tests(
                                new TestsView(
                                        results.total(),
                                        results.failed(),
                                        results.errored(),
                                        results.skipped(),
                                        results.duration(),
                                        results.failures().stream()
                                                .map(BuiltInCall::failure)
                                                .toList(),
                                        results.slowest().stream()
                                                .map(BuiltInCall::timing)
                                                .toList())));
    }

    private static TestsView.Failure failure(TestResults.Failure failure) {
        return new TestsView.Failure(
                failure.suite(), failure.name(), failure.message(), failure.file(), failure.line());
    }

    private static TestsView.Timing timing(TestResults.Timing timing) {
        return new TestsView.Timing(timing.suite(), timing.name(), timing.duration());
    }
}

package dev.slipway.agent.runner;

import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.agent.runner.StepExecution.Verdict;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Defaults;
import dev.slipway.workflow.Step;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// The steps of a job, one after the other: number, condition, name, time limit, log, outcome.
///
/// All methods belong to the program's thread; only {@link #perform} also runs on the threads of
/// background steps.
final class JobSteps {
    private final JobRuntime job;
    private final Frame top;
    private final Surroundings around = new Surroundings();
    private final StepExecution execution = new StepExecution();
    private final BackgroundSteps background;
    private final StopRequests stops = new StopRequests();
    private int nextNumber;
    private String firstFailure = "";

    JobSteps(JobRuntime job, Defaults defaults) {
        this.job = job;
        this.top = Frame.ofJob(defaults);
        this.background = new BackgroundSteps(job, this);
    }

    /// What a stage of a step does, once it is known to run.
    @FunctionalInterface
    interface Stage {
        StepOutcome run(Running running) throws InterruptedException;
    }

    /// What a step of Slipway's own does.
    @FunctionalInterface
    interface Internal {
        void run(StepOutput log) throws IOException, InterruptedException;
    }

    /// One stage of one step with its number and name.
    ///
    /// @param key names the stage in the checkpoint: the step's path, or that with `@pre`, `@post`
    record Numbered(String key, int number, String name, String id, StepSite site) {}

    Surroundings around() {
        return around;
    }

    /// A site for expressions that belong to the job as a whole.
    StepSite siteOfJob(Step.Header header) {
        return new StepSite(job, top, top, around, "job", header);
    }

    /// Runs a main step, whatever its kind.
    void run(String path, Step step) throws InterruptedException {
        switch (step) {
            case Step.Wait wait -> background.waitFor(path, wait);
            case Step.WaitAll all -> background.waitForAll(path, all);
            case Step.Cancel cancel -> background.cancel(path, cancel);
            case Step.Parallel parallel -> background.parallel(path, parallel);
            case Step.Run _, Step.Uses _ -> {
                if (step.header().background()) {
                    background.start(path, step);
                } else {
                    runForeground(path, step);
                }
            }
        }
    }

    /// Waits for the background steps that no step has waited for.
    void waitForBackground() throws InterruptedException {
        background.waitForRest();
    }

    private void runForeground(String path, Step step) throws InterruptedException {
        StepSite site = site(path, step.header(), around);
        Verdict verdict = judge(site);
        Numbered numbered = number(path, name(step, site), site);
        StepOutcome outcome = performOrSkip(numbered, step, verdict);
        apply(step.header(), outcome);
        note(numbered, outcome.conclusion());
    }

    /// Runs a judged step, or shows it as skipped.
    StepOutcome performOrSkip(Numbered numbered, Step step, Verdict verdict)
            throws InterruptedException {
        if (!verdict.holds()) {
            skip(numbered);
            return StepOutcome.SKIPPED;
        }
        return perform(
                numbered,
                step.header(),
                running -> {
                    if (!verdict.problem().isEmpty()) {
                        running.log().error(numbered.key() + "/if", verdict.problem());
                        return StepOutcome.of(Conclusion.FAILURE);
                    }
                    return execution.execute(step, running);
                });
    }

    StepSite site(String path, Step.Header header, Surroundings surroundings) {
        return new StepSite(job, top, top, surroundings, path, header);
    }

    /// Whether a step runs; when the time for cleaning up is over, none does.
    Verdict judge(StepSite site) {
        String key = site.path() + "/if";
        if (job.cancel().isOver() && job.checkpoint().recall(key).isEmpty()) {
            job.checkpoint().record(key, Values.object("holds", false, "why", ""));
        }
        return StepExecution.judge(site);
    }

    Numbered number(String key, String name, StepSite site) {
        Step.Header header = site.header();
        int number = nextNumber++;
        return new Numbered(key, number, name, header.idWritten() ? header.id() : "", site);
    }

    /// The name that people see.
    String name(Step step, StepSite site) {
        String fallback =
                switch (step) {
                    case Step.Run run ->
                            "Run "
                                    + ScriptSteps.firstLine(
                                            textOr(() -> run.run().evaluate(site.scope()), "…"));
                    case Step.Uses uses -> "Run " + uses.uses().value().text();
                    case Step.Wait wait ->
                            "Wait for "
                                    + String.join(
                                            ", ",
                                            wait.ids().stream().map(id -> id.value()).toList());
                    case Step.WaitAll _ -> "Wait for all background steps";
                    case Step.Cancel cancel -> "Cancel " + cancel.target().value();
                    case Step.Parallel _ -> "Run steps in parallel";
                };
        return step.header()
                .name()
                .map(name -> textOr(() -> name.evaluate(site.scope()), fallback))
                .filter(name -> !name.isBlank())
                .orElse(fallback);
    }

    private static String textOr(java.util.function.Supplier<Value> value, String fallback) {
        try {
            return value.get().text();
        } catch (ExpressionException broken) {
            return fallback;
        }
    }

    private void skip(Numbered numbered) {
        Instant now = job.machine().clock().now();
        begin(numbered, now);
        job.state()
                .record(
                        "end/" + numbered.number(),
                        StateCodec.end(Conclusion.SKIPPED, Conclusion.SKIPPED, now, 0));
    }

    private Instant begin(Numbered numbered, Instant now) {
        Value begun =
                job.state()
                        .record(
                                "begin/" + numbered.number(),
                                StateCodec.begin(
                                        job.logs().masks().apply(numbered.name()),
                                        numbered.id(),
                                        now));
        return Values.instant(begun.get("at"));
    }

    /// Runs one stage from its beginning, or on from where a restart left it, to its end.
    StepOutcome perform(Numbered numbered, Step.Header header, Stage stage)
            throws InterruptedException {
        Instant begun = begin(numbered, job.machine().clock().now());
        Optional<Value> done = job.checkpoint().recall(numbered.key() + "/done");
        Optional<Value> ended = job.checkpoint().recall("end/" + numbered.number());
        if (done.isPresent() && ended.isPresent()) {
            return StepOutcome.fromValue(done.get());
        }
        StepOutput log = job.logs().open(numbered.number(), numbered.site().env());
        StepOutcome outcome;
        if (done.isPresent()) {
            outcome = StepOutcome.fromValue(done.get());
        } else {
            outcome = runLimited(numbered, header, stage, begun, log);
            job.checkpoint().record(numbered.key() + "/done", outcome.toValue());
        }
        long logEnd = log.end();
        job.state()
                .record(
                        "end/" + numbered.number(),
                        StateCodec.end(
                                outcome.conclusion(),
                                outcome.outcome(),
                                job.machine().clock().now(),
                                logEnd));
        return outcome;
    }

    private StepOutcome runLimited(
            Numbered numbered, Step.Header header, Stage stage, Instant begun, StepOutput log)
            throws InterruptedException {
        double minutes;
        try {
            minutes =
                    header.timeoutMinutes().isEmpty()
                            ? -1
                            : Coercion.minutes(
                                    header.timeoutMinutes().get().evaluate(numbered.site().scope()),
                                    "timeout-minutes");
        } catch (ExpressionException problem) {
            log.error(numbered.key() + "/timeout", problem.getMessage());
            return StepOutcome.of(Conclusion.FAILURE);
        }
        try (var control =
                StepControls.ofJobStep(numbered.site(), job.machine().remaining(begun, minutes))) {
            control.own(stops.register(numbered.number(), control));
            StepOutcome outcome =
                    stage.run(new Running(numbered.site(), log, control, numbered.name()));
            if (control.reason() == StepControl.Stop.TIMED_OUT) {
                log.error(
                        numbered.key() + "/late",
                        "The action '%s' has timed out after %s minutes."
                                .formatted(numbered.name(), Value.of(minutes).text()));
            }
            return outcome;
        } catch (StepFailure | ExpressionException problem) {
            log.error(numbered.key() + "/failed", String.valueOf(problem.getMessage()));
            return StepOutcome.of(Conclusion.FAILURE);
        }
    }

    /// Stops a step by its number, also one that has not come to run yet.
    void stop(int number) {
        stops.stop(number);
    }

    /// Lets a step's outcome count for what comes after it.
    void apply(Step.Header header, StepOutcome outcome) {
        around.apply(outcome.effects());
        if (header.idWritten()) {
            top.results().put(header.id(), outcome);
        }
    }

    /// Lets a step's conclusion count for the job.
    void note(Numbered numbered, Conclusion conclusion) {
        if (conclusion == Conclusion.FAILURE && firstFailure.isEmpty()) {
            firstFailure = "step '%s' failed".formatted(job.logs().masks().apply(numbered.name()));
        }
        top.note(conclusion);
    }

    /// Runs a step of Slipway's own.
    ///
    /// @return whether it succeeded
    boolean internal(String key, String name, Internal body)
            throws IOException, InterruptedException {
        Step.Header header = Headers.own(key);
        Numbered numbered = new Numbered(key, nextNumber++, name, "", site(key, header, around));
        var failure = new IOException[1];
        StepOutcome outcome =
                perform(
                        numbered,
                        header,
                        running -> {
                            try {
                                body.run(running.log());
                                return StepOutcome.of(Conclusion.SUCCESS);
                            } catch (IOException problem) {
                                failure[0] = problem;
                                return StepOutcome.of(Conclusion.FAILURE);
                            }
                        });
        if (failure[0] != null) {
            throw failure[0];
        }
        note(numbered, outcome.conclusion());
        return outcome.conclusion() == Conclusion.SUCCESS;
    }

    /// Runs the pre stage of an action that has one.
    void pre(String path, Step.Uses step) throws InterruptedException {
        StepSite site = site(path, Headers.stageOf(step.header()), around);
        if (job.cancel().isOver() || !execution.actions().hasPre(step, site)) {
            return;
        }
        Numbered numbered = number(path + "@pre", "Pre " + name(step, site), site);
        StepOutcome outcome =
                perform(
                        numbered,
                        site.header(),
                        running -> {
                            site.evaluateEnv();
                            return execution.actions().pre(step, running);
                        });
        around.apply(outcome.effects());
        note(numbered, outcome.conclusion());
    }

    /// Runs the post stage of a step's action.
    void post(String path, Step.Uses step) throws InterruptedException {
        StepSite site = site(path, Headers.stageOf(step.header()), around);
        Numbered numbered = number(path + "@post", "Post " + name(step, site), site);
        if (job.cancel().isOver() && job.checkpoint().recall(path + "@post/done").isEmpty()) {
            skip(numbered);
            return;
        }
        StepOutcome outcome =
                perform(
                        numbered,
                        site.header(),
                        running -> {
                            site.evaluateEnv();
                            return execution.actions().post(step, running);
                        });
        around.apply(outcome.effects());
        note(numbered, outcome.conclusion());
    }

    /// How the job stands.
    Conclusion conclusion() {
        if (job.cancel().isRaised()) {
            return job.cancel().timedOut() ? Conclusion.TIMED_OUT : Conclusion.CANCELLED;
        }
        return top.status();
    }

    /// Which step failed first, in words; empty when none did.
    String firstFailure() {
        return firstFailure;
    }
}

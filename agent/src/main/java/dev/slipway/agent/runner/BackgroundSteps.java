package dev.slipway.agent.runner;

import dev.slipway.agent.runner.JobSteps.Numbered;
import dev.slipway.agent.runner.StepExecution.Verdict;
import dev.slipway.workflow.Located;
import dev.slipway.workflow.Step;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/// Background steps: started in order, at most ten at a time, each on a thread of its own. What one
/// has done (outputs, variables, outcome) counts from the `wait` or `cancel` on that covers it. At
/// the end of the job the failures of all of them count, also of those whose `wait` was forgiven
/// (BackgroundStepCoordinator.cs): only a step's own `continue-on-error` forgives the step.
///
/// Numbers, conditions and the order in which effects are applied are decided by the job's thread,
/// so that they are the same after a restart of the agent.
final class BackgroundSteps {
    private static final int MAX_RUNNING = 10;

    private final JobRuntime job;
    private final JobSteps steps;
    private final Semaphore slots = new Semaphore(MAX_RUNNING, true);
    private final Map<String, Started> open = new LinkedHashMap<>();
    private final List<Started> all = new ArrayList<>();

    BackgroundSteps(JobRuntime job, JobSteps steps) {
        this.job = job;
        this.steps = steps;
    }

    /// One background step that nothing has waited for yet.
    private static final class Started {
        private final Step step;
        private final Numbered numbered;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile StepOutcome outcome = StepOutcome.SKIPPED;
        private volatile @Nullable RuntimeException problem;

        Started(Step step, Numbered numbered) {
            this.step = step;
            this.numbered = numbered;
        }

        StepOutcome await() throws InterruptedException {
            over.await();
            RuntimeException failed = problem;
            if (failed != null) {
                throw failed;
            }
            return outcome;
        }
    }

    void start(String path, Step step) {
        StepSite site = steps.site(path, step.header(), steps.around().fork());
        Verdict verdict = steps.judge(site);
        Numbered numbered = steps.number(path, steps.name(step, site), site);
        var started = new Started(step, numbered);
        open.put(key(step.header().id()), started);
        all.add(started);
        job.machine()
                .threads()
                .start(
                        "background " + job.spec().token().attempt() + " " + path,
                        () -> run(started, verdict));
    }

    private void run(Started started, Verdict verdict) {
        try {
            slots.acquire();
            try {
                started.outcome = steps.performOrSkip(started.numbered, started.step, verdict);
            } finally {
                slots.release();
            }
        } catch (InterruptedException stopped) {
            started.outcome = StepOutcome.of(Conclusion.CANCELLED);
        } catch (RuntimeException problem) {
            started.problem = problem;
        } finally {
            started.over.countDown();
        }
    }

    void waitFor(String path, Step.Wait step) throws InterruptedException {
        waitStep(path, step, step.ids().stream().map(Located::value).toList());
    }

    void waitForAll(String path, Step.WaitAll step) throws InterruptedException {
        waitStep(path, step, ids());
    }

    private List<String> ids() {
        return open.values().stream().map(started -> started.step.header().id()).toList();
    }

    private void waitStep(String path, Step step, List<String> ids) throws InterruptedException {
        StepSite site = steps.site(path, step.header(), steps.around());
        Numbered numbered = steps.number(path, steps.name(step, site), site);
        finish(numbered, step, ids);
    }

    private void finish(Numbered numbered, Step step, List<String> ids)
            throws InterruptedException {
        var covered = new ArrayList<Started>();
        for (String id : ids) {
            Started started = open.remove(key(id));
            if (started != null) {
                covered.add(started);
            }
        }
        StepOutcome outcome =
                steps.perform(
                        numbered,
                        step.header(),
                        running -> {
                            Conclusion worst = Conclusion.SUCCESS;
                            for (Started started : covered) {
                                worst = worse(worst, started);
                            }
                            return StepExecution.forgiveIfAsked(
                                    step, running, StepOutcome.of(worst));
                        });
        for (Started started : covered) {
            steps.apply(started.step.header(), started.await());
        }
        steps.apply(step.header(), outcome);
        steps.note(numbered, outcome.conclusion());
    }

    private static Conclusion worse(Conclusion worst, Started started) throws InterruptedException {
        boolean failed = started.await().conclusion() == Conclusion.FAILURE;
        return failed ? Conclusion.FAILURE : worst;
    }

    /// Stops a background step and lets what it has done count; that it was cancelled does not
    /// count against the job.
    void cancel(String path, Step.Cancel step) throws InterruptedException {
        StepSite site = steps.site(path, step.header(), steps.around());
        Numbered numbered = steps.number(path, steps.name(step, site), site);
        Started started = open.remove(key(step.target().value()));
        StepOutcome outcome =
                steps.perform(
                        numbered,
                        step.header(),
                        running -> {
                            if (started != null) {
                                steps.stop(started.numbered.number());
                                started.await();
                            }
                            return StepOutcome.of(Conclusion.SUCCESS);
                        });
        if (started != null) {
            steps.apply(started.step.header(), started.await());
        }
        steps.apply(step.header(), outcome);
    }

    /// Starts all steps of a group, then waits for all of them.
    void parallel(String path, Step.Parallel group) throws InterruptedException {
        for (int i = 0; i < group.steps().size(); i++) {
            start(path + "/" + i, group.steps().get(i));
        }
        StepSite site = steps.site(path, group.header(), steps.around());
        Numbered numbered = steps.number(path, steps.name(group, site), site);
        finish(numbered, group, group.steps().stream().map(inner -> inner.header().id()).toList());
    }

    /// Waits for all that is open at the end of the job, shown only when there is something, and
    /// counts every failure.
    void waitForRest() throws InterruptedException {
        if (!open.isEmpty()) {
            waitStep("wait-rest", new Step.WaitAll(Headers.own("__wait_all")), ids());
        }
        for (Started started : all) {
            if (started.await().conclusion() == Conclusion.FAILURE) {
                steps.note(started.numbered, Conclusion.FAILURE);
            }
        }
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}

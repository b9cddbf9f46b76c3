package dev.slipway.lint;

import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Guard;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.Workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lists every place of a workflow or action that holds expressions.
final class Sites {

    private final List<Site> sites = new ArrayList<>();
    private Optional<Job> job = Optional.empty();
    private List<Step> all = List.of();

    private Sites() {}

    static List<Site> of(Workflow workflow) {
        Sites sites = new Sites();
        sites.add(workflow.runName());
        sites.add(workflow.concurrency());
        sites.add(Site.Kind.ENVIRONMENT, workflow.env(), List.of());
        workflow.call()
                .ifPresent(
                        call ->
                                call.outputs()
                                        .forEach(
                                                output ->
                                                        sites.add(
                                                                Site.Kind.CALL_OUTPUT,
                                                                output.value(),
                                                                List.of())));
        workflow.jobs().forEach(sites::job);
        return sites.sites;
    }

    static List<Site> of(ActionManifest action) {
        Sites sites = new Sites();
        if (action.runs() instanceof ActionManifest.Composite composite) {
            sites.all = flatten(composite.steps());
            sites.steps(composite.steps());
            action.outputs()
                    .forEach(
                            output ->
                                    output.value()
                                            .ifPresent(
                                                    value ->
                                                            sites.add(
                                                                    Site.Kind.OTHER,
                                                                    value,
                                                                    sites.all)));
        }
        return sites.sites;
    }

    /// The steps with those inside `parallel`, in file order.
    static List<Step> flatten(List<Step> steps) {
        List<Step> flat = new ArrayList<>();
        for (Step step : steps) {
            flat.add(step);
            if (step instanceof Step.Parallel parallel) {
                flat.addAll(flatten(parallel.steps()));
            }
        }
        return flat;
    }

    private void job(Job each) {
        job = Optional.of(each);
        all = each instanceof StepsJob steps ? flatten(steps.steps()) : List.of();
        condition(each.condition(), List.of());
        add(each.name());
        each.strategy().ifPresent(strategy -> add(Site.Kind.OTHER, strategy.value(), List.of()));
        add(each.concurrency());
        switch (each) {
            case CallJob call -> {
                add(Site.Kind.OTHER, call.with(), List.of());
                add(call.secrets());
            }
            case StepsJob steps -> {
                add(Site.Kind.OTHER, steps.runsOn(), List.of());
                steps.environment()
                        .ifPresent(
                                environment -> {
                                    add(Site.Kind.OTHER, environment.name(), List.of());
                                    add(environment.deployment());
                                    environment
                                            .url()
                                            .ifPresent(url -> add(Site.Kind.OTHER, url, all));
                                });
                add(Site.Kind.ENVIRONMENT, steps.env(), List.of());
                add(steps.defaults().shell());
                add(steps.defaults().workingDirectory());
                add(steps.container());
                add(steps.services());
                add(steps.timeoutMinutes());
                add(steps.cancelTimeoutMinutes());
                add(steps.continueOnError());
                steps(steps.steps());
                add(Site.Kind.OTHER, steps.outputs(), all);
            }
        }
        job = Optional.empty();
    }

    private void steps(List<Step> steps) {
        List<Step> earlier = new ArrayList<>();
        for (Step step : steps) {
            step(step, earlier);
            earlier.add(step);
            if (step instanceof Step.Parallel parallel) {
                parallel.steps().forEach(inner -> step(inner, earlier));
                earlier.addAll(parallel.steps());
            }
        }
    }

    private void step(Step step, List<Step> earlier) {
        Step.Header header = step.header();
        condition(header.condition(), earlier);
        header.name().ifPresent(name -> add(Site.Kind.OTHER, name, earlier));
        add(Site.Kind.ENVIRONMENT, header.env(), earlier);
        // Evaluated when the step has ended, and so may look at the step itself.
        List<Step> after = new ArrayList<>(earlier);
        after.add(step);
        header.continueOnError().ifPresent(value -> add(Site.Kind.OTHER, value, after));
        header.timeoutMinutes().ifPresent(value -> add(Site.Kind.OTHER, value, earlier));
        switch (step) {
            case Step.Run run -> {
                add(Site.Kind.SCRIPT, run.run(), earlier);
                run.shell().ifPresent(shell -> add(Site.Kind.OTHER, shell, earlier));
                run.workingDirectory().ifPresent(folder -> add(Site.Kind.OTHER, folder, earlier));
            }
            case Step.Uses uses -> with(uses, earlier);
            case Step.Wait _, Step.WaitAll _, Step.Cancel _, Step.Parallel _ -> {
                // These hold no expressions of their own.
            }
        }
    }

    private void with(Step.Uses uses, List<Step> earlier) {
        boolean script =
                uses.uses().value() instanceof ActionRef.Repository remote
                        && remote.fullName().equals("actions/github-script");
        if (script && uses.with() instanceof Computed.Entries mapping) {
            for (Computed.Entry entry : mapping.entries()) {
                boolean code =
                        entry.key().isLiteral()
                                && entry.key().literal().text().equalsIgnoreCase("script");
                add(code ? Site.Kind.SCRIPT : Site.Kind.OTHER, entry.value(), earlier);
            }
        } else {
            add(Site.Kind.OTHER, uses.with(), earlier);
        }
    }

    private void condition(Guard guard, List<Step> earlier) {
        if (guard.isWritten()) {
            sites.add(
                    new Site(
                            Site.Kind.CONDITION,
                            job,
                            earlier,
                            all,
                            guard.condition().template(),
                            guard.places()));
        }
    }

    private void add(Optional<Computed> value) {
        value.ifPresent(present -> add(Site.Kind.OTHER, present, List.of()));
    }

    private void add(Site.Kind kind, Computed value, List<Step> earlier) {
        value.forEachTemplate(
                dynamic ->
                        sites.add(
                                new Site(
                                        kind,
                                        job,
                                        earlier,
                                        all,
                                        dynamic.template(),
                                        dynamic.places())));
    }
}

package dev.slipway.lint;

import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Located;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.Strategy;
import dev.slipway.workflow.Suggest;
import dev.slipway.workflow.Trigger;
import dev.slipway.workflow.Workflow;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Warns about properties of contexts that do not exist: GitHub gives them as empty, silently.
final class ContextRule {

    private static final Set<String> GITHUB =
            words(
                    "action action_path action_ref action_repository action_status actor actor_id"
                        + " api_url artifact_cache_size_limit base_ref env event event_name"
                        + " event_path graphql_url head_ref job output path ref ref_name"
                        + " ref_protected ref_type repository repository_id repository_owner"
                        + " repository_owner_id repository_visibility repositoryurl retention_days"
                        + " run_attempt run_id run_number secret_source server_url sha state"
                        + " step_summary token triggering_actor workflow workflow_ref workflow_sha"
                        + " workspace");
    private static final Set<String> JOB =
            words(
                    "status container services check_run_id"
                            + " workflow_ref workflow_sha workflow_repository workflow_file_path");
    private static final Set<String> RUNNER =
            words("name os arch temp tool_cache debug environment workspace");
    private static final Set<String> STRATEGY = words("fail-fast job-index job-total max-parallel");
    private static final Set<String> STEP = words("outputs outcome conclusion");
    private static final Set<String> NEED = words("outputs result");

    private final Findings findings;
    private final Optional<Workflow> workflow;
    private final ActionCatalog actions;

    /// @param workflow absent for actions, whose inputs and needs are not checked here
    ContextRule(Findings findings, Optional<Workflow> workflow, ActionCatalog actions) {
        this.findings = findings;
        this.workflow = workflow;
        this.actions = actions;
    }

    void check(List<Site> sites) {
        for (Site site : sites) {
            site.uses().stream().filter(use -> use.names(1)).forEach(use -> check(site, use));
        }
    }

    private void check(Site site, PropertyUse use) {
        switch (use.context()) {
            case "github" -> fixed(site, use, GITHUB);
            case "runner" -> fixed(site, use, RUNNER);
            case "strategy" -> fixed(site, use, STRATEGY);
            case "job" -> fixed(site, use, JOB);
            case "steps" -> step(site, use);
            case "needs" -> need(site, use);
            case "matrix" -> matrix(site, use);
            case "inputs" -> input(site, use);
            case "jobs" -> calledJob(site, use);
            default -> {
                // env, vars and secrets hold names that no file declares.
            }
        }
    }

    private void fixed(Site site, PropertyUse use, Set<String> known) {
        if (!known.contains(use.segment(1))) {
            unknown(
                    site,
                    use,
                    "the context '" + use.context() + "' has no property '" + use.segment(1) + "'",
                    use.segment(1),
                    known);
        }
    }

    private void step(Site site, PropertyUse use) {
        String id = use.segment(1);
        Optional<Step> step = find(site.earlier(), id);
        if (step.isEmpty()) {
            if (find(site.all(), id).isPresent()) {
                findings.warning(
                        site.at(use),
                        "'"
                                + use.text()
                                + "' is always empty here: the"
                                + " step '"
                                + id
                                + "' has not run yet");
            } else {
                unknown(site, use, "no step has the id '" + id + "'", id, ids(site.all()));
            }
            return;
        }
        if (use.names(2) && !STEP.contains(use.segment(2))) {
            unknown(
                    site,
                    use,
                    "a step has no property '" + use.segment(2) + "'",
                    use.segment(2),
                    STEP);
        }
        if (use.segment(2).equals("outputs") && use.names(3)) {
            actions.outputs(step.get())
                    .ifPresent(
                            outputs -> {
                                if (outputs.stream().noneMatch(use.segment(3)::equalsIgnoreCase)) {
                                    unknown(
                                            site,
                                            use,
                                            "the step '"
                                                    + id
                                                    + "' has no output '"
                                                    + use.segment(3)
                                                    + "'",
                                            use.segment(3),
                                            outputs);
                                }
                            });
        }
    }

    private static Optional<Step> find(List<Step> steps, String id) {
        return steps.stream()
                .filter(step -> step.header().idWritten() && step.id().equalsIgnoreCase(id))
                .findFirst();
    }

    private static Set<String> ids(List<Step> steps) {
        Set<String> ids = new LinkedHashSet<>();
        steps.stream().filter(step -> step.header().idWritten()).forEach(s -> ids.add(s.id()));
        return ids;
    }

    private void need(Site site, PropertyUse use) {
        if (site.job().isEmpty() || workflow.isEmpty()) {
            return;
        }
        Job job = site.job().get();
        String id = use.segment(1);
        List<String> needs = job.needs().stream().map(Located::value).toList();
        if (needs.stream().noneMatch(id::equalsIgnoreCase)) {
            boolean exists = workflow.get().job(id).isPresent();
            unknown(
                    site,
                    use,
                    "'"
                            + use.text()
                            + "' is always empty: job '"
                            + job.id()
                            + "' does not need '"
                            + id
                            + "'"
                            + (exists ? "; add it to 'needs'" : ""),
                    id,
                    exists ? Set.of() : needs);
            return;
        }
        if (use.names(2) && !NEED.contains(use.segment(2))) {
            unknown(
                    site,
                    use,
                    "'needs." + id + "' has no property '" + use.segment(2) + "'",
                    use.segment(2),
                    NEED);
        }
        workflow.get().job(id).ifPresent(needed -> jobOutput(site, use, needed));
    }

    private void calledJob(Site site, PropertyUse use) {
        if (workflow.isEmpty()) {
            return;
        }
        Optional<Job> job = workflow.get().job(use.segment(1));
        if (job.isEmpty()) {
            unknown(
                    site,
                    use,
                    "there is no job '" + use.segment(1) + "'",
                    use.segment(1),
                    workflow.get().jobs().stream().map(Job::id).toList());
        } else {
            jobOutput(site, use, job.get());
        }
    }

    private void jobOutput(Site site, PropertyUse use, Job job) {
        if (!use.segment(2).equals("outputs") || !use.names(3)) {
            return;
        }
        Optional<Set<String>> outputs =
                switch (job) {
                    case StepsJob steps -> keys(steps.outputs());
                    case CallJob call ->
                            actions.callee(call)
                                    .flatMap(Workflow::call)
                                    .map(
                                            trigger -> {
                                                Set<String> names = new LinkedHashSet<>();
                                                trigger.outputs()
                                                        .forEach(output -> names.add(output.id()));
                                                return names;
                                            });
                };
        outputs.ifPresent(
                names -> {
                    if (names.stream().noneMatch(use.segment(3)::equalsIgnoreCase)) {
                        unknown(
                                site,
                                use,
                                "job '" + job.id() + "' has no output '" + use.segment(3) + "'",
                                use.segment(3),
                                names);
                    }
                });
    }

    private void matrix(Site site, PropertyUse use) {
        if (site.job().isEmpty()) {
            return;
        }
        Optional<Strategy> strategy = site.job().get().strategy();
        if (strategy.isEmpty()) {
            findings.warning(
                    site.at(use),
                    "'"
                            + use.text()
                            + "' is always empty: job '"
                            + site.job().get().id()
                            + "' has no matrix");
            return;
        }
        strategy.get()
                .matrix()
                .flatMap(ContextRule::matrixKeys)
                .ifPresent(
                        keys -> {
                            if (keys.stream().noneMatch(use.segment(1)::equalsIgnoreCase)) {
                                unknown(
                                        site,
                                        use,
                                        "the matrix has no key '" + use.segment(1) + "'",
                                        use.segment(1),
                                        keys);
                            }
                        });
    }

    /// The keys of a matrix with those that `include` adds; nothing when they are computed.
    private static Optional<Set<String>> matrixKeys(Computed matrix) {
        Optional<Set<String>> keys = keys(matrix);
        Optional<Computed> include = matrix.get("include");
        if (keys.isEmpty() || include.isEmpty()) {
            return keys;
        }
        if (!(include.get() instanceof Computed.Items items)) {
            return Optional.empty();
        }
        Set<String> all = new LinkedHashSet<>(keys.get());
        all.remove("include");
        all.remove("exclude");
        for (Computed item : items.items()) {
            Optional<Set<String>> more = keys(item);
            if (more.isEmpty()) {
                return Optional.empty();
            }
            all.addAll(more.get());
        }
        return Optional.of(all);
    }

    private static Optional<Set<String>> keys(Computed value) {
        if (!(value instanceof Computed.Entries mapping)) {
            return Optional.empty();
        }
        Set<String> keys = new LinkedHashSet<>();
        for (Computed.Entry entry : mapping.entries()) {
            if (entry.insert() || !entry.key().isLiteral()) {
                return Optional.empty();
            }
            keys.add(entry.key().literal().text());
        }
        return Optional.of(keys);
    }

    private void input(Site site, PropertyUse use) {
        if (workflow.isEmpty()) {
            return;
        }
        Set<String> known = new LinkedHashSet<>();
        workflow.get()
                .dispatch()
                .ifPresent(trigger -> trigger.inputs().forEach(input -> known.add(input.id())));
        workflow.get()
                .call()
                .map(Trigger.Call::inputs)
                .ifPresent(inputs -> inputs.forEach(input -> known.add(input.id())));
        if (known.stream().noneMatch(use.segment(1)::equalsIgnoreCase)) {
            unknown(
                    site,
                    use,
                    "the workflow has no input '" + use.segment(1) + "'",
                    use.segment(1),
                    known);
        }
    }

    private void unknown(
            Site site,
            PropertyUse use,
            String message,
            String word,
            java.util.Collection<String> known) {
        String hint =
                Suggest.closest(word, known)
                        .map(best -> "; did you mean '" + best + "'?")
                        .orElse("");
        findings.warning(site.at(use), message + hint);
    }

    private static Set<String> words(String text) {
        List<String> words = new ArrayList<>(List.of(text.toLowerCase(Locale.ROOT).split(" ")));
        return new TreeSet<>(words);
    }
}

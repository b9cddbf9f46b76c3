package dev.slipway.lint;

import dev.slipway.planning.MatrixCheck;
import dev.slipway.planning.WorkflowSource;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifestParser;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.ParsedWorkflow;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowParser;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks workflow and action files: everything that the parser refuses, and what would run but
/// hardly as meant.
///
/// Errors are what stops a run; warnings are the rest. One instance remembers what it has read of a
/// project, so that thousands of files cost little; it is not thread-safe.
public final class Linter {

    private final ActionCatalog catalog;

    /// @param project the files beside the checked ones, for actions and reusable workflows; {@link
    ///   WorkflowSource#NONE} when there are none
    public Linter(WorkflowSource project) {
        this.catalog = new ActionCatalog(project);
    }

    /// All problems of a workflow file, in the order of the file.
    ///
    /// @param path how problems name the file
    /// @param projectPath the file in the project, with `/`; absent when it belongs to none, and
    ///   then calls of other workflows are not followed
    public List<Problem> workflow(String path, Optional<String> projectPath, byte[] source) {
        ParsedWorkflow parsed = WorkflowParser.parse(path, source);
        Findings findings = new Findings(path);
        findings.addAll(parsed.problems());
        parsed.draft().ifPresent(workflow -> check(workflow, projectPath, findings));
        return findings.sorted();
    }

    private void check(Workflow workflow, Optional<String> projectPath, Findings findings) {
        List<Site> sites = Sites.of(workflow);
        List<Computed> environments = new ArrayList<>();
        environments.add(workflow.env());
        List<Step> steps = new ArrayList<>();
        workflow.jobs()
                .forEach(
                        job -> {
                            if (job instanceof StepsJob each) {
                                environments.add(each.env());
                                steps.addAll(each.steps());
                            }
                        });
        checkSteps(steps, sites, environments, findings);
        findings.addAll(MatrixCheck.check(workflow));
        new ContextRule(findings, Optional.of(workflow), catalog).check(sites);
        new TriggerRule(findings).check(workflow);
        new ConcurrencyRule(findings).check(workflow);
        new CallRule(findings, catalog).check(workflow, projectPath);
        workflow.jobs().forEach(job -> always(findings, job.condition()));
    }

    /// All problems of an action file, in the order of the file.
    public List<Problem> action(String path, byte[] source) {
        ActionManifest.Parsed parsed = ActionManifestParser.parse(path, source);
        Findings findings = new Findings(path);
        findings.addAll(parsed.problems());
        parsed.manifest()
                .ifPresent(
                        action -> {
                            List<Site> sites = Sites.of(action);
                            List<Step> steps =
                                    action.runs() instanceof ActionManifest.Composite composite
                                            ? composite.steps()
                                            : List.of();
                            checkSteps(steps, sites, new ArrayList<>(), findings);
                            new ContextRule(findings, Optional.empty(), catalog).check(sites);
                        });
        return findings.sorted();
    }

    private void checkSteps(
            List<Step> steps, List<Site> sites, List<Computed> environments, Findings findings) {
        for (Step step : Sites.flatten(steps)) {
            environments.add(step.header().env());
            always(findings, step.header().condition());
        }
        new StepRule(findings, catalog).check(steps);
        new InjectionRule(findings).check(sites, environments);
    }

    private static void always(Findings findings, dev.slipway.workflow.Guard guard) {
        if (guard.isWritten() && guard.condition().isAlwaysTrueText()) {
            findings.warning(
                    guard.position(),
                    "this condition is always true: text around '${{ }}' makes it a text that is"
                            + " never empty; put everything inside one '${{ }}', or leave '${{ }}'"
                            + " out");
        }
    }
}

package dev.slipway.lint;

import dev.slipway.workflow.CallCheck;
import dev.slipway.workflow.CallJob;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Permissions;
import dev.slipway.workflow.Workflow;
import dev.slipway.workflow.WorkflowRef;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Checks calls of workflows that are beside the file.
final class CallRule {

    private final Findings findings;
    private final ActionCatalog catalog;

    CallRule(Findings findings, ActionCatalog catalog) {
        this.findings = findings;
        this.catalog = catalog;
    }

    /// @param own the workflow's path in the project, to find circles; may be unknown
    void check(Workflow workflow, Optional<String> own) {
        for (Job job : workflow.jobs()) {
            if (job instanceof CallJob call
                    && call.uses().value() instanceof WorkflowRef.Local local
                    && own.isPresent()) {
                check(workflow, call, local, own.get());
            }
        }
    }

    private void check(Workflow workflow, CallJob call, WorkflowRef.Local local, String own) {
        Set<String> seen = new HashSet<>();
        if (local.path().equals(own) || reaches(local.path(), own, seen)) {
            findings.error(
                    call.uses().position(),
                    "workflows call each other in a circle: '"
                            + own
                            + "' is called again by '"
                            + local.path()
                            + "'");
            return;
        }
        if (!catalog.has(local.path())) {
            findings.error(
                    call.uses().position(),
                    "the workflow '" + local.path() + "' does not exist in this project");
            return;
        }
        catalog.workflow(local.path())
                .ifPresent(
                        callee ->
                                findings.addAll(
                                        CallCheck.check(
                                                workflow, call, callee, Permissions.UNSPECIFIED)));
    }

    private boolean reaches(String from, String target, Set<String> seen) {
        if (!seen.add(from)) {
            return false;
        }
        List<Job> jobs = catalog.workflow(from).map(Workflow::jobs).orElse(List.of());
        return jobs.stream()
                .filter(CallJob.class::isInstance)
                .map(job -> ((CallJob) job).uses().value())
                .filter(WorkflowRef.Local.class::isInstance)
                .map(ref -> ((WorkflowRef.Local) ref).path())
                .anyMatch(path -> path.equals(target) || reaches(path, target, seen));
    }
}

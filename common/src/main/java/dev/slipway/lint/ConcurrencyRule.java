package dev.slipway.lint;

import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Workflow;

import java.util.Optional;

/// Finds jobs that wait for their own run: a job in the concurrency group that the workflow holds.
final class ConcurrencyRule {

    private final Findings findings;

    ConcurrencyRule(Findings findings) {
        this.findings = findings;
    }

    void check(Workflow workflow) {
        Optional<Computed> held = workflow.concurrency().flatMap(ConcurrencyRule::group);
        if (held.isEmpty()) {
            return;
        }
        String name = held.get().literal().text();
        for (Job job : workflow.jobs()) {
            job.concurrency()
                    .flatMap(ConcurrencyRule::group)
                    .filter(group -> group.literal().text().equals(name))
                    .ifPresent(group -> report(held.get(), job, group));
        }
    }

    private void report(Computed held, Job job, Computed group) {
        String name = group.literal().text();
        findings.error(
                held.position(),
                "the concurrency group '"
                        + name
                        + "' is also that of job '"
                        + job.id()
                        + "', which would wait for its own run for ever (deadlock)");
        findings.error(
                group.position(),
                "the concurrency group '"
                        + name
                        + "' is held by the workflow, so job '"
                        + job.id()
                        + "' would wait for its own run for ever (deadlock)");
    }

    /// The name of the group, if it is known now.
    private static Optional<Computed> group(Computed concurrency) {
        Optional<Computed> group =
                concurrency instanceof Computed.Entries
                        ? concurrency.get("group")
                        : Optional.of(concurrency);
        return group.filter(Computed::isLiteral)
                .filter(literal -> !literal.literal().text().isEmpty());
    }
}

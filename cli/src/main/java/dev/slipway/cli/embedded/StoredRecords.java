package dev.slipway.cli.embedded;

import dev.slipway.cli.client.Annotation;
import dev.slipway.cli.client.ArtifactInfo;
import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Conclusion;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.client.Step;
import dev.slipway.cli.client.TestReport;
import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.coordinator.storage.AttemptFindings;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/// The coordinator's records as commands show them, without a protocol in between.
final class StoredRecords {
    private StoredRecords() {}

    static Run run(RunState run) {
        RunHead head = run.head();
        return new Run(
                head.number(),
                head.project(),
                head.workflowName(),
                head.workflowPath(),
                head.title(),
                head.eventName(),
                head.ref(),
                head.sha(),
                head.actor(),
                run.runAttempt(),
                Status.valueOf(run.status().name()),
                conclusion(run.conclusion()),
                run.queuedAt(),
                run.startedAt(),
                run.finishedAt(),
                head.priority(),
                run.cancelRequested(),
                run.message(),
                List.of());
    }

    static Job job(JobState job, List<Attempt> attempts) {
        return new Job(
                job.id().run(),
                job.id().job(),
                job.node().key(),
                job.plan().name(),
                job.node().needs(),
                job.plan().runsOn(),
                Status.valueOf(job.status().name()),
                conclusion(job.conclusion()),
                job.queuedAt(),
                job.startedAt(),
                job.finishedAt(),
                job.plan().environment(),
                job.environmentUrl(),
                job.outputs(),
                job.message(),
                job.plan().matrixJson(),
                attempts);
    }

    static Attempt attempt(AttemptState attempt, AttemptFindings findings) {
        return new Attempt(
                attempt.id().number(),
                attempt.runAttempt(),
                Status.valueOf(attempt.status().name()),
                conclusion(attempt.conclusion()),
                attempt.cause() == null ? "" : attempt.cause().name().toLowerCase(Locale.ROOT),
                attempt.causeDetail(),
                attempt.lease().agentName(),
                attempt.lease().at(),
                attempt.startedAt(),
                attempt.finishedAt(),
                attempt.cancelAcknowledgedAt(),
                attempt.steps().stream().map(StoredRecords::step).toList(),
                findings.annotations().stream().map(StoredRecords::annotation).toList(),
                findings.summaries().entrySet().stream()
                        .map(one -> new Attempt.Summary(one.getKey(), one.getValue()))
                        .toList(),
                findings.tests().map(StoredRecords::tests).orElse(null),
                !attempt.logIncomplete().isEmpty());
    }

    private static Step step(StepState step) {
        return new Step(
                step.number(),
                step.name(),
                step.id(),
                Status.valueOf(step.status().name()),
                conclusion(step.conclusion()),
                conclusion(step.outcome()),
                step.startedAt(),
                step.finishedAt(),
                Math.max(0, step.logEnd()));
    }

    private static Annotation annotation(dev.slipway.coordinator.model.Annotation one) {
        return new Annotation(
                one.level().name().toLowerCase(Locale.ROOT),
                one.message(),
                one.title(),
                one.file(),
                one.line(),
                one.endLine(),
                one.column(),
                one.endColumn(),
                one.step());
    }

    private static TestReport tests(dev.slipway.coordinator.model.TestReport tests) {
        return new TestReport(
                tests.total(),
                tests.failed(),
                tests.errored(),
                tests.skipped(),
                tests.duration(),
                tests.failures().stream()
                        .map(
                                one ->
                                        new TestReport.Failure(
                                                one.suite(),
                                                one.name(),
                                                one.message(),
                                                one.file(),
                                                one.line()))
                        .toList(),
                tests.slowest().stream()
                        .map(one -> new TestReport.Timing(one.suite(), one.name(), one.duration()))
                        .toList());
    }

    static ArtifactInfo artifact(Artifact row) {
        return new ArtifactInfo(
                row.id(),
                row.run(),
                row.name(),
                row.size(),
                row.digest(),
                row.createdAt(),
                row.expiresAt(),
                row.files());
    }

    private static @Nullable Conclusion conclusion(
            dev.slipway.coordinator.model.@Nullable Conclusion conclusion) {
        return conclusion == null ? null : Conclusion.valueOf(conclusion.name());
    }
}

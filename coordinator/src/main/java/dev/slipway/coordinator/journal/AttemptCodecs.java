package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Lease;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.coordinator.model.TestReport;
import dev.slipway.journal.v1.Stored;

/// What attempts are made of, to and from its stored form.
final class AttemptCodecs {
    private AttemptCodecs() {}

    static Stored.Lease lease(Lease lease) {
        return Stored.Lease.newBuilder()
                .setAgentId(lease.agentId())
                .setAgentName(lease.agentName())
                .setBootId(lease.bootId())
                .setEpoch(lease.epoch())
                .setTtl(ValueCodecs.duration(lease.ttl()))
                .setAt(ValueCodecs.time(lease.at()))
                .build();
    }

    static Lease lease(Stored.Lease stored) {
        return new Lease(
                stored.getAgentId(),
                stored.getAgentName(),
                stored.getBootId(),
                stored.getEpoch(),
                ValueCodecs.duration(stored.getTtl()),
                ValueCodecs.time(stored.getAt()));
    }

    static Stored.Step step(StepState step) {
        var stored =
                Stored.Step.newBuilder()
                        .setNumber(step.number())
                        .setName(step.name())
                        .setId(step.id())
                        .setStatus(step.status().number())
                        .setConclusion(ValueCodecs.conclusion(step.conclusion()))
                        .setOutcome(ValueCodecs.conclusion(step.outcome()))
                        .setStartedAt(ValueCodecs.time(step.startedAt()))
                        .setLogEnd(step.logEnd());
        if (step.finishedAt() != null) {
            stored.setFinishedAt(ValueCodecs.time(step.finishedAt()));
        }
        return stored.build();
    }

    static StepState step(Stored.Step stored) {
        return new StepState(
                stored.getNumber(),
                stored.getName(),
                stored.getId(),
                Status.of(stored.getStatus()),
                ValueCodecs.conclusion(stored.getConclusion()),
                ValueCodecs.conclusion(stored.getOutcome()),
                ValueCodecs.time(stored.getStartedAt()),
                ValueCodecs.time(stored.hasFinishedAt(), stored.getFinishedAt()),
                stored.getLogEnd());
    }

    static Stored.Annotation annotation(Annotation annotation) {
        return Stored.Annotation.newBuilder()
                .setId(annotation.id())
                .setLevel(annotation.level().number())
                .setMessage(annotation.message())
                .setTitle(annotation.title())
                .setFile(annotation.file())
                .setLine(annotation.line())
                .setEndLine(annotation.endLine())
                .setColumn(annotation.column())
                .setEndColumn(annotation.endColumn())
                .setStep(annotation.step())
                .build();
    }

    static Annotation annotation(Stored.Annotation stored) {
        return new Annotation(
                stored.getId(),
                Annotation.Level.of(stored.getLevel()),
                stored.getMessage(),
                stored.getTitle(),
                stored.getFile(),
                stored.getLine(),
                stored.getEndLine(),
                stored.getColumn(),
                stored.getEndColumn(),
                stored.getStep());
    }

    static Stored.TestReport tests(TestReport tests) {
        var stored =
                Stored.TestReport.newBuilder()
                        .setTotal(tests.total())
                        .setFailed(tests.failed())
                        .setErrored(tests.errored())
                        .setSkipped(tests.skipped())
                        .setDuration(ValueCodecs.duration(tests.duration()));
        for (TestReport.Failure failure : tests.failures()) {
            stored.addFailures(
                    Stored.TestFailure.newBuilder()
                            .setSuite(failure.suite())
                            .setName(failure.name())
                            .setMessage(failure.message())
                            .setFile(failure.file())
                            .setLine(failure.line()));
        }
        for (TestReport.Slow slow : tests.slowest()) {
            stored.addSlowest(
                    Stored.TestTime.newBuilder()
                            .setSuite(slow.suite())
                            .setName(slow.name())
                            .setDuration(ValueCodecs.duration(slow.duration())));
        }
        return stored.build();
    }

    static TestReport tests(Stored.TestReport stored) {
        return new TestReport(
                stored.getTotal(),
                stored.getFailed(),
                stored.getErrored(),
                stored.getSkipped(),
                ValueCodecs.duration(stored.getDuration()),
                stored.getFailuresList().stream()
                        .map(
                                failure ->
                                        new TestReport.Failure(
                                                failure.getSuite(),
                                                failure.getName(),
                                                failure.getMessage(),
                                                failure.getFile(),
                                                failure.getLine()))
                        .toList(),
                stored.getSlowestList().stream()
                        .map(
                                slow ->
                                        new TestReport.Slow(
                                                slow.getSuite(),
                                                slow.getName(),
                                                ValueCodecs.duration(slow.getDuration())))
                        .toList());
    }

    static Stored.AttemptEnd end(AttemptEnd end) {
        return Stored.AttemptEnd.newBuilder()
                .setConclusion(end.conclusion().number())
                .setCause(end.cause().number())
                .setDetail(end.detail())
                .setAt(ValueCodecs.time(end.at()))
                .setLogIncomplete(end.logIncomplete())
                .setOutputPosition(end.outputPosition())
                .build();
    }

    static AttemptEnd end(Stored.AttemptEnd stored) {
        return new AttemptEnd(
                Conclusion.of(stored.getConclusion()),
                Cause.of(stored.getCause()),
                stored.getDetail(),
                ValueCodecs.time(stored.getAt()),
                stored.getLogIncomplete(),
                stored.getOutputPosition());
    }
}

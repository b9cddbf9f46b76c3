package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.TestReport;
import dev.slipway.journal.v1.TestFailure;
import dev.slipway.journal.v1.TestTime;

import java.time.Duration;

/// Annotations and test reports, as in `slipway.journal.v1`.
public final class FindingsCodec {
    private FindingsCodec() {}

    public static dev.slipway.journal.v1.Annotation toProto(Annotation annotation) {
        return dev.slipway.journal.v1.Annotation.newBuilder()
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

    public static Annotation fromProto(dev.slipway.journal.v1.Annotation from) {
        return new Annotation(
                from.getId(),
                Annotation.Level.of(from.getLevel()),
                from.getMessage(),
                from.getTitle(),
                from.getFile(),
                from.getLine(),
                from.getEndLine(),
                from.getColumn(),
                from.getEndColumn(),
                from.getStep());
    }

    public static dev.slipway.journal.v1.TestReport toProto(TestReport report) {
        var to =
                dev.slipway.journal.v1.TestReport.newBuilder()
                        .setTotal(report.total())
                        .setFailed(report.failed())
                        .setErrored(report.errored())
                        .setSkipped(report.skipped())
                        .setDurationNs(report.duration().toNanos());
        for (TestReport.Failure failure : report.failures()) {
            to.addFailures(
                    TestFailure.newBuilder()
                            .setSuite(failure.suite())
                            .setName(failure.name())
                            .setMessage(failure.message())
                            .setFile(failure.file())
                            .setLine(failure.line()));
        }
        for (TestReport.Slow slow : report.slowest()) {
            to.addSlowest(
                    TestTime.newBuilder()
                            .setSuite(slow.suite())
                            .setName(slow.name())
                            .setDurationNs(slow.duration().toNanos()));
        }
        return to.build();
    }

    public static TestReport fromProto(dev.slipway.journal.v1.TestReport from) {
        return new TestReport(
                from.getTotal(),
                from.getFailed(),
                from.getErrored(),
                from.getSkipped(),
                Duration.ofNanos(from.getDurationNs()),
                from.getFailuresList().stream()
                        .map(
                                failure ->
                                        new TestReport.Failure(
                                                failure.getSuite(),
                                                failure.getName(),
                                                failure.getMessage(),
                                                failure.getFile(),
                                                failure.getLine()))
                        .toList(),
                from.getSlowestList().stream()
                        .map(
                                slow ->
                                        new TestReport.Slow(
                                                slow.getSuite(),
                                                slow.getName(),
                                                Duration.ofNanos(slow.getDurationNs())))
                        .toList());
    }
}

package dev.slipway.coordinator.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Findings;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.TestReport;
import dev.slipway.coordinator.storage.Codec;
import dev.slipway.journal.v1.Stored;

import java.util.TreeMap;
import java.util.function.Function;

/// How the records of runs, jobs and attempts are written as table rows.
public final class RowCodecs {
    public static final Codec<RunState> RUN =
            codec(RowCodecs::run, Stored.RunRow.parser(), RowCodecs::run);
    public static final Codec<RunSpec> SPEC =
            codec(RunCodecs::spec, Stored.RunSpec.parser(), RunCodecs::spec);
    public static final Codec<JobState> JOB =
            codec(RowCodecs::job, Stored.JobRow.parser(), RowCodecs::job);
    public static final Codec<AttemptState> ATTEMPT =
            codec(RowCodecs::attempt, Stored.AttemptRow.parser(), RowCodecs::attempt);
    public static final Codec<Annotation> ANNOTATION =
            codec(AttemptCodecs::annotation, Stored.Annotation.parser(), AttemptCodecs::annotation);
    public static final Codec<TestReport> TESTS =
            codec(AttemptCodecs::tests, Stored.TestReport.parser(), AttemptCodecs::tests);

    private RowCodecs() {}

    private static Stored.RunRow run(RunState run) {
        var row =
                Stored.RunRow.newBuilder()
                        .setHead(RunCodecs.head(run.head()))
                        .setRunAttempt(run.runAttempt())
                        .setStatus(run.status().number())
                        .setConclusion(ValueCodecs.conclusion(run.conclusion()))
                        .setQueuedAt(ValueCodecs.time(run.queuedAt()))
                        .setMessage(run.message())
                        .setJobs(run.jobs())
                        .setChangedAt(run.changedAt());
        if (run.startedAt() != null) {
            row.setStartedAt(ValueCodecs.time(run.startedAt()));
        }
        if (run.finishedAt() != null) {
            row.setFinishedAt(ValueCodecs.time(run.finishedAt()));
        }
        if (run.cancel() != null) {
            row.setCancel(ValueCodecs.cancel(run.cancel()));
        }
        if (run.seat() != null) {
            row.setSeat(ValueCodecs.seat(run.seat()));
        }
        return row.build();
    }

    private static RunState run(Stored.RunRow row) {
        return new RunState(
                RunCodecs.head(row.getHead()),
                row.getRunAttempt(),
                Status.of(row.getStatus()),
                ValueCodecs.conclusion(row.getConclusion()),
                ValueCodecs.time(row.getQueuedAt()),
                ValueCodecs.time(row.hasStartedAt(), row.getStartedAt()),
                ValueCodecs.time(row.hasFinishedAt(), row.getFinishedAt()),
                ValueCodecs.cancel(row.hasCancel(), row.getCancel()),
                row.getMessage(),
                ValueCodecs.seat(row.hasSeat(), row.getSeat()),
                row.getJobs(),
                row.getChangedAt());
    }

    private static Stored.JobRow job(JobState job) {
        var row =
                Stored.JobRow.newBuilder()
                        .setId(ValueCodecs.job(job.id()))
                        .setNode(RunCodecs.node(job.node()))
                        .setPlan(RunCodecs.plan(job.plan()))
                        .setPlanned(job.planned())
                        .setStatus(job.status().number())
                        .setConclusion(ValueCodecs.conclusion(job.conclusion()))
                        .setCreatedAt(ValueCodecs.time(job.createdAt()))
                        .putAllOutputs(job.outputs())
                        .setEnvironmentUrl(job.environmentUrl())
                        .setMessage(job.message())
                        .setAttempts(job.attempts())
                        .setRetries(job.retries())
                        .setReason(job.reason().number())
                        .addAllAvoid(job.avoid())
                        .setRunAttempt(job.runAttempt())
                        .setChangedAt(job.changedAt());
        if (job.hold() != null) {
            row.setHold(job.hold().number());
        }
        if (job.queuedAt() != null) {
            row.setQueuedAt(ValueCodecs.time(job.queuedAt()));
        }
        if (job.startedAt() != null) {
            row.setStartedAt(ValueCodecs.time(job.startedAt()));
        }
        if (job.finishedAt() != null) {
            row.setFinishedAt(ValueCodecs.time(job.finishedAt()));
        }
        if (job.cancel() != null) {
            row.setCancel(ValueCodecs.cancel(job.cancel()));
        }
        if (job.seat() != null) {
            row.setSeat(ValueCodecs.seat(job.seat()));
        }
        return row.build();
    }

    private static JobState job(Stored.JobRow row) {
        return new JobState(
                ValueCodecs.job(row.getId()),
                RunCodecs.node(row.getNode()),
                RunCodecs.plan(row.getPlan()),
                row.getPlanned(),
                Status.of(row.getStatus()),
                row.getHold() == 0 ? null : Hold.of(row.getHold()),
                ValueCodecs.conclusion(row.getConclusion()),
                ValueCodecs.time(row.getCreatedAt()),
                ValueCodecs.time(row.hasQueuedAt(), row.getQueuedAt()),
                ValueCodecs.time(row.hasStartedAt(), row.getStartedAt()),
                ValueCodecs.time(row.hasFinishedAt(), row.getFinishedAt()),
                RunSpec.sorted(row.getOutputsMap()),
                row.getEnvironmentUrl(),
                row.getMessage(),
                ValueCodecs.cancel(row.hasCancel(), row.getCancel()),
                ValueCodecs.seat(row.hasSeat(), row.getSeat()),
                row.getAttempts(),
                row.getRetries(),
                AttemptReason.of(row.getReason()),
                row.getAvoidList(),
                row.getRunAttempt(),
                row.getChangedAt());
    }

    private static Stored.AttemptRow attempt(AttemptState attempt) {
        var row =
                Stored.AttemptRow.newBuilder()
                        .setId(ValueCodecs.attempt(attempt.id()))
                        .setRunAttempt(attempt.runAttempt())
                        .setReason(attempt.reason().number())
                        .setLease(AttemptCodecs.lease(attempt.lease()))
                        .setStatus(attempt.status().number())
                        .setLost(attempt.lost())
                        .setConclusion(ValueCodecs.conclusion(attempt.conclusion()))
                        .setCauseDetail(attempt.causeDetail())
                        .setFindings(findings(attempt.findings()))
                        .setLogIncomplete(attempt.logIncomplete())
                        .setOutputPosition(attempt.outputPosition())
                        .setChangedAt(attempt.changedAt());
        attempt.steps().forEach(step -> row.addSteps(AttemptCodecs.step(step)));
        if (attempt.cause() != null) {
            row.setCause(attempt.cause().number());
        }
        if (attempt.startedAt() != null) {
            row.setStartedAt(ValueCodecs.time(attempt.startedAt()));
        }
        if (attempt.finishedAt() != null) {
            row.setFinishedAt(ValueCodecs.time(attempt.finishedAt()));
        }
        if (attempt.cancelAcknowledgedAt() != null) {
            row.setCancelAcknowledgedAt(ValueCodecs.time(attempt.cancelAcknowledgedAt()));
        }
        return row.build();
    }

    private static AttemptState attempt(Stored.AttemptRow row) {
        return new AttemptState(
                ValueCodecs.attempt(row.getId()),
                row.getRunAttempt(),
                AttemptReason.of(row.getReason()),
                AttemptCodecs.lease(row.getLease()),
                Status.of(row.getStatus()),
                row.getLost(),
                ValueCodecs.conclusion(row.getConclusion()),
                row.getCause() == 0 ? null : Cause.of(row.getCause()),
                row.getCauseDetail(),
                ValueCodecs.time(row.hasStartedAt(), row.getStartedAt()),
                ValueCodecs.time(row.hasFinishedAt(), row.getFinishedAt()),
                ValueCodecs.time(row.hasCancelAcknowledgedAt(), row.getCancelAcknowledgedAt()),
                row.getStepsList().stream().map(AttemptCodecs::step).toList(),
                new Findings(
                        row.getFindings().getAnnotationsList(),
                        new TreeMap<>(row.getFindings().getSummariesMap()),
                        row.getFindings().getTests()),
                row.getLogIncomplete(),
                row.getOutputPosition(),
                row.getChangedAt());
    }

    private static Stored.Findings findings(Findings findings) {
        return Stored.Findings.newBuilder()
                .addAllAnnotations(findings.annotations())
                .putAllSummaries(findings.summaries())
                .setTests(findings.tests())
                .build();
    }

    private static <V, M extends MessageLite> Codec<V> codec(
            Function<V, M> store, Parser<M> parser, Function<M, V> load) {
        return new Codec<>() {
            @Override
            public byte[] encode(V value) {
                return store.apply(value).toByteArray();
            }

            @Override
            public V decode(byte[] bytes) {
                try {
                    return load.apply(parser.parseFrom(bytes));
                } catch (InvalidProtocolBufferException damaged) {
                    throw new IllegalArgumentException(
                            "a stored row of %d bytes is damaged".formatted(bytes.length), damaged);
                }
            }
        };
    }
}

package dev.slipway.cli.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;

import dev.slipway.api.v1.BundleSource;
import dev.slipway.api.v1.FindMissingBlobsRequest;
import dev.slipway.api.v1.Source;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.api.v1.WorkflowFile;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Our records from protobuf messages, and back.
final class Messages {
    private Messages() {}

    static Run run(dev.slipway.api.v1.Run run) {
        return new Run(
                run.getNumber(),
                run.getProject(),
                run.getWorkflowName(),
                run.getWorkflowPath(),
                run.getTitle(),
                run.getEventName(),
                run.getRef(),
                run.getSha(),
                run.getActor(),
                run.getRunAttempt(),
                status(run.getStatus()),
                conclusion(run.getConclusion()),
                run.hasQueuedAt() ? instant(run.getQueuedAt()) : null,
                run.hasStartedAt() ? instant(run.getStartedAt()) : null,
                run.hasFinishedAt() ? instant(run.getFinishedAt()) : null,
                run.getPriority(),
                run.getCancelRequested(),
                run.getMessage(),
                run.getBlockedByList());
    }

    static Job job(dev.slipway.api.v1.Job job) {
        return new Job(
                job.getRun(),
                job.getOrdinal(),
                job.getKey(),
                job.getName(),
                job.getNeedsList(),
                job.getRunsOnList(),
                status(job.getStatus()),
                conclusion(job.getConclusion()),
                job.hasQueuedAt() ? instant(job.getQueuedAt()) : null,
                job.hasStartedAt() ? instant(job.getStartedAt()) : null,
                job.hasFinishedAt() ? instant(job.getFinishedAt()) : null,
                job.getEnvironment(),
                job.getEnvironmentUrl(),
                job.getOutputsMap(),
                job.getMessage(),
                job.getMatrixJson(),
                job.getAttemptsList().stream().map(Messages::attempt).toList());
    }

    private static Attempt attempt(dev.slipway.api.v1.Attempt attempt) {
        return new Attempt(
                attempt.getNumber(),
                attempt.getRunAttempt(),
                status(attempt.getStatus()),
                conclusion(attempt.getConclusion()),
                word(attempt.getCause().name(), "CAUSE_"),
                attempt.getCauseDetail(),
                attempt.getAgentName(),
                attempt.hasLeasedAt() ? instant(attempt.getLeasedAt()) : null,
                attempt.hasStartedAt() ? instant(attempt.getStartedAt()) : null,
                attempt.hasFinishedAt() ? instant(attempt.getFinishedAt()) : null,
                attempt.hasCancelAcknowledgedAt()
                        ? instant(attempt.getCancelAcknowledgedAt())
                        : null,
                attempt.getStepsList().stream().map(Messages::step).toList(),
                attempt.getAnnotationsList().stream().map(Messages::annotation).toList(),
                attempt.getSummariesList().stream()
                        .map(one -> new Attempt.Summary(one.getStep(), one.getMarkdown()))
                        .toList(),
                attempt.hasTests() ? tests(attempt.getTests()) : null,
                attempt.getLogIncomplete());
    }

    private static Step step(dev.slipway.api.v1.Step step) {
        return new Step(
                step.getNumber(),
                step.getName(),
                step.getId(),
                status(step.getStatus()),
                conclusion(step.getConclusion()),
                conclusion(step.getOutcome()),
                step.hasStartedAt() ? instant(step.getStartedAt()) : null,
                step.hasFinishedAt() ? instant(step.getFinishedAt()) : null,
                step.getLogBytes());
    }

    private static Annotation annotation(dev.slipway.api.v1.Annotation annotation) {
        return new Annotation(
                word(annotation.getLevel().name(), "LEVEL_"),
                annotation.getMessage(),
                annotation.getTitle(),
                annotation.getFile(),
                annotation.getLine(),
                annotation.getEndLine(),
                annotation.getColumn(),
                annotation.getEndColumn(),
                annotation.getStep());
    }

    private static TestReport tests(dev.slipway.api.v1.TestReport report) {
        return new TestReport(
                report.getTotal(),
                report.getFailed(),
                report.getErrored(),
                report.getSkipped(),
                duration(report.getDuration()),
                report.getFailuresList().stream()
                        .map(
                                one ->
                                        new TestReport.Failure(
                                                one.getSuite(),
                                                one.getName(),
                                                one.getMessage(),
                                                one.getFile(),
                                                one.getLine()))
                        .toList(),
                report.getSlowestList().stream()
                        .map(
                                one ->
                                        new TestReport.Timing(
                                                one.getSuite(),
                                                one.getName(),
                                                duration(one.getDuration())))
                        .toList());
    }

    static AgentInfo agent(dev.slipway.api.v1.Agent agent) {
        return new AgentInfo(
                agent.getId(),
                agent.getName(),
                agent.getLabelsList(),
                agent.getOs(),
                agent.getArch(),
                agent.getSlots(),
                agent.getBusySlots(),
                agent.getConnected(),
                agent.getDraining(),
                agent.getVersion(),
                agent.hasLastSeenAt() ? instant(agent.getLastSeenAt()) : null,
                agent.getAttemptsList(),
                agent.getState(),
                agent.getReason());
    }

    static ArtifactInfo artifact(dev.slipway.api.v1.Artifact artifact) {
        return new ArtifactInfo(
                artifact.getId(),
                artifact.getRun(),
                artifact.getName(),
                artifact.getSize(),
                artifact.getDigest(),
                artifact.hasCreatedAt() ? instant(artifact.getCreatedAt()) : null,
                artifact.hasExpiresAt() ? instant(artifact.getExpiresAt()) : null,
                artifact.getFiles());
    }

    static LogText line(dev.slipway.api.v1.LogLine line) {
        return new LogText(
                line.getJobOrdinal(),
                line.getAttempt(),
                line.getStep(),
                line.hasAt() ? instant(line.getAt()) : null,
                line.getText().toByteArray(),
                line.getGap(),
                line.getMeta());
    }

    static WaitReason reason(dev.slipway.api.v1.Explanation explanation) {
        return new WaitReason(
                explanation.getJob(),
                status(explanation.getStatus()),
                explanation.getReason(),
                explanation.getAdvice());
    }

    static FarmInfo farm(dev.slipway.api.v1.GetFarmResponse farm) {
        return new FarmInfo(
                farm.getFarmId(),
                farm.getVersion(),
                farm.getEpoch(),
                farm.getAgentsConnected(),
                farm.getRunsActive(),
                farm.getJobsQueued(),
                farm.getJobsRunning(),
                farm.hasStartedAt() ? instant(farm.getStartedAt()) : null,
                farm.getStandby(),
                farm.getLeaderAddress());
    }

    static MemberInfo member(dev.slipway.api.v1.Member member) {
        return new MemberInfo(
                member.getId(),
                member.getAddress(),
                member.getVersion(),
                member.getLeads(),
                member.getEpoch(),
                member.getPosition(),
                member.getControlLag(),
                member.getOutputLag());
    }

    static FindMissingBlobsRequest missing(BlobRef one) {
        return FindMissingBlobsRequest.newBuilder().addBlobs(blob(one)).build();
    }

    static dev.slipway.api.v1.Blob blob(BlobRef blob) {
        return dev.slipway.api.v1.Blob.newBuilder()
                .setSha256(blob.sha256())
                .setSize(blob.size())
                .build();
    }

    static SubmitRunRequest submit(Submission submission) {
        Submission.Event event = submission.event();
        Submission.Options options = submission.options();
        var request =
                SubmitRunRequest.newBuilder()
                        .setClientToken(submission.token())
                        .setProject(submission.project())
                        .setWorkflow(file(submission.workflow()))
                        .setEventName(event.name())
                        .setEventJson(event.json())
                        .setRef(event.ref())
                        .setSha(event.sha())
                        .setBaseRef(event.baseRef())
                        .setHeadRef(event.headRef())
                        .setDefaultBranch(event.defaultBranch())
                        .setActor(event.actor())
                        .putAllInputs(options.inputs())
                        .putAllVars(options.vars())
                        .putAllSecrets(options.secrets())
                        .setSource(
                                Source.newBuilder()
                                        .setBundle(
                                                BundleSource.newBuilder()
                                                        .setBlob(blob(submission.bundle()))))
                        .addAllJobs(options.jobs())
                        .putAllLabelMapping(options.labels())
                        .setPriority(options.priority())
                        .setDebug(options.debug());
        submission.commits().forEach(commit -> request.addCommits(commit(commit)));
        submission.called().forEach(called -> request.addCalledWorkflows(file(called)));
        if (event.changedPaths() != null) {
            request.addAllChangedPaths(event.changedPaths()).setChangedPathsKnown(true);
        }
        return request.build();
    }

    private static dev.slipway.api.v1.Commit commit(CommitInfo commit) {
        return dev.slipway.api.v1.Commit.newBuilder()
                .setSha(commit.sha())
                .addAllParents(commit.parents())
                .setCommittedAt(timestamp(commit.at()))
                .setTitle(commit.title())
                .build();
    }

    private static WorkflowFile file(WorkflowText file) {
        return WorkflowFile.newBuilder()
                .setPath(file.path())
                .setSource(ByteString.copyFrom(file.source()))
                .build();
    }

    static dev.slipway.api.v1.Status status(@Nullable Status status) {
        return status == null
                ? dev.slipway.api.v1.Status.STATUS_UNSPECIFIED
                : dev.slipway.api.v1.Status.valueOf("STATUS_" + status.name());
    }

    static dev.slipway.api.v1.Conclusion conclusion(@Nullable Conclusion conclusion) {
        return conclusion == null
                ? dev.slipway.api.v1.Conclusion.CONCLUSION_UNSPECIFIED
                : dev.slipway.api.v1.Conclusion.valueOf("CONCLUSION_" + conclusion.name());
    }

    /// A status that this program is too old to know is shown as running.
    private static Status status(dev.slipway.api.v1.Status status) {
        return switch (status) {
            case STATUS_WAITING -> Status.WAITING;
            case STATUS_BLOCKED -> Status.BLOCKED;
            case STATUS_UNSPECIFIED, STATUS_QUEUED -> Status.QUEUED;
            case STATUS_LEASED -> Status.LEASED;
            case STATUS_RUNNING, UNRECOGNIZED -> Status.RUNNING;
            case STATUS_FINISHED -> Status.FINISHED;
        };
    }

    /// A conclusion that this program is too old to know is shown as a failure.
    private static @Nullable Conclusion conclusion(dev.slipway.api.v1.Conclusion conclusion) {
        return switch (conclusion) {
            case CONCLUSION_UNSPECIFIED -> null;
            case CONCLUSION_SUCCESS -> Conclusion.SUCCESS;
            case CONCLUSION_FAILURE, UNRECOGNIZED -> Conclusion.FAILURE;
            case CONCLUSION_CANCELLED -> Conclusion.CANCELLED;
            case CONCLUSION_SKIPPED -> Conclusion.SKIPPED;
            case CONCLUSION_TIMED_OUT -> Conclusion.TIMED_OUT;
        };
    }

    /// `CAUSE_AGENT_LOST` becomes `agent_lost`; unspecified becomes empty.
    private static String word(String name, String prefix) {
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return bare.equals("UNSPECIFIED") ? "" : bare.toLowerCase(Locale.ROOT);
    }

    static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    private static Instant instant(Timestamp at) {
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
    }

    private static Duration duration(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }
}

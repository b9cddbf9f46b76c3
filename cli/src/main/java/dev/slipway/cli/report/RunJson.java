package dev.slipway.cli.report;

import dev.slipway.cli.client.AgentInfo;
import dev.slipway.cli.client.Annotation;
import dev.slipway.cli.client.ArtifactInfo;
import dev.slipway.cli.client.Attempt;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.MemberInfo;
import dev.slipway.cli.client.Run;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.Step;
import dev.slipway.cli.client.TestReport;
import dev.slipway.cli.client.WaitReason;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

/// What `--json` prints. Keys are only ever added. Times are ISO 8601 in UTC, spans are seconds,
/// and what is not there (yet) is null.
public final class RunJson {
    private RunJson() {}

    /// The object of `show --json`: `run`, `status`, `conclusion`, facts of the run, `jobs`.
    public static String detail(RunDetail detail) {
        Fields fields = fields(detail.run());
        fields.list("jobs", detail.jobs(), RunJson::job);
        return fields.line();
    }

    /// The object of one run in `runs --json`.
    public static String run(Run run) {
        return fields(run).line();
    }

    private static Fields fields(Run run) {
        return new Fields()
                .number("run", run.number())
                .text("status", run.status().word())
                .conclusion("conclusion", run.conclusion())
                .text("project", run.project())
                .text("workflow", run.workflowName())
                .text("path", run.workflowPath())
                .text("title", run.title())
                .text("event", run.event())
                .text("ref", run.ref())
                .text("sha", run.sha())
                .text("actor", run.actor())
                .number("attempt", run.runAttempt())
                .time("queued_at", run.queuedAt())
                .time("started_at", run.startedAt())
                .time("finished_at", run.finishedAt())
                .number("priority", run.priority())
                .flag("cancel_requested", run.cancelRequested())
                .text("message", run.message())
                .list("blocked_by", run.blockedBy(), number -> Value.of((double) number));
    }

    private static Value job(Job job) {
        return new Fields()
                .number("job", job.ordinal())
                .text("key", job.key())
                .text("name", job.name())
                .text("status", job.status().word())
                .conclusion("conclusion", job.conclusion())
                .list("needs", job.needs(), Value::of)
                .list("runs_on", job.runsOn(), Value::of)
                .value(
                        "matrix",
                        job.matrixJson().isEmpty()
                                ? Value.NULL
                                : Json.parseCaseSensitive(job.matrixJson()))
                .time("queued_at", job.queuedAt())
                .time("started_at", job.startedAt())
                .time("finished_at", job.finishedAt())
                .text("environment", job.environment())
                .text("environment_url", job.environmentUrl())
                .map("outputs", job.outputs())
                .text("message", job.message())
                .list("attempts", job.attempts(), RunJson::attempt)
                .build();
    }

    private static Value attempt(Attempt attempt) {
        return new Fields()
                .number("attempt", attempt.number())
                .number("run_attempt", attempt.runAttempt())
                .text("status", attempt.status().word())
                .conclusion("conclusion", attempt.conclusion())
                .optional("cause", attempt.cause())
                .text("cause_detail", attempt.causeDetail())
                .text("agent", attempt.agent())
                .time("leased_at", attempt.leasedAt())
                .time("started_at", attempt.startedAt())
                .time("finished_at", attempt.finishedAt())
                .time("cancel_acknowledged_at", attempt.cancelAcknowledgedAt())
                .flag("log_incomplete", attempt.logIncomplete())
                .list("steps", attempt.steps(), RunJson::step)
                .list("annotations", attempt.annotations(), RunJson::annotation)
                .list(
                        "summaries",
                        attempt.summaries(),
                        one ->
                                new Fields()
                                        .number("step", one.step())
                                        .text("markdown", one.markdown())
                                        .build())
                .value("tests", attempt.tests() == null ? Value.NULL : tests(attempt.tests()))
                .build();
    }

    private static Value step(Step step) {
        return new Fields()
                .number("number", step.number())
                .text("name", step.name())
                .text("id", step.id())
                .text("status", step.status().word())
                .conclusion("conclusion", step.conclusion())
                .conclusion("outcome", step.outcome())
                .time("started_at", step.startedAt())
                .time("finished_at", step.finishedAt())
                .number("log_bytes", step.logBytes())
                .build();
    }

    private static Value annotation(Annotation annotation) {
        return new Fields()
                .text("level", annotation.level())
                .text("message", annotation.message())
                .text("title", annotation.title())
                .text("file", annotation.file())
                .number("line", annotation.line())
                .number("end_line", annotation.endLine())
                .number("column", annotation.column())
                .number("end_column", annotation.endColumn())
                .number("step", annotation.step())
                .build();
    }

    private static Value tests(TestReport tests) {
        return new Fields()
                .number("total", tests.total())
                .number("passed", tests.passed())
                .number("failed", tests.failed())
                .number("errored", tests.errored())
                .number("skipped", tests.skipped())
                .seconds("duration", tests.duration())
                .list(
                        "failures",
                        tests.failures(),
                        one ->
                                new Fields()
                                        .text("suite", one.suite())
                                        .text("name", one.name())
                                        .text("message", one.message())
                                        .text("file", one.file())
                                        .number("line", one.line())
                                        .build())
                .list(
                        "slowest",
                        tests.slowest(),
                        one ->
                                new Fields()
                                        .text("suite", one.suite())
                                        .text("name", one.name())
                                        .seconds("duration", one.duration())
                                        .build())
                .build();
    }

    /// The object of one line in `logs --json`.
    public static String line(LogText line, String job, String step) {
        return new Fields()
                .number("job", line.job())
                .text("job_name", job)
                .number("attempt", line.attempt())
                .number("step", line.step())
                .text("step_name", step)
                .time("at", line.at())
                .text("text", line.text())
                .flag("gap", line.gap())
                .flag("meta", line.meta())
                .line();
    }

    public static String agent(AgentInfo agent) {
        return new Fields()
                .text("id", agent.id())
                .text("name", agent.name())
                .text("state", agent.state())
                .text("reason", agent.reason())
                .list("labels", agent.labels(), Value::of)
                .text("os", agent.os())
                .text("arch", agent.arch())
                .number("slots", agent.slots())
                .number("busy_slots", agent.busySlots())
                .flag("connected", agent.connected())
                .flag("draining", agent.draining())
                .text("version", agent.version())
                .time("last_seen_at", agent.lastSeenAt())
                .list("attempts", agent.attempts(), Value::of)
                .line();
    }

    public static String member(MemberInfo member) {
        return new Fields()
                .text("id", member.id())
                .text("address", member.address())
                .flag("leads", member.leads())
                .number("epoch", member.epoch())
                .number("position", member.position())
                .number("control_lag", member.controlLag())
                .number("output_lag", member.outputLag())
                .text("version", member.version())
                .line();
    }

    public static String artifact(ArtifactInfo artifact) {
        return new Fields()
                .number("id", artifact.id())
                .number("run", artifact.run())
                .text("name", artifact.name())
                .number("size", artifact.size())
                .text("digest", artifact.digest())
                .number("files", artifact.files())
                .time("created_at", artifact.createdAt())
                .time("expires_at", artifact.expiresAt())
                .line();
    }

    public static String reason(WaitReason reason) {
        return new Fields()
                .text("job", reason.job())
                .text("status", reason.status().word())
                .text("reason", reason.reason())
                .text("advice", reason.advice())
                .line();
    }
}

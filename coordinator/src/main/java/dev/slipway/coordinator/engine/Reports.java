package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.deployments.Recoveries;
import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.AttemptEnd;
import dev.slipway.coordinator.model.AttemptReport;
import dev.slipway.coordinator.model.AttemptResult;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Findings;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.error.ErrorCode;
import dev.slipway.id.AttemptId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Decides on what is heard (or no longer heard) of attempts.
final class Reports {
    private static final SortedMap<String, String> NO_OUTPUTS = new TreeMap<>();

    /// A summary longer than GitHub's 1 MiB is cut by the agent; this much is taken.
    private static final int MAX_SUMMARY = 1 << 20;

    private final EngineSettings settings;

    Reports(EngineSettings settings) {
        this.settings = settings;
    }

    Decision<Command.Reported> decide(FarmView view, Command.ReportAttempt command, Turn turn) {
        AttemptReport report = command.report();
        Optional<AttemptState> known = view.attempt(command.attempt());
        if (known.isEmpty() || known.get().finished()) {
            return new Decision.Accepted<>(
                    List.of(), new Command.Reported(report.revision(), true));
        }
        AttemptState attempt = known.get();
        Optional<String> stale = stale(attempt, command);
        if (stale.isPresent()) {
            return Decision.refused(ErrorCode.STALE_ATTEMPT, stale.get());
        }
        var events = new ArrayList<Event>();
        if (!attempt.lost()) {
            progress(view, attempt, report, events, turn);
        }
        findings(attempt, report, events, turn);
        if (report.result() != null) {
            steps(attempt, report, events, turn);
            end(view, attempt, report.result(), events, turn);
        }
        return new Decision.Accepted<>(
                events, new Command.Reported(report.revision(), report.result() != null));
    }

    /// An agent that held an attempt does not know it any more.
    Decision<Command.Done> decide(FarmView view, Command.LoseAttempt command, Turn turn) {
        Optional<AttemptState> attempt =
                view.attempt(command.attempt())
                        .filter(AttemptState::live)
                        .filter(known -> known.lease().agentId().equals(command.agentId()));
        if (attempt.isEmpty()) {
            return done(List.of());
        }
        var end =
                new AttemptEnd(
                        Conclusion.FAILURE,
                        Cause.INFRASTRUCTURE,
                        command.detail(),
                        turn.now(),
                        command.detail(),
                        0);
        var events = new ArrayList<Event>();
        end(view, attempt.get(), new AttemptResult(end, NO_OUTPUTS, ""), events, turn);
        return done(events);
    }

    /// @param lastHeard uptime when the agent was last heard
    Decision<Command.Done> expire(FarmView view, String agentId, Duration lastHeard, Turn turn) {
        var events = new ArrayList<Event>();
        for (AttemptId id : view.attemptsOf(agentId)) {
            AttemptState attempt = view.attempt(id).orElseThrow();
            Duration end = lastHeard.plus(settings.givenAwayAfter(attempt.lease().ttl()));
            if (attempt.live() && turn.uptime().compareTo(end) >= 0) {
                lose(view, attempt, events, turn);
            }
        }
        return done(events);
    }

    /// An attempt whose agent is alive but does not end it: first it is cancelled, then ended.
    Decision<Command.Done> overrun(FarmView view, AttemptId id, Turn turn) {
        Optional<AttemptState> running = view.attempt(id).filter(AttemptState::live);
        if (running.isEmpty()) {
            return done(List.of());
        }
        JobState job = view.job(id.job()).orElseThrow();
        String detail =
                "its time-out of %s minutes went by and agent '%s' has not ended it"
                        .formatted(job.plan().timeoutMinutes(), running.get().lease().agentName());
        if (job.cancel() == null) {
            var cancel = new CancelRequest(detail, Cancellation.SLIPWAY, turn.now());
            return done(List.of(new Event.JobCancelRequested(job.id(), cancel)));
        }
        var end =
                new AttemptEnd(Conclusion.TIMED_OUT, Cause.TIMEOUT, detail, turn.now(), detail, 0);
        var events = new ArrayList<Event>();
        end(view, running.get(), new AttemptResult(end, NO_OUTPUTS, ""), events, turn);
        return done(events);
    }

    private static Optional<String> stale(AttemptState attempt, Command.ReportAttempt command) {
        if (!attempt.lease().agentId().equals(command.agentId())) {
            return Optional.of(
                    "attempt %s is leased to agent '%s', not to the one that reports it"
                            .formatted(attempt.id(), attempt.lease().agentName()));
        }
        if (attempt.lease().epoch() != command.epoch()) {
            return Optional.of(
                    "attempt %s was leased in epoch %d, not in %d"
                            .formatted(attempt.id(), attempt.lease().epoch(), command.epoch()));
        }
        if (attempt.lost() && command.report().result() == null) {
            return Optional.of(
                    "the lease of attempt %s has ended; only its result is still taken"
                            .formatted(attempt.id()));
        }
        return Optional.empty();
    }

    private void progress(
            FarmView view,
            AttemptState attempt,
            AttemptReport report,
            List<Event> events,
            Turn turn) {
        AttemptId id = attempt.id();
        if (attempt.status() == Status.LEASED && report.startedAt() != null) {
            events.add(new Event.AttemptStarted(id, millis(report.startedAt()), turn.now()));
        }
        if (report.result() == null) {
            steps(attempt, report, events, turn);
        }
        boolean cancelled = view.job(id.job()).orElseThrow().cancelRequested();
        if (cancelled
                && report.cancelAcknowledgedAt() != null
                && attempt.cancelAcknowledgedAt() == null) {
            events.add(
                    new Event.CancelAcknowledged(
                            id, millis(report.cancelAcknowledgedAt()), turn.now()));
        }
    }

    private static void steps(
            AttemptState attempt, AttemptReport report, List<Event> events, Turn turn) {
        Set<Integer> seen = new TreeSet<>();
        for (StepState reported : report.steps()) {
            if (!seen.add(reported.number())) {
                continue;
            }
            StepState step = millis(reported);
            Optional<StepState> known = attempt.step(step.number());
            boolean ended = step.status() == Status.FINISHED;
            if (ended && known.filter(before -> before.status() == Status.FINISHED).isEmpty()) {
                events.add(new Event.StepFinished(attempt.id(), step, turn.now()));
            } else if (!ended && known.isEmpty()) {
                events.add(new Event.StepStarted(attempt.id(), step, turn.now()));
            }
        }
    }

    private static void findings(
            AttemptState attempt, AttemptReport report, List<Event> events, Turn turn) {
        AttemptId id = attempt.id();
        Findings known = attempt.findings();
        int count = known.annotations().size();
        if (!report.annotations().isEmpty()) {
            Set<String> ids = new HashSet<>(known.annotations());
            for (Annotation annotation : report.annotations()) {
                if (count < AttemptReport.MAX_ANNOTATIONS && ids.add(annotation.id())) {
                    events.add(new Event.AnnotationAdded(id, annotation, turn.now()));
                    count++;
                }
            }
        }
        report.summaries()
                .forEach(
                        (step, text) -> {
                            String markdown =
                                    text.substring(0, Math.min(MAX_SUMMARY, text.length()));
                            Long before = known.summaries().get(step);
                            if (before == null || before != Findings.fingerprint(markdown)) {
                                events.add(new Event.SummaryAdded(id, step, markdown, turn.now()));
                            }
                        });
        if (report.tests() != null && report.tests().fingerprint() != known.tests()) {
            events.add(new Event.TestsReported(id, report.tests(), turn.now()));
        }
    }

    private void end(
            FarmView view,
            AttemptState attempt,
            AttemptResult result,
            List<Event> events,
            Turn turn) {
        JobState job = view.job(attempt.id().job()).orElseThrow();
        AttemptEnd end = millis(result.end());
        if (job.cancel() != null && job.cancel().force() && end.cause().retryable()) {
            // The agent cannot know why it was told to kill.
            end = end.because(Cause.CANCELLED);
        }
        events.add(new Event.AttemptFinished(attempt.id(), end, turn.now()));
        boolean again = end.cause().retryable() && job.cancel() == null;
        if (again && attempt.lost()) {
            return;
        }
        boolean cancelled = job.cancel() != null && end.cause().retryable();
        var finished =
                new Event.JobFinished(
                        job.id(),
                        cancelled ? Conclusion.CANCELLED : end.conclusion(),
                        "",
                        result.outputs(),
                        result.environmentUrl(),
                        turn.now());
        Optional<Event> recovery = Recoveries.after(view, job, end, finished, turn.now());
        if (recovery.isPresent()) {
            events.add(recovery.get());
        } else if (again && mayRetry(job)) {
            events.add(new Event.JobRetried(job.id(), avoiding(job, attempt), turn.now()));
        } else {
            events.add(last(view, job, finished, turn));
        }
    }

    private void lose(FarmView view, AttemptState attempt, List<Event> events, Turn turn) {
        JobState job = view.job(attempt.id().job()).orElseThrow();
        Event.AttemptFinished end = LostAttempts.end(attempt, turn);
        Event.JobFinished finished =
                Consequences.finished(
                        job,
                        job.cancel() == null ? Conclusion.FAILURE : Conclusion.CANCELLED,
                        "",
                        turn);
        Optional<Event> recovery = Recoveries.after(view, job, end.end(), finished, turn.now());
        if (recovery.isPresent()) {
            events.add(end);
            events.add(recovery.get());
        } else if (job.cancel() == null && mayRetry(job)) {
            events.add(new Event.LeaseLost(attempt.id(), avoiding(job, attempt), turn.now()));
        } else {
            events.add(end);
            events.add(last(view, job, finished, turn));
        }
    }

    /// A job whose deployments were recovered ends as it would have before.
    private static Event last(FarmView view, JobState job, Event.JobFinished otherwise, Turn turn) {
        return job.recovering() ? Recoveries.end(view, job, turn.now()) : otherwise;
    }

    /// A recovery is tried again by itself, and never becomes the whole job.
    private boolean mayRetry(JobState job) {
        return job.retries() < settings.retries()
                && job.plan().environment().isEmpty()
                && !job.recovering();
    }

    private static List<String> avoiding(JobState job, AttemptState attempt) {
        var avoid = new TreeSet<>(job.avoid());
        avoid.add(attempt.lease().agentId());
        return List.copyOf(avoid);
    }

    private static Decision<Command.Done> done(List<Event> events) {
        return new Decision.Accepted<>(events, new Command.Done());
    }

    // Times are stored in milliseconds; anything finer would differ after a replay.

    private static StepState millis(StepState step) {
        boolean ended = step.status() == Status.FINISHED;
        return new StepState(
                step.number(),
                step.name(),
                step.id(),
                ended ? Status.FINISHED : Status.RUNNING,
                step.conclusion(),
                step.outcome(),
                millis(step.startedAt()),
                millisOrNull(step.finishedAt()),
                step.logEnd());
    }

    private static AttemptEnd millis(AttemptEnd end) {
        return new AttemptEnd(
                end.conclusion(),
                end.cause(),
                end.detail(),
                millis(end.at()),
                end.logIncomplete(),
                end.outputPosition());
    }

    private static @Nullable Instant millisOrNull(@Nullable Instant time) {
        return time == null ? null : millis(time);
    }

    /// Never the 0 that stands for no time, nor a time that milliseconds cannot hold.
    private static Instant millis(Instant time) {
        Instant first = Instant.ofEpochMilli(1);
        Instant last = Instant.parse("9999-12-31T23:59:59Z");
        Instant within = time.isBefore(first) ? first : time.isAfter(last) ? last : time;
        return within.truncatedTo(ChronoUnit.MILLIS);
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.deployments.Protection;
import dev.slipway.coordinator.deployments.Recoveries;
import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Concurrency;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Recovery;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Seat;
import dev.slipway.coordinator.model.Status;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What follows in a run from what has happened: jobs are planned, queued, skipped, cancelled,
/// calls and the run end. Pure: {@link #next} looks at the state and says the next events; the
/// engine applies them and asks again until nothing follows.
final class Consequences {
    private static final SortedMap<String, String> NO_OUTPUTS = new TreeMap<>();

    private final NodePlanner planner;
    private final Seats seats;

    Consequences(RunPlans plans, Cancellation cancellation) {
        this.planner = new NodePlanner(plans);
        this.seats = new Seats(cancellation);
    }

    /// The next events of a run; empty when nothing follows.
    List<Event> next(FarmView view, long number, Turn turn) {
        RunState run = view.run(number).orElse(null);
        if (run == null) {
            return List.of();
        }
        Collection<JobState> jobs = view.jobs(number);
        if (jobs.stream().allMatch(JobState::finished)) {
            return List.of(RunEnd.of(run, jobs, turn));
        }
        if (run.seat() != null && !run.seat().held()) {
            return run.cancelRequested()
                    ? dropAll(run, jobs, turn)
                    : seats.claim(view, run, run.seat(), turn);
        }
        List<Event> events = ends(view, jobs, turn);
        if (events.isEmpty()) {
            events = failFast(view, jobs, turn);
        }
        if (events.isEmpty()) {
            events = planner.plan(view, run, jobs, turn);
        }
        if (events.isEmpty()) {
            events = admit(view, run, jobs, turn);
        }
        if (events.isEmpty()) {
            events = planner.finishCalls(view, run, jobs, turn);
        }
        return events;
    }

    /// A cancelled run that never got its concurrency group.
    private static List<Event> dropAll(RunState run, Collection<JobState> jobs, Turn turn) {
        String reason = run.cancel() == null ? "" : run.cancel().reason();
        return jobs.stream()
                .filter(job -> !job.finished())
                .<Event>map(job -> finished(job, Conclusion.CANCELLED, reason, turn))
                .toList();
    }

    /// Jobs that end without running, and cancels that reach the jobs of a called workflow.
    private static List<Event> ends(FarmView view, Collection<JobState> jobs, Turn turn) {
        var events = new ArrayList<Event>();
        for (JobState job : jobs) {
            if (job.finished()) {
                continue;
            }
            JobState call =
                    job.node().parent() == 0
                            ? null
                            : view.job(
                                            new dev.slipway.id.JobId(
                                                    job.id().run(), job.node().parent()))
                                    .orElseThrow();
            boolean onAgent = job.status().onAgent() || job.status() == Status.RUNNING;
            if (job.recovering() && !onAgent && isOver(job, turn)) {
                events.add(Recoveries.end(view, job, turn.now()));
            } else if (job.cancel() != null && !onAgent) {
                events.addAll(LostAttempts.end(view, job, turn));
                events.add(finished(job, Conclusion.CANCELLED, job.cancel().reason(), turn));
            } else if (call != null && call.finished()) {
                events.add(
                        finished(
                                job,
                                Conclusion.SKIPPED,
                                "'%s', which calls this workflow, did not run"
                                        .formatted(call.plan().name()),
                                turn));
            } else if (call != null
                    && call.cancel() != null
                    && job.cancel() == null
                    && !job.recovering()) {
                events.add(new Event.JobCancelRequested(job.id(), call.cancel()));
            }
        }
        return events;
    }

    /// Nobody came to recover what it deployed, or it was cancelled meanwhile.
    private static boolean isOver(JobState job, Turn turn) {
        return job.cancel() != null
                || job.recovery() != null && !turn.now().isBefore(job.recovery().deadline());
    }

    private static List<Event> failFast(FarmView view, Collection<JobState> jobs, Turn turn) {
        var events = new ArrayList<Event>();
        for (JobState failed : jobs) {
            boolean counts =
                    failed.finished()
                            && failed.plan().failFast()
                            && failed.plan().legs() > 1
                            && !failed.plan().continueOnError()
                            && failed.planned()
                            && (failed.conclusion() == Conclusion.FAILURE
                                    || failed.conclusion() == Conclusion.TIMED_OUT);
            if (!counts) {
                continue;
            }
            for (JobState sibling : view.group(failed.id().run(), failed.node().group())) {
                if (!sibling.finished()
                        && sibling.cancel() == null
                        && !sibling.recovering()
                        && sibling.runAttempt() == failed.runAttempt()
                        && !requested(events, sibling)) {
                    var cancel =
                            new CancelRequest(
                                    "fail-fast: '%s' failed".formatted(failed.plan().name()),
                                    Cancellation.SLIPWAY,
                                    turn.now());
                    events.add(new Event.JobCancelRequested(sibling.id(), cancel));
                }
            }
        }
        return events;
    }

    private static boolean requested(List<Event> events, JobState job) {
        return events.stream()
                .anyMatch(
                        event ->
                                event instanceof Event.JobCancelRequested cancel
                                        && cancel.job().equals(job.id()));
    }

    /// Planned jobs that nothing holds back any more are queued, calls start; others say what holds
    /// them. A job stands in the line of its concurrency group only when nothing else holds it
    /// back, so that no line is blocked by one that could not go anyway. At most one change per
    /// group at a time, because each changes who is next.
    private List<Event> admit(FarmView view, RunState run, Collection<JobState> jobs, Turn turn) {
        var events = new ArrayList<Event>();
        Set<String> touched = new TreeSet<>();
        var admitted = new TreeMap<Integer, Integer>();
        Set<String> entered = new TreeSet<>();
        for (JobState job : jobs) {
            boolean waits =
                    job.planned()
                            && (job.status() == Status.WAITING || job.status() == Status.BLOCKED);
            if (!waits || !underWay(view, job) || recovers(job, events, turn)) {
                continue;
            }
            if (entered.contains(job.plan().environment().toLowerCase(Locale.ROOT))) {
                continue;
            }
            switch (Protection.of(view, run, job, turn.now())) {
                case Protection.Answer.Open _ -> {
                    // Nothing holds it back there.
                }
                case Protection.Answer.Held _ -> {
                    hold(job, Hold.ENVIRONMENT, events, turn);
                    continue;
                }
                case Protection.Answer.Refused refused -> {
                    events.add(finished(job, Conclusion.FAILURE, refused.why(), turn));
                    continue;
                }
            }
            int group = job.node().group();
            int active = active(view, job) + admitted.getOrDefault(group, 0);
            if (active >= job.plan().maxParallel()) {
                hold(job, Hold.MAX_PARALLEL, events, turn);
                continue;
            }
            Concurrency wanted = job.plan().concurrency().orElse(null);
            Seat seat = job.seat();
            if (wanted == null || seat != null && seat.held()) {
                admitted.merge(group, 1, Integer::sum);
                entered(job, entered);
                events.add(
                        job.isCall()
                                ? new Event.CallStarted(job.id(), turn.now())
                                : new Event.JobQueued(job.id(), turn.now()));
            } else if (Seats.deadlocked(view, run, job, wanted)) {
                events.add(
                        finished(
                                job,
                                Conclusion.FAILURE,
                                "it waits for the concurrency group '%s', which its own run holds"
                                        .formatted(wanted.group()),
                                turn));
            } else if (touched.add(wanted.group().toLowerCase(Locale.ROOT))) {
                events.addAll(seats.claim(view, run, job, wanted, turn));
            }
        }
        return events;
    }

    /// Who recovers has passed all gates, and holds what it needs.
    private static boolean recovers(JobState job, List<Event> events, Turn turn) {
        Recovery recovery = job.recovery();
        if (recovery != null && !turn.now().isBefore(recovery.notBefore())) {
            events.add(new Event.JobQueued(job.id(), turn.now()));
        }
        return recovery != null;
    }

    /// Where only one may be at a time, the next one looks again when this one is there.
    private static void entered(JobState job, Set<String> environments) {
        if (!job.plan().environment().isEmpty()) {
            environments.add(job.plan().environment().toLowerCase(Locale.ROOT));
        }
    }

    /// Whether the call around a job has started.
    private static boolean underWay(FarmView view, JobState job) {
        int parent = job.node().parent();
        return parent == 0
                || view.job(new dev.slipway.id.JobId(job.id().run(), parent))
                        .filter(call -> call.status() == Status.RUNNING)
                        .isPresent();
    }

    private static int active(FarmView view, JobState job) {
        return (int)
                view.group(job.id().run(), job.node().group()).stream()
                        .filter(
                                leg ->
                                        leg.recovering()
                                                || leg.status() == Status.QUEUED
                                                || leg.status() == Status.LEASED
                                                || leg.status() == Status.RUNNING)
                        .count();
    }

    private static void hold(JobState job, Hold by, List<Event> events, Turn turn) {
        if (job.hold() != by) {
            events.add(new Event.JobBlocked(job.id(), by, turn.now()));
        }
    }

    static Event.JobFinished finished(
            JobState job, Conclusion conclusion, String message, Turn turn) {
        return new Event.JobFinished(job.id(), conclusion, message, NO_OUTPUTS, "", turn.now());
    }
}

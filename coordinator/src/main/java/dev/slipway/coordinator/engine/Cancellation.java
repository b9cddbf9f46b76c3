package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Occupant;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.planning.JobDecision;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Asks runs and jobs to end. As on GitHub, cancelling a run evaluates the `if` of each job again:
/// a job that wants to run even then (`always()`, `cancelled()`) goes on.
final class Cancellation {
    /// Who cancels when nobody does.
    static final String SLIPWAY = "slipway";

    private final RunPlans plans;

    Cancellation(RunPlans plans) {
        this.plans = plans;
    }

    /// Cancels a run that has not been asked to end yet, or not as urgently.
    List<Event> run(FarmView view, RunState run, CancelRequest cancel) {
        var events = new ArrayList<Event>();
        events.add(new Event.RunCancelRequested(run.number(), cancel));
        if (run.seat() != null && !run.seat().held()) {
            return events;
        }
        Map<String, Boolean> goesOn = new HashMap<>();
        for (JobState job : view.jobs(run.number())) {
            if (job.finished() || !cancel.exceeds(job.cancel())) {
                continue;
            }
            if (cancel.force()) {
                events.add(new Event.JobCancelRequested(job.id(), cancel));
                continue;
            }
            if (!job.planned() || job.isCall()) {
                continue;
            }
            String node = job.node().node();
            if (!goesOn.computeIfAbsent(node, key -> wantsToRun(view, run, key))) {
                events.add(new Event.JobCancelRequested(job.id(), cancel));
            }
        }
        return events;
    }

    /// Cancels whoever holds or wants a concurrency group; nothing if that was asked before.
    List<Event> occupant(FarmView view, Occupant who, CancelRequest cancel) {
        if (who.isRun()) {
            return view.run(who.run())
                    .filter(run -> !run.cancelRequested())
                    .map(run -> run(view, run, cancel))
                    .orElseGet(List::of);
        }
        return view.job(who.jobId())
                .filter(job -> !job.cancelRequested() && !job.finished())
                .<List<Event>>map(job -> List.of(new Event.JobCancelRequested(job.id(), cancel)))
                .orElseGet(List::of);
    }

    private boolean wantsToRun(FarmView view, RunState run, String node) {
        return switch (plans.decide(view, run, node, true)) {
            case JobDecision.Skip skip -> false;
            case JobDecision.Fail fail -> false;
            case JobDecision.Run legs -> true;
            case JobDecision.Call calls -> true;
        };
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.CancelRequest;
import dev.slipway.coordinator.model.Concurrency;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Occupant;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Seat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What follows for those who wait for a concurrency group: whoever is first gets a free group; a
/// newer one that waits sends older ones away unless it queues (`queue: max`), and the holder with
/// `cancel-in-progress`. Asking again changes nothing.
final class Seats {
    private final Cancellation cancellation;

    Seats(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    List<Event> claim(FarmView view, RunState run, Seat seat, Turn turn) {
        Occupant me = Occupant.ofRun(run.number());
        return claim(
                view,
                run.head().project(),
                me,
                seat,
                new Event.RunSeated(run.number(), turn.now()),
                turn);
    }

    /// For a job that nothing else holds back: it gets a free group at once, or joins the line.
    List<Event> claim(FarmView view, RunState run, JobState job, Concurrency wanted, Turn turn) {
        Event seated = new Event.JobSeated(job.id(), turn.now());
        if (job.seat() != null) {
            return claim(
                    view, run.head().project(), Occupant.of(job.id()), job.seat(), seated, turn);
        }
        String project = run.head().project();
        boolean free =
                view.holder(project, wanted.group()).isEmpty()
                        && view.waiters(project, wanted.group()).isEmpty();
        return List.of(
                free ? seated : new Event.JobBlocked(job.id(), Hold.CONCURRENCY, turn.now()));
    }

    /// Whether a job waits for a group that its own run (or a call around it) holds: for ever.
    static boolean deadlocked(FarmView view, RunState run, JobState job, Concurrency wanted) {
        Optional<Occupant> holder = view.holder(run.head().project(), wanted.group());
        if (holder.isEmpty() || holder.get().run() != run.number()) {
            return false;
        }
        if (holder.get().isRun()) {
            return true;
        }
        int around = job.node().parent();
        while (around > 0) {
            if (around == holder.get().job()) {
                return true;
            }
            around =
                    view.job(new dev.slipway.id.JobId(run.number(), around))
                            .map(call -> call.node().parent())
                            .orElse(0);
        }
        return false;
    }

    private List<Event> claim(
            FarmView view, String project, Occupant me, Seat seat, Event seated, Turn turn) {
        Concurrency wanted = seat.concurrency();
        Optional<Occupant> holder = view.holder(project, wanted.group());
        List<Occupant> waiters = view.waiters(project, wanted.group());
        if (holder.isEmpty() && !waiters.isEmpty() && waiters.getFirst().equals(me)) {
            return List.of(seated);
        }
        var events = new ArrayList<Event>();
        var cancel =
                new CancelRequest(
                        "a newer %s wants the concurrency group '%s'"
                                .formatted(
                                        me.isRun()
                                                ? "run (%d)".formatted(me.run())
                                                : "job (%d/%d)".formatted(me.run(), me.job()),
                                        wanted.group()),
                        Cancellation.SLIPWAY,
                        turn.now());
        if (!wanted.queueMax()) {
            for (Occupant other : waiters) {
                if (other.equals(me)) {
                    break;
                }
                events.addAll(cancellation.occupant(view, other, cancel));
            }
        }
        if (wanted.cancelInProgress() && holder.isPresent()) {
            events.addAll(cancellation.occupant(view, holder.get(), cancel));
        }
        return events;
    }
}

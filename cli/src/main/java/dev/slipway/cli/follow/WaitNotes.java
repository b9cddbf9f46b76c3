package dev.slipway.cli.follow;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.Job;
import dev.slipway.cli.client.Status;
import dev.slipway.cli.client.WaitReason;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// Asks the farm why jobs wait that have been ready for some seconds, so that nobody watches a run
/// which no agent can ever take. Owned by the follower's thread; answers come from others.
final class WaitNotes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private final Farm farm;
    private final Ports ports;
    private final BiConsumer<FollowedRun, List<WaitReason>> answers;
    private final Map<Long, Timers.Timer> asking = new HashMap<>();
    private final Set<WaitReason> told = new HashSet<>();

    /// @param answers gets what the farm says, on any thread; {@link #news} must follow
    WaitNotes(Farm farm, Ports ports, BiConsumer<FollowedRun, List<WaitReason>> answers) {
        this.farm = farm;
        this.ports = ports;
        this.answers = answers;
    }

    /// Something about the run has changed.
    void changed(FollowedRun run) {
        if (run.jobs().stream().anyMatch(WaitNotes::isReady)) {
            if (!asking.containsKey(run.number())) {
                askAfter(PATIENCE, run);
            }
        } else if (asking.containsKey(run.number())) {
            asking.remove(run.number()).cancel();
        }
    }

    private void askAfter(Duration span, FollowedRun run) {
        asking.put(
                run.number(),
                ports.timers().after(span, () -> ports.threads().start("explain", () -> ask(run))));
    }

    private void ask(FollowedRun run) {
        try {
            answers.accept(run, farm.explain(run.number(), ""));
        } catch (SlipwayException ended) {
            // A run that has just ended has nothing to explain; a lost farm is told by the watch.
            answers.accept(run, List.of());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// What has not been said yet, of jobs that are ready; the farm is asked again later.
    List<String> news(FollowedRun run, List<WaitReason> reasons) {
        if (asking.remove(run.number()) == null) {
            return List.of();
        }
        if (run.jobs().stream().anyMatch(WaitNotes::isReady)) {
            askAfter(AGAIN, run);
        }
        return reasons.stream()
                .filter(reason -> isReady(reason.status()))
                .filter(told::add)
                .map(WaitNotes::text)
                .toList();
    }

    private static String text(WaitReason reason) {
        String waits = reason.job() + " waits: " + reason.reason();
        return reason.advice().isEmpty() ? waits : waits + "\n    " + reason.advice();
    }

    private static boolean isReady(Job job) {
        return isReady(job.status());
    }

    private static boolean isReady(Status status) {
        return status == Status.QUEUED || status == Status.BLOCKED;
    }

    @Override
    public void close() {
        asking.values().forEach(Timers.Timer::cancel);
    }
}

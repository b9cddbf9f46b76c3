package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.deployments.Protection;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Hold;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Occupant;
import dev.slipway.coordinator.model.Recovery;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Seat;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.schedule.Scheduler;
import dev.slipway.coordinator.schedule.WaitReason;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// Says why jobs wait.
final class Explainer {
    private static final int MOST_AGENTS = 5;

    private final FarmView farm;
    private final Scheduler scheduler;
    private final Supplier<List<AgentView>> agents;

    Explainer(FarmView farm, Scheduler scheduler, Supplier<List<AgentView>> agents) {
        this.farm = farm;
        this.scheduler = scheduler;
        this.agents = agents;
    }

    List<Explanation> explain(long number, String job) {
        Optional<RunState> run = farm.run(number);
        if (run.isEmpty()) {
            return List.of();
        }
        var explanations = new ArrayList<Explanation>();
        for (JobState state : farm.jobs(number)) {
            boolean waits =
                    state.status() == Status.WAITING
                            || state.status() == Status.BLOCKED
                            || state.status() == Status.QUEUED;
            if (waits && (job.isEmpty() || Decider.isNamed(state, job))) {
                explanations.add(explain(run.get(), state));
            }
        }
        return explanations;
    }

    private Explanation explain(RunState run, JobState job) {
        Why why = why(run, job);
        return new Explanation(
                job.id(),
                job.node().key(),
                job.plan().name(),
                job.status(),
                why.reason,
                why.advice);
    }

    private Why why(RunState run, JobState job) {
        if (run.seat() != null && !run.seat().held()) {
            return group(run, run.seat(), "the run");
        }
        if (job.recovering()) {
            return recovery(run, job);
        }
        if (job.status() == Status.QUEUED) {
            return queued(job);
        }
        if (job.hold() == Hold.CONCURRENCY && job.seat() != null) {
            return group(run, job.seat(), "it");
        }
        if (job.hold() == Hold.MAX_PARALLEL) {
            return new Why(
                    "max-parallel lets %d of its %d matrix jobs run at a time"
                            .formatted(job.plan().maxParallel(), job.plan().legs()),
                    "It starts when one of the others ends.");
        }
        if (job.hold() == Hold.ENVIRONMENT) {
            return gate(run, job);
        }
        return needed(run, job);
    }

    private Why recovery(RunState run, JobState job) {
        Recovery recovery = Objects.requireNonNull(job.recovery());
        boolean away = recovery.isBound() && !isConnected(recovery.agent());
        String waits =
                job.status() != Status.QUEUED
                        ? "its next try is at " + recovery.notBefore()
                        : away
                                ? "only agent '%s' can, and it is not connected"
                                        .formatted(recovery.agent())
                                : queued(job).reason;
        return new Why(
                "it finishes a deployment that was left in flight (%s): %s"
                        .formatted(recovery.why(), waits),
                (away ? "Start agent '%s' again. ".formatted(recovery.agent()) : "")
                        + "After %s, or with `slipway cancel --force %d`, the deployment counts as"
                                .formatted(recovery.deadline(), run.number())
                        + " failed and the target stays as it is.");
    }

    private boolean isConnected(String agent) {
        return agents.get().stream()
                .anyMatch(known -> known.info().name().equals(agent) && known.connected());
    }

    private Why gate(RunState run, JobState job) {
        return switch (Protection.of(farm, run, job, farm.time())) {
            case Protection.Answer.Held(String why, String advice) -> new Why(why, advice);
            case Protection.Answer.Refused(String why) -> new Why(why, "");
            case Protection.Answer.Open _ -> new Why("it is about to be let through", "");
        };
    }

    private Why needed(RunState run, JobState job) {
        var results = new NodeResults(farm.jobs(run.number()));
        List<String> open =
                job.node().needs().stream().filter(need -> results.of(need).isEmpty()).toList();
        if (!open.isEmpty()) {
            return new Why("it needs " + String.join(", ", open), "");
        }
        return new Why("the call around it has not started", "");
    }

    private Why group(RunState run, Seat seat, String who) {
        String group = seat.concurrency().group();
        @Nullable Occupant holder = farm.holder(run.head().project(), group).orElse(null);
        if (holder == null) {
            return new Why("others are before it in the concurrency group '" + group + "'", "");
        }
        String held =
                holder.isRun()
                        ? "run %d".formatted(holder.run())
                        : "job %s of run %d".formatted(nameOf(holder), holder.run());
        return new Why(
                "%s waits for the concurrency group '%s', held by %s".formatted(who, group, held),
                "Wait for run %d, or `slipway cancel %d`.".formatted(holder.run(), holder.run()));
    }

    private String nameOf(Occupant holder) {
        return farm.job(holder.jobId())
                .map(job -> job.plan().name())
                .orElseGet(() -> holder.jobId().toString());
    }

    private Why queued(JobState job) {
        return switch (scheduler.reason(job.id())) {
            case WaitReason.NoAgentWithLabels none -> noAgent(none);
            case WaitReason.AgentsUnavailable(List<String> ids) -> unavailable(ids);
            case WaitReason.AllSlotsBusy busy ->
                    new Why(
                            "all %d slots of the %d agents that fit are busy; %d jobs go first"
                                    .formatted(busy.slots(), busy.agents(), busy.ahead()),
                            "Add agents or slots if this lasts.");
            case WaitReason.NotWaiting not -> new Why("it is being given to an agent", "");
        };
    }

    private Why unavailable(List<String> ids) {
        List<String> reasons =
                agents.get().stream()
                        .filter(agent -> ids.contains(agent.info().id()))
                        .limit(MOST_AGENTS)
                        .map(agent -> "%s (%s)".formatted(agent.info().name(), agent.unavailable()))
                        .toList();
        String more =
                ids.size() > MOST_AGENTS ? " and %d more".formatted(ids.size() - MOST_AGENTS) : "";
        return new Why(
                "the agents that fit take no jobs now: %s%s"
                        .formatted(String.join(", ", reasons), more),
                "`slipway agents` lists them. `slipway resume AGENT` ends a drain or a"
                        + " quarantine.");
    }

    private static Why noAgent(WaitReason.NoAgentWithLabels none) {
        String all = String.join(", ", none.labels());
        if (none.missing().isEmpty()) {
            return new Why(
                    "no connected agent has all of the labels " + all,
                    "Start an agent with these labels, or map them with --label.");
        }
        if (none.missing().equals(List.of("docker"))) {
            return new Why(
                    "no connected agent has Docker, which the job's containers need (it needs %s)"
                            .formatted(all),
                    "Install Docker on the machine of an agent and start the agent again: it takes"
                            + " the label 'docker' when an engine answers.");
        }
        return new Why(
                "no connected agent has the label%s %s (it needs %s)"
                        .formatted(
                                none.missing().size() == 1 ? "" : "s",
                                String.join(", ", none.missing()),
                                all),
                "Start an agent with --label %s, or map it with --label %s=LABEL-OF-AN-AGENT."
                        .formatted(none.missing().getFirst(), none.missing().getFirst()));
    }

    private record Why(String reason, String advice) {}
}

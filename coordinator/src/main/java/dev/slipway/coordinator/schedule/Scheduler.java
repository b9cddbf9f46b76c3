package dev.slipway.coordinator.schedule;

import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.model.Labels;
import dev.slipway.coordinator.schedule.LabelQueue.Entry;
import dev.slipway.coordinator.schedule.LabelQueue.Match;
import dev.slipway.coordinator.schedule.WaitReason.AgentsUnavailable;
import dev.slipway.coordinator.schedule.WaitReason.AllSlotsBusy;
import dev.slipway.coordinator.schedule.WaitReason.NoAgentWithLabels;
import dev.slipway.coordinator.schedule.WaitReason.NotWaiting;
import dev.slipway.id.JobId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Decides which waiting job goes to which agent.
///
/// Driven by events, without ticks: what changes a queue or a slot is told once, and {@link #place}
/// pairs what can be paired. Each distinct set of labels has a queue of its own; a job finds a slot
/// only through it. Same events in the same order give the same placements. For one thread.
public final class Scheduler {
    /// What one slot in use counts against its project: as if its jobs had come an hour later.
    private static final long SHARE_NANOS = Duration.ofHours(1).toNanos();

    /// Empty queues that are kept, so that a set of labels is matched with the agents once.
    private static final int KEPT_EMPTY_QUEUES = 1_000;

    private final long agingNanos;
    private final TreeMap<String, AgentSlots> agents = new TreeMap<>();
    private final Map<String, List<LabelQueue>> queuesOfAgent = new HashMap<>();
    private final LinkedHashMap<List<String>, LabelQueue> queues = new LinkedHashMap<>();
    private final Map<JobId, Entry> ready = new HashMap<>();
    private final Map<String, Integer> slotsOfProject = new HashMap<>();
    private final Map<JobId, String> projectOfHeld = new HashMap<>();

    /// @param agingStep how much longer a job must have waited to go before one whose priority is
    ///   higher by one
    public Scheduler(Duration agingStep) {
        this.agingNanos = agingStep.toNanos();
    }

    /// Adds an agent, or says what is new about it.
    ///
    /// @param available connected and taking jobs
    public void agentChanged(AgentInfo info, boolean available) {
        AgentSlots agent = agents.get(info.id());
        if (agent == null) {
            agent = new AgentSlots(info);
            agents.put(info.id(), agent);
        }
        boolean sameLabels =
                queuesOfAgent.containsKey(info.id()) && agent.info().labels().equals(info.labels());
        leaveQueues(agent);
        agent.update(info, available);
        if (!sameLabels) {
            var fitting = new ArrayList<LabelQueue>();
            for (LabelQueue queue : queues.values()) {
                if (agent.fits(queue.labels())) {
                    fitting.add(queue);
                }
            }
            queuesOfAgent.put(info.id(), fitting);
        }
        enterQueues(agent);
    }

    /// Forgets an agent: it holds nothing and is not connected.
    public void agentGone(String agentId) {
        AgentSlots agent = agents.remove(agentId);
        if (agent != null) {
            leaveQueues(agent);
            queuesOfAgent.remove(agentId);
        }
    }

    /// A job waits for an agent. Telling it again replaces what was told.
    public void jobReady(ReadyJob job) {
        jobGone(job.id());
        long rank = job.readySince().toNanos() - Math.multiplyExact(job.priority(), agingNanos);
        var entry = new Entry(job, rank);
        ready.put(job.id(), entry);
        queue(job.labels()).add(entry, handicap(job.project()));
    }

    /// A job does not wait any more.
    public void jobGone(JobId id) {
        Entry entry = ready.remove(id);
        if (entry != null) {
            ReadyJob job = entry.job();
            queue(job.labels()).remove(entry, handicap(job.project()));
        }
    }

    /// An agent holds a job, e.g. one that it was given before a restart. Does nothing when that is
    /// known.
    public void occupied(String agentId, JobId job, String project) {
        AgentSlots agent = agents.get(agentId);
        if (agent == null || projectOfHeld.containsKey(job)) {
            return;
        }
        occupy(agent, job, project);
    }

    /// An agent holds a job no more.
    public void released(String agentId, JobId job) {
        AgentSlots agent = agents.get(agentId);
        if (agent != null) {
            leaveQueues(agent);
            agent.release(job);
            enterQueues(agent);
        }
        String project = projectOfHeld.remove(job);
        if (project != null) {
            share(project, -1);
        }
    }

    /// Pairs waiting jobs with free slots until none fits any more. The jobs are then held, not
    /// ready.
    public List<Placement> place() {
        var placements = new ArrayList<Placement>();
        while (true) {
            Optional<Match> match = bestMatch();
            if (match.isEmpty()) {
                return placements;
            }
            ReadyJob job = match.get().entry().job();
            AgentSlots agent = match.get().agent();
            jobGone(job.id());
            occupy(agent, job.id(), job.project());
            placements.add(new Placement(job.id(), agent.id()));
        }
    }

    /// How many jobs wait.
    public int waiting() {
        return ready.size();
    }

    /// Why a job waits.
    public WaitReason reason(JobId id) {
        Entry entry = ready.get(id);
        if (entry == null) {
            return new NotWaiting();
        }
        List<String> labels = entry.job().labels();
        var fitting = agents.values().stream().filter(agent -> agent.fits(labels)).toList();
        if (fitting.isEmpty()) {
            return new NoAgentWithLabels(labels, missing(labels));
        }
        var available = fitting.stream().filter(AgentSlots::available).toList();
        if (available.isEmpty()) {
            return new AgentsUnavailable(
                    fitting.stream()
                            .map(AgentSlots::info)
                            .sorted(Comparator.comparing(AgentInfo::name))
                            .map(AgentInfo::id)
                            .toList());
        }
        int slots = available.stream().mapToInt(agent -> agent.info().slots()).sum();
        return new AllSlotsBusy(available.size(), slots, queue(labels).ahead(entry));
    }

    private Optional<Match> bestMatch() {
        Match best = null;
        long bestScore = Long.MAX_VALUE;
        for (LabelQueue queue : queues.values()) {
            if (queue.canPlace() && queue.score() < bestScore) {
                @Nullable Match match = queue.next(this::otherAgentFits).orElse(null);
                if (match != null) {
                    best = match;
                    bestScore = queue.score();
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean otherAgentFits(ReadyJob job) {
        return agents.values().stream()
                .anyMatch(
                        agent ->
                                agent.available()
                                        && !job.avoid().contains(agent.id())
                                        && agent.fits(job.labels()));
    }

    private void occupy(AgentSlots agent, JobId job, String project) {
        leaveQueues(agent);
        agent.occupy(job);
        agent.warmed(project);
        enterQueues(agent);
        projectOfHeld.put(job, project);
        share(project, 1);
    }

    private void share(String project, int change) {
        slotsOfProject.merge(project, change, Integer::sum);
        slotsOfProject.remove(project, 0);
        for (LabelQueue queue : queues.values()) {
            queue.handicap(project, handicap(project));
        }
    }

    private long handicap(String project) {
        return slotsOfProject.getOrDefault(project, 0) * SHARE_NANOS;
    }

    private List<String> missing(List<String> labels) {
        return labels.stream()
                .filter(
                        label ->
                                agents.values().stream()
                                        .noneMatch(agent -> agent.fits(List.of(label))))
                .toList();
    }

    private LabelQueue queue(List<String> labels) {
        LabelQueue known = queues.get(labels);
        if (known != null) {
            return known;
        }
        dropEmptyQueues();
        var queue = new LabelQueue(Labels.normal(labels));
        queues.put(queue.labels(), queue);
        for (AgentSlots agent : agents.values()) {
            if (agent.fits(queue.labels())) {
                queuesOfAgent.computeIfAbsent(agent.id(), id -> new ArrayList<>()).add(queue);
                queue.enter(agent);
            }
        }
        return queue;
    }

    private void dropEmptyQueues() {
        if (queues.size() < KEPT_EMPTY_QUEUES) {
            return;
        }
        queues.values().removeIf(queue -> queue.waiting() == 0);
        for (List<LabelQueue> fitting : queuesOfAgent.values()) {
            fitting.removeIf(queue -> queue.waiting() == 0);
        }
    }

    private void leaveQueues(AgentSlots agent) {
        for (LabelQueue queue : queuesOfAgent.getOrDefault(agent.id(), List.of())) {
            queue.leave(agent);
        }
    }

    private void enterQueues(AgentSlots agent) {
        for (LabelQueue queue : queuesOfAgent.getOrDefault(agent.id(), List.of())) {
            queue.enter(agent);
        }
    }
}

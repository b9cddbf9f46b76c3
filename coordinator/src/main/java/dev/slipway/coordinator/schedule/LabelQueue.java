package dev.slipway.coordinator.schedule;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The ready jobs that ask for one set of labels, and the agents that have them.
///
/// Jobs of a project are ordered by rank: the time since which they are ready, moved back by their
/// priority. Rank never changes, so whoever waits long enough goes first. Projects are ordered by
/// the rank of their first job plus a handicap for every slot that the project already has.
final class LabelQueue {
    private static final Comparator<Entry> BY_RANK =
            Comparator.comparingLong(Entry::rank).thenComparing(entry -> entry.job().id());
    private static final Comparator<ProjectQueue> BY_SCORE =
            Comparator.<ProjectQueue>comparingLong(queue -> queue.score)
                    .thenComparing(queue -> queue.project);

    /// How many free agents are looked at for a warm workspace: keeps a placement cheap on a farm
    /// of thousands.
    private static final int WARM_LOOK = 32;

    private final List<String> labels;
    private final Map<String, ProjectQueue> projects = new HashMap<>();
    private final TreeSet<ProjectQueue> order = new TreeSet<>(BY_SCORE);
    private final TreeSet<AgentSlots> free = new TreeSet<>();
    private int waiting;

    LabelQueue(List<String> labels) {
        this.labels = labels;
    }

    List<String> labels() {
        return labels;
    }

    int waiting() {
        return waiting;
    }

    boolean canPlace() {
        return waiting > 0 && !free.isEmpty();
    }

    void add(Entry entry, long handicap) {
        ProjectQueue queue = projects.computeIfAbsent(entry.job().project(), ProjectQueue::new);
        order.remove(queue);
        queue.jobs.add(entry);
        waiting++;
        rank(queue, handicap);
    }

    void remove(Entry entry, long handicap) {
        ProjectQueue queue = projects.get(entry.job().project());
        if (queue == null) {
            return;
        }
        order.remove(queue);
        if (queue.jobs.remove(entry)) {
            waiting--;
        }
        if (queue.jobs.isEmpty()) {
            projects.remove(queue.project);
        } else {
            rank(queue, handicap);
        }
    }

    /// A project's share of slots has changed.
    void handicap(String project, long handicap) {
        ProjectQueue queue = projects.get(project);
        if (queue != null) {
            order.remove(queue);
            rank(queue, handicap);
        }
    }

    /// The agent's order is about to change.
    void leave(AgentSlots agent) {
        free.remove(agent);
    }

    void enter(AgentSlots agent) {
        if (agent.free() > 0) {
            free.add(agent);
        }
    }

    /// The score of the project that is next; only when jobs wait.
    long score() {
        return order.first().score;
    }

    /// The next job that can go to a free agent, with that agent.
    ///
    /// @param spared whether another agent that takes jobs fits a job that avoids some
    Optional<Match> next(Spared spared) {
        for (ProjectQueue queue : order) {
            for (Entry entry : queue.jobs) {
                AgentSlots agent = agentFor(entry.job(), spared);
                if (agent != null) {
                    return Optional.of(new Match(entry, agent));
                }
            }
        }
        return Optional.empty();
    }

    /// How many jobs of this queue have a better rank, whatever their project.
    int ahead(Entry entry) {
        int ahead = 0;
        for (ProjectQueue queue : order) {
            ahead += queue.jobs.headSet(entry).size();
        }
        return ahead;
    }

    /// The warm agent if one of the fullest {@value #WARM_LOOK} is, else the fullest.
    private @Nullable AgentSlots agentFor(ReadyJob job, Spared spared) {
        AgentSlots fullest = null;
        int looked = 0;
        for (AgentSlots agent : free) {
            if (job.avoid().contains(agent.id())) {
                continue;
            }
            if (agent.isWarmFor(job.project())) {
                return agent;
            }
            if (fullest == null) {
                fullest = agent;
            }
            if (++looked >= WARM_LOOK) {
                break;
            }
        }
        if (fullest != null || free.isEmpty()) {
            return fullest;
        }
        return spared.otherAgentFits(job) ? null : free.first();
    }

    private void rank(ProjectQueue queue, long handicap) {
        queue.score = queue.jobs.first().rank() + handicap;
        order.add(queue);
    }

    /// A job with its rank in nanoseconds of uptime.
    record Entry(ReadyJob job, long rank) {}

    record Match(Entry entry, AgentSlots agent) {}

    interface Spared {
        boolean otherAgentFits(ReadyJob job);
    }

    private static final class ProjectQueue {
        private final String project;
        private final TreeSet<Entry> jobs = new TreeSet<>(BY_RANK);
        private long score;

        ProjectQueue(String project) {
            this.project = project;
        }
    }
}

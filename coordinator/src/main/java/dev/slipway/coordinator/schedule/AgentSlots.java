package dev.slipway.coordinator.schedule;

import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.id.JobId;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// An agent as the scheduler counts it. Ordered by how full it is: the fewest free slots first, so
/// that the others empty and can be scaled in.
final class AgentSlots implements Comparable<AgentSlots> {
    private static final int WARM_PROJECTS = 100;

    private final String id;
    private final Set<JobId> jobs = new TreeSet<>();
    private final LinkedHashSet<String> warm = new LinkedHashSet<>();
    private AgentInfo info;
    private boolean available;

    AgentSlots(AgentInfo info) {
        this.id = info.id();
        this.info = info;
    }

    String id() {
        return id;
    }

    AgentInfo info() {
        return info;
    }

    boolean available() {
        return available;
    }

    /// Only while it is in no queue's order: this changes where it belongs there.
    void update(AgentInfo newInfo, boolean nowAvailable) {
        info = newInfo;
        available = nowAvailable;
        for (String project : newInfo.warmProjects().reversed()) {
            warmed(project);
        }
    }

    void occupy(JobId job) {
        jobs.add(job);
    }

    boolean release(JobId job) {
        return jobs.remove(job);
    }

    boolean holdsJobs() {
        return !jobs.isEmpty();
    }

    int free() {
        return available ? Math.max(0, info.slots() - jobs.size()) : 0;
    }

    boolean fits(List<String> labels) {
        return info.labels().containsAll(labels);
    }

    /// Notes that a job of the project ran here.
    void warmed(String project) {
        warm.remove(project);
        warm.add(project);
        if (warm.size() > WARM_PROJECTS) {
            warm.removeFirst();
        }
    }

    boolean isWarmFor(String project) {
        return warm.contains(project);
    }

    @Override
    public int compareTo(AgentSlots other) {
        int byFree = Integer.compare(free(), other.free());
        return byFree != 0 ? byFree : id.compareTo(other.id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AgentSlots slots && slots.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}

package dev.slipway.planning;

import dev.slipway.workflow.Job;
import dev.slipway.workflow.Located;
import dev.slipway.workflow.Workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The `needs` of one workflow's jobs. Ids are compared ignoring case and given as the jobs write
/// them. The graph has no cycle, because {@link Workflow} has none. Immutable.
public final class JobGraph {

    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, List<String>> needs = new LinkedHashMap<>();
    private final Map<String, Set<String>> ancestors = new HashMap<>();

    private JobGraph(Workflow workflow) {
        Map<String, String> ids = new HashMap<>();
        for (Job job : workflow.jobs()) {
            jobs.put(job.id(), job);
            ids.put(fold(job.id()), job.id());
        }
        for (Job job : workflow.jobs()) {
            Set<String> needed = new LinkedHashSet<>();
            for (Located<String> need : job.needs()) {
                String id = ids.get(fold(need.value()));
                if (id == null) {
                    throw new IllegalArgumentException(
                            "job " + job.id() + " needs unknown job " + need.value());
                }
                needed.add(id);
            }
            needs.put(job.id(), List.copyOf(needed));
        }
        for (String id : topological()) {
            Set<String> above = new LinkedHashSet<>();
            for (String need : needs(id)) {
                above.add(need);
                above.addAll(ancestors(need));
            }
            ancestors.put(id, above);
        }
    }

    /// The graph of a workflow.
    public static JobGraph of(Workflow workflow) {
        return new JobGraph(workflow);
    }

    /// The job ids in file order.
    public Collection<String> ids() {
        return jobs.keySet();
    }

    /// The direct needs of a job, in file order, each once.
    public List<String> needs(String id) {
        return needs.getOrDefault(id, List.of());
    }

    /// Every job that must be done before, directly or not.
    public Set<String> ancestors(String id) {
        return ancestors.getOrDefault(id, Set.of());
    }

    /// The ids so that every job comes after what it needs; otherwise in file order.
    public List<String> topological() {
        List<String> order = new ArrayList<>();
        Map<String, Integer> open = new HashMap<>();
        Map<String, List<String>> dependents = new HashMap<>();
        Deque<String> ready = new ArrayDeque<>();
        for (String id : jobs.keySet()) {
            open.put(id, needs(id).size());
            needs(id)
                    .forEach(
                            need ->
                                    dependents
                                            .computeIfAbsent(need, key -> new ArrayList<>())
                                            .add(id));
            if (needs(id).isEmpty()) {
                ready.add(id);
            }
        }
        while (!ready.isEmpty()) {
            String id = ready.poll();
            order.add(id);
            for (String dependent : dependents.getOrDefault(id, List.of())) {
                if (open.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (order.size() < jobs.size()) {
            throw new IllegalArgumentException("the jobs' needs form a circle");
        }
        return order;
    }

    private static String fold(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}

package dev.slipway.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Checks that `needs` names existing jobs and that no job waits for itself.
final class NeedsCheck {

    private static final int MAX_SHOWN = 10;

    private final Problems problems;
    private final Map<String, Job> jobs = new HashMap<>();
    private final List<Job> ordered;
    private final List<String> ids;

    /// @param ids all keys under `jobs`, also of jobs that could not be read
    NeedsCheck(Problems problems, List<Job> jobs, List<String> ids) {
        this.problems = problems;
        this.ordered = jobs;
        this.ids = ids;
        jobs.forEach(job -> this.jobs.put(fold(job.id()), job));
    }

    void check() {
        Set<String> known = new HashSet<>();
        ids.forEach(id -> known.add(fold(id)));
        for (Job job : ordered) {
            Set<String> seen = new HashSet<>();
            for (Located<String> need : job.needs()) {
                if (!known.contains(fold(need.value()))) {
                    problems.error(
                            need.position(),
                            "job '"
                                    + job.id()
                                    + "' needs '"
                                    + need.value()
                                    + "', but there is no such job"
                                    + Suggest.hint(need.value(), ids));
                } else if (!seen.add(fold(need.value()))) {
                    problems.warning(
                            need.position(),
                            "job '" + job.id() + "' names '" + need.value() + "' twice in 'needs'");
                }
            }
        }
        cycles();
    }

    /// Depth-first with an explicit stack, so that a long chain of jobs cannot exhaust ours.
    private void cycles() {
        Set<String> done = new HashSet<>();
        for (Job start : ordered) {
            Deque<Visit> path = new ArrayDeque<>();
            Set<String> onPath = new HashSet<>();
            if (!done.contains(fold(start.id()))) {
                path.addLast(new Visit(start));
                onPath.add(fold(start.id()));
            }
            while (!path.isEmpty()) {
                Visit visit = path.getLast();
                if (visit.next == visit.job.needs().size()) {
                    path.removeLast();
                    onPath.remove(fold(visit.job.id()));
                    done.add(fold(visit.job.id()));
                    continue;
                }
                Located<String> need = visit.job.needs().get(visit.next++);
                Job needed = jobs.get(fold(need.value()));
                if (needed == null || done.contains(fold(needed.id()))) {
                    continue;
                }
                if (onPath.contains(fold(needed.id()))) {
                    report(path, needed);
                } else {
                    path.addLast(new Visit(needed));
                    onPath.add(fold(needed.id()));
                }
            }
        }
    }

    /// One problem for each `needs` entry of the circle, since removing any of them opens it; of a
    /// circle that nobody would read to its end, only its first ones.
    private void report(Deque<Visit> path, Job needed) {
        List<Visit> circle =
                path.stream().dropWhile(visit -> !visit.job.id().equals(needed.id())).toList();
        List<String> names = new ArrayList<>();
        circle.stream().limit(MAX_SHOWN).forEach(visit -> names.add(visit.job.id()));
        if (circle.size() > MAX_SHOWN) {
            names.add("(" + (circle.size() - MAX_SHOWN) + " more)");
        }
        names.add(needed.id());
        String text =
                circle.size() == 1
                        ? "job '" + needed.id() + "' needs itself"
                        : "these jobs wait for each other in a circle: "
                                + String.join(" needs ", names);
        circle.stream()
                .limit(MAX_SHOWN)
                .map(visit -> visit.job.needs().get(visit.next - 1))
                .forEach(need -> problems.error(need.position(), text));
    }

    private static String fold(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    /// A job on the path, and which of its needs comes next.
    private static final class Visit {
        private final Job job;
        private int next;

        Visit(Job job) {
            this.job = job;
        }
    }
}

package dev.slipway.coordinator.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A run with all its jobs and attempts, as recorded at one position.
///
/// @param run the run
/// @param jobs by ordinal
/// @param attempts by id
public record RunRecords(RunState run, List<JobState> jobs, List<AttemptState> attempts) {
    public RunRecords {
        jobs = List.copyOf(jobs);
        attempts = List.copyOf(attempts);
    }

    /// The jobs in plan order: as in the file, the legs of a matrix together, called jobs where
    /// their call stands. Calls whose jobs stand for them are left out.
    public List<JobState> shownInPlanOrder() {
        Map<Integer, JobState> byOrdinal = new HashMap<>();
        jobs.forEach(job -> byOrdinal.put(job.id().job(), job));
        return jobs.stream()
                .filter(JobState::shown)
                .sorted(Comparator.comparing(job -> path(job, byOrdinal), RunRecords::compare))
                .toList();
    }

    public List<AttemptState> attemptsOf(JobState job) {
        return attempts.stream().filter(attempt -> attempt.id().job().equals(job.id())).toList();
    }

    private static List<Integer> path(JobState job, Map<Integer, JobState> byOrdinal) {
        var path = new ArrayList<Integer>();
        for (JobState at = job; at != null; at = byOrdinal.get(at.node().parent())) {
            path.add(at.node().leg());
            path.add(at.node().group());
        }
        return path.reversed();
    }

    private static int compare(List<Integer> one, List<Integer> two) {
        for (int i = 0; i < Math.min(one.size(), two.size()); i++) {
            int order = one.get(i).compareTo(two.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), two.size());
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.planning.JobResult;
import dev.slipway.planning.JobResults;
import dev.slipway.planning.LegResult;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The results of a run's nodes, from its jobs.
final class NodeResults {
    private static final Comparator<JobState> BY_END =
            Comparator.comparing(
                            (JobState job) ->
                                    job.finishedAt() == null ? Instant.MAX : job.finishedAt())
                    .thenComparing(JobState::id);

    private final Map<String, List<JobState>> nodes = new HashMap<>();

    NodeResults(Collection<JobState> jobs) {
        for (JobState job : jobs) {
            nodes.computeIfAbsent(job.node().node(), node -> new ArrayList<>()).add(job);
        }
    }

    /// The result of a node whose jobs have all ended.
    Optional<JobResult> of(String node) {
        List<JobState> jobs = nodes.getOrDefault(node, List.of());
        if (jobs.isEmpty() || !jobs.stream().allMatch(JobState::finished)) {
            return Optional.empty();
        }
        return Optional.of(
                JobResults.ofLegs(jobs.stream().sorted(BY_END).map(NodeResults::leg).toList()));
    }

    boolean known(String node) {
        return nodes.containsKey(node);
    }

    private static LegResult leg(JobState job) {
        return new LegResult(
                conclusion(job.conclusion()), job.plan().continueOnError(), job.outputs());
    }

    static JobResult.Conclusion conclusion(
            @org.jspecify.annotations.Nullable Conclusion conclusion) {
        return switch (conclusion) {
            case SUCCESS -> JobResult.Conclusion.SUCCESS;
            case FAILURE, TIMED_OUT -> JobResult.Conclusion.FAILURE;
            case CANCELLED -> JobResult.Conclusion.CANCELLED;
            case SKIPPED -> JobResult.Conclusion.SKIPPED;
            case null -> throw new IllegalStateException("a finished job has no conclusion");
        };
    }

    static Conclusion conclusion(JobResult.Conclusion conclusion) {
        return switch (conclusion) {
            case SUCCESS -> Conclusion.SUCCESS;
            case FAILURE -> Conclusion.FAILURE;
            case CANCELLED -> Conclusion.CANCELLED;
            case SKIPPED -> Conclusion.SKIPPED;
        };
    }
}

package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The records that a batch of events changed: what to write to the tables.
///
/// @param meta the farm's own facts, always
/// @param runs changed runs with what they were when last written
/// @param jobs changed jobs, as they are now
/// @param attempts changed attempts, as they are now
/// @param specs what new runs were submitted with
/// @param annotations new annotations
/// @param summaries new or replaced summaries
/// @param tests new or replaced test reports
/// @param tokens new client tokens
/// @param counters how many runs workflows have, where that changed; keys from {@link #counterKey}
/// @param drains agents drained (by whom) or resumed (nothing)
/// @param files artifacts, caches, and runs that are gone
/// @param deployments environments and deployments
/// @param notifications rules, and what they owe
public record Changes(
        FarmMeta meta,
        List<RunChange> runs,
        List<JobState> jobs,
        List<AttemptState> attempts,
        Map<Long, RunSpec> specs,
        List<NewAnnotation> annotations,
        List<NewSummary> summaries,
        Map<AttemptId, TestReport> tests,
        Map<String, FarmView.TokenUse> tokens,
        Map<String, Long> counters,
        Map<String, Optional<String>> drains,
        Files files,
        Deployments deployments,
        Notifications notifications) {

    /// @param before as last written; nothing for a new run
    public record RunChange(Optional<RunState> before, RunState after) {}

    /// @param index counts the attempt's annotations, from 0
    public record NewAnnotation(AttemptId attempt, int index, Annotation annotation) {}

    public record NewSummary(AttemptId attempt, int step, String markdown) {}

    /// @param artifacts new or removed (nothing); not those of runs that are removed
    /// @param lastArtifact the highest id given, if one was
    /// @param caches new or removed (nothing)
    /// @param removedRuns finished runs to remove with everything that is kept of them
    public record Files(
            Map<Artifact.Name, Optional<Artifact>> artifacts,
            Optional<Long> lastArtifact,
            Map<Cache.Name, Optional<Cache>> caches,
            List<Long> removedRuns) {}

    /// @param environments changed ones, as they are now
    /// @param deployments changed ones, as they are now
    /// @param commits what new deployments brought
    /// @param goods what is now the last healthy version at places
    /// @param incidents new or closed ones, as they are now
    public record Deployments(
            List<EnvironmentState> environments,
            List<Deployment> deployments,
            Map<Deployment.Name, List<Commit>> commits,
            Map<Deployment.Place, Deployment.Good> goods,
            List<Incident> incidents) {}

    /// Each is what is there now; nothing: it is gone.
    public record Notifications(
            Map<String, Optional<NotificationArchive.KnownRule>> rules,
            Map<Long, Optional<Notification>> notifications,
            Map<Notification.Line, Optional<Long>> lines) {}

    /// The key of a workflow's run counter.
    public static String counterKey(String project, String workflowPath) {
        return project + "\n" + workflowPath;
    }
}

package dev.slipway.cli.client;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// A run of one workflow. Texts are empty when the farm has none.
///
/// @param number farm-wide, from 1
/// @param runAttempt counts reruns, from 1
/// @param message why it could not start or was ended by the farm
/// @param blockedBy runs that hold its concurrency group
public record Run(
        long number,
        String project,
        String workflowName,
        String workflowPath,
        String title,
        String event,
        String ref,
        String sha,
        String actor,
        int runAttempt,
        Status status,
        @Nullable Conclusion conclusion,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int priority,
        boolean cancelRequested,
        String message,
        List<Long> blockedBy) {
    public boolean isFinished() {
        return status == Status.FINISHED;
    }

    /// The branch or tag in short form.
    public String shortRef() {
        return ref.startsWith("refs/heads/")
                ? ref.substring("refs/heads/".length())
                : ref.startsWith("refs/") ? ref.substring("refs/".length()) : ref;
    }
}

package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Status;

import java.time.Instant;
import java.util.Optional;

/// Which runs to list. An empty string or optional leaves that open.
///
/// @param workflow the workflow's name or path
/// @param branch without `refs/heads/`
/// @param queuedAfter inclusive
/// @param queuedBefore exclusive
public record RunFilter(
        String project,
        String workflow,
        String branch,
        Optional<Status> status,
        Optional<Conclusion> conclusion,
        Optional<Instant> queuedAfter,
        Optional<Instant> queuedBefore) {
    public static final RunFilter ALL =
            new RunFilter(
                    "",
                    "",
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
}

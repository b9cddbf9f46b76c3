package dev.slipway.coordinator.model;

import java.util.List;
import java.util.Optional;

/// What is known of the event that caused a run.
///
/// @param name e.g. `push`
/// @param payloadJson the payload, a JSON object; may be empty
/// @param ref `refs/heads/…`, `refs/tags/…` or `refs/pull/N/merge`
/// @param sha the commit; may be empty
/// @param baseRef target branch of a pull request; else empty
/// @param headRef source branch of a pull request; else empty
/// @param defaultBranch without `refs/heads/`
/// @param actor who caused it
/// @param changedPaths what it changed; empty when that is not known
public record EventFacts(
        String name,
        String payloadJson,
        String ref,
        String sha,
        String baseRef,
        String headRef,
        String defaultBranch,
        String actor,
        Optional<List<String>> changedPaths) {
    public EventFacts {
        changedPaths = changedPaths.map(List::copyOf);
    }

    /// The branch without `refs/heads/`; for a pull request the branch that it comes from; empty
    /// for a tag.
    public String branch() {
        if (!headRef.isEmpty()) {
            return headRef;
        }
        String prefix = "refs/heads/";
        return ref.startsWith(prefix) ? ref.substring(prefix.length()) : "";
    }
}

package dev.slipway.planning;

import dev.slipway.expression.Value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What happened: an event, as far as triggers look at it.
///
/// @param event its name: `push`
/// @param ref `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`
/// @param sha the commit
/// @param baseRef the branch that a pull request goes into, without `refs/heads/`; else empty
/// @param headRef the branch that a pull request comes from; else empty
/// @param changedFiles paths with `/` from the repository's root; absent when not known, and then
///   path filters let the event through, as GitHub does for changes that are too large
/// @param payload the event's JSON, an object; `action` is its activity type
/// @param inputs what somebody gave to `workflow_dispatch`
public record EventFacts(
        String event,
        String ref,
        String sha,
        String baseRef,
        String headRef,
        Optional<List<String>> changedFiles,
        Value payload,
        Map<String, String> inputs) {

    private static final String BRANCH = "refs/heads/";
    private static final String TAG = "refs/tags/";

    public EventFacts {
        changedFiles = changedFiles.map(List::copyOf);
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /// An event about a ref, with nothing else known.
    public static EventFacts of(String event, String ref) {
        return new EventFacts(
                event, ref, "", "", "", Optional.empty(), Value.object(Map.of()), Map.of());
    }

    /// The same with these changed files.
    public EventFacts withChangedFiles(List<String> files) {
        return new EventFacts(
                event, ref, sha, baseRef, headRef, Optional.of(files), payload, inputs);
    }

    /// The same with this payload.
    public EventFacts withPayload(Value json) {
        return new EventFacts(event, ref, sha, baseRef, headRef, changedFiles, json, inputs);
    }

    /// The same with these `workflow_dispatch` inputs.
    public EventFacts withInputs(Map<String, String> given) {
        return new EventFacts(event, ref, sha, baseRef, headRef, changedFiles, payload, given);
    }

    /// The same as a pull request from one branch into another.
    public EventFacts withBranches(String base, String head) {
        return new EventFacts(event, ref, sha, base, head, changedFiles, payload, inputs);
    }

    /// The activity type (`opened`), if the payload says it.
    public Optional<String> action() {
        return Optional.of(payload.get("action").text()).filter(text -> !text.isEmpty());
    }

    /// The branch of {@link #ref}, if it is one.
    public Optional<String> branch() {
        return ref.startsWith(BRANCH)
                ? Optional.of(ref.substring(BRANCH.length()))
                : Optional.empty();
    }

    /// The tag of {@link #ref}, if it is one.
    public Optional<String> tag() {
        return ref.startsWith(TAG) ? Optional.of(ref.substring(TAG.length())) : Optional.empty();
    }
}

package dev.slipway.planning;

import dev.slipway.expression.Value;

import java.util.LinkedHashMap;
import java.util.Map;

/// Makes the `github` context of a run: all fields that do not depend on the machine, with GitHub's
/// types (numbers that are texts there are texts here). The agent adds `workspace`, `token`,
/// `event_path` and the like. Pure.
public final class GithubContext {
    private static final String SERVER = "https://github.com";
    private static final String API = "https://api.github.com";
    private static final String BRANCH = "refs/heads/";
    private static final String TAG = "refs/tags/";
    private static final String PULL = "refs/pull/";

    private GithubContext() {}

    /// What the context is made of.
    ///
    /// @param event what happened
    /// @param project `owner/name`, or a folder's name (its owner is then `local`)
    /// @param defaultBranch without `refs/heads/`
    /// @param actor who caused it
    /// @param triggeringActor who asked for this run attempt
    /// @param workflowName the workflow's `name`, or its path
    /// @param workflowPath relative to the repository's root
    /// @param runId the farm's number of the run
    /// @param runNumber counts the runs of this workflow
    /// @param runAttempt from 1
    public record Facts(
            EventFacts event,
            String project,
            String defaultBranch,
            String actor,
            String triggeringActor,
            String workflowName,
            String workflowPath,
            long runId,
            long runNumber,
            int runAttempt) {}

    /// The context as an object.
    public static Value of(Facts facts) {
        EventFacts event = facts.event();
        String repository = repository(facts.project());
        String owner = repository.substring(0, repository.indexOf('/'));
        var fields = new LinkedHashMap<String, Value>();
        put(fields, "actor", facts.actor());
        put(fields, "actor_id", id(facts.actor()));
        put(fields, "api_url", API);
        put(fields, "base_ref", event.baseRef());
        fields.put("event", payload(facts, repository));
        put(fields, "event_name", event.event());
        put(fields, "graphql_url", API + "/graphql");
        put(fields, "head_ref", event.headRef());
        put(fields, "ref", event.ref());
        put(fields, "ref_name", refName(event.ref()));
        fields.put("ref_protected", Value.of(false));
        put(fields, "ref_type", event.ref().startsWith(TAG) ? "tag" : "branch");
        put(fields, "repository", repository);
        put(fields, "repository_id", id(repository));
        put(fields, "repository_owner", owner);
        put(fields, "repository_owner_id", id(owner));
        put(fields, "repositoryUrl", "git://github.com/" + repository + ".git");
        put(fields, "run_attempt", Integer.toString(facts.runAttempt()));
        put(fields, "run_id", Long.toString(facts.runId()));
        put(fields, "run_number", Long.toString(facts.runNumber()));
        put(fields, "secret_source", "Actions");
        put(fields, "server_url", SERVER);
        put(fields, "sha", event.sha());
        put(fields, "triggering_actor", facts.triggeringActor());
        put(fields, "workflow", facts.workflowName());
        put(fields, "workflow_ref", repository + "/" + facts.workflowPath() + "@" + event.ref());
        put(fields, "workflow_sha", event.sha());
        return Value.object(fields);
    }

    /// The repository's full name.
    public static String repository(String project) {
        return project.indexOf('/') > 0 ? project : "local/" + project;
    }

    /// A ref without its prefix: `main`, `v1`, `7/merge`.
    public static String refName(String ref) {
        for (String prefix : new String[] {BRANCH, TAG, PULL}) {
            if (ref.startsWith(prefix)) {
                return ref.substring(prefix.length());
            }
        }
        return ref;
    }

    /// The event's payload with what actions rely on and the caller did not say.
    private static Value payload(Facts facts, String repository) {
        var fields = new LinkedHashMap<String, Value>();
        if (facts.event().payload() instanceof Value.ObjectValue given) {
            fields.putAll(given.entries());
        }
        putIfAbsent(fields, "ref", Value.of(facts.event().ref()));
        if (!fields.containsKey("repository")) {
            fields.put("repository", repositoryObject(facts, repository));
        }
        putIfAbsent(fields, "sender", Value.object(Map.of("login", Value.of(facts.actor()))));
        if (!facts.event().inputs().isEmpty()) {
            var inputs = new LinkedHashMap<String, Value>();
            facts.event().inputs().forEach((name, text) -> inputs.put(name, Value.of(text)));
            putIfAbsent(fields, "inputs", Value.object(inputs));
        }
        return Value.object(fields);
    }

    private static Value repositoryObject(Facts facts, String repository) {
        int slash = repository.indexOf('/');
        var fields = new LinkedHashMap<String, Value>();
        put(fields, "name", repository.substring(slash + 1));
        put(fields, "full_name", repository);
        put(fields, "html_url", SERVER + "/" + repository);
        put(fields, "default_branch", facts.defaultBranch());
        var owner = new LinkedHashMap<String, Value>();
        put(owner, "login", repository.substring(0, slash));
        put(owner, "name", repository.substring(0, slash));
        fields.put("owner", Value.object(owner));
        return Value.object(fields);
    }

    /// A number that stays the same for a name; nothing outside the farm knows it.
    private static String id(String name) {
        return Long.toString(name.hashCode() & 0x7fff_ffffL);
    }

    private static void put(Map<String, Value> fields, String name, String value) {
        fields.put(name, Value.of(value));
    }

    private static void putIfAbsent(Map<String, Value> fields, String name, Value value) {
        fields.putIfAbsent(name, value);
    }
}

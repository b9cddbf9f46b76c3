package dev.slipway.agent.runner;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.expression.Value.ObjectValue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The contexts of a job that do not change while it runs. Each is one instance, because objects
/// compare by reference.
final class JobContexts {
    /// Which fields of the `github` context become `GITHUB_*` variables (GitHub's allow-list).
    static final List<String> GITHUB_VARIABLES =
            List.of(
                    "action",
                    "action_path",
                    "action_ref",
                    "action_repository",
                    "actor",
                    "actor_id",
                    "api_url",
                    "base_ref",
                    "env",
                    "event_name",
                    "event_path",
                    "graphql_url",
                    "head_ref",
                    "job",
                    "output",
                    "path",
                    "ref",
                    "ref_name",
                    "ref_protected",
                    "ref_type",
                    "repository",
                    "repository_id",
                    "repository_owner",
                    "repository_owner_id",
                    "retention_days",
                    "run_attempt",
                    "run_id",
                    "run_number",
                    "server_url",
                    "sha",
                    "state",
                    "step_summary",
                    "triggering_actor",
                    "workflow",
                    "workflow_ref",
                    "workflow_sha",
                    "workspace");

    private final Map<String, Value> fixed = new LinkedHashMap<>();
    private final ObjectValue github;

    JobContexts(JobSpec spec, JobFolders folders, Machine machine, String token) {
        for (String name : List.of("needs", "matrix", "strategy", "inputs", "vars")) {
            fixed.put(name, parse(spec, name));
        }
        var secrets = new LinkedHashMap<String, String>();
        secrets.put("GITHUB_TOKEN", token);
        secrets.putAll(spec.secrets());
        fixed.put("secrets", Values.ofStrings(secrets));
        var description = machine.description();
        fixed.put(
                "runner",
                Values.object(
                        "os", description.os(),
                        "arch", description.arch(),
                        "name", description.name(),
                        "environment", "self-hosted",
                        "temp", folders.temp().toString(),
                        "tool_cache", folders.toolCache().toString(),
                        "workspace", folders.runnerWorkspace().toString(),
                        "debug", spec.debug() ? "1" : ""));
        github = github(spec, folders, secrets.get("GITHUB_TOKEN"));
    }

    private static Value parse(JobSpec spec, String name) {
        String json = spec.contexts().getOrDefault(name, "");
        return json.isBlank() ? Value.NULL : Json.parse(json);
    }

    private static ObjectValue github(JobSpec spec, JobFolders folders, String token) {
        var fields = new LinkedHashMap<String, Value>();
        if (parse(spec, "github") instanceof ObjectValue given) {
            fields.putAll(given.entries());
        }
        put(fields, "token", token);
        put(fields, "job", spec.jobId());
        put(fields, "workspace", folders.workspace().toString());
        put(fields, "event_path", folders.eventFile().toString());
        put(fields, "run_id", Long.toString(spec.run()));
        put(fields, "run_attempt", Integer.toString(spec.runAttempt()));
        putIfAbsent(fields, "run_number", Long.toString(spec.run()));
        putIfAbsent(fields, "repository", spec.project());
        putIfAbsent(fields, "server_url", "https://github.com");
        putIfAbsent(fields, "api_url", "https://api.github.com");
        putIfAbsent(fields, "graphql_url", "https://api.github.com/graphql");
        putIfAbsent(fields, "base_ref", "");
        putIfAbsent(fields, "head_ref", "");
        putIfAbsent(fields, "ref_protected", "false");
        if (spec.limits().retentionDays() > 0) {
            putIfAbsent(fields, "retention_days", "" + spec.limits().retentionDays());
        }
        if (!fields.containsKey("event") && !spec.eventJson().isBlank()) {
            fields.put("event", Json.parse(spec.eventJson()));
        }
        return Value.object(fields);
    }

    private static void put(Map<String, Value> fields, String name, String value) {
        fields.put(name, Value.of(value));
    }

    private static void putIfAbsent(Map<String, Value> fields, String name, String value) {
        fields.putIfAbsent(name, Value.of(value));
    }

    /// The contexts by lower-case name, without `github`, `env`, `job` and `steps`.
    Map<String, Value> fixed() {
        return fixed;
    }

    /// The `github` context with what is particular to one step.
    ObjectValue github(Map<String, String> ofStep) {
        var fields = new LinkedHashMap<>(github.entries());
        ofStep.forEach((name, value) -> fields.put(name, Value.of(value)));
        return Value.object(fields);
    }

    /// `GITHUB_*` variables for one step's `github` context.
    static Map<String, String> variables(ObjectValue github) {
        var variables = new LinkedHashMap<String, String>();
        for (String name : GITHUB_VARIABLES) {
            Value value = github.get(name);
            if (value.kind().isPrimitive() && value != Value.NULL) {
                variables.put("GITHUB_" + name.toUpperCase(Locale.ROOT), value.text());
            }
        }
        return variables;
    }
}

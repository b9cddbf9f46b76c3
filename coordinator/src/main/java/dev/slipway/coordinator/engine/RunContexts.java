package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.planning.DispatchInputs;
import dev.slipway.planning.RunPlan;
import dev.slipway.workflow.Trigger;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The contexts that are the same for every job of a run.
///
/// @param github the `github` context, without what only a running job knows (job, action, token,
///   workspace)
/// @param vars the `vars` context
/// @param inputs the `inputs` context of the run's own workflow, typed
public record RunContexts(Value github, Value vars, Value inputs) {
    private static final String SERVER = "https://github.com";

    /// @throws ExpressionException when the event's payload is not a JSON object, or inputs do not
    ///   fit the workflow
    static RunContexts of(RunSpec spec, RunHead head, int runAttempt, RunPlan plan) {
        DispatchInputs inputs = inputs(spec, plan);
        if (!inputs.errors().isEmpty()) {
            throw new ExpressionException(String.join("; ", inputs.errors()));
        }
        return new RunContexts(
                github(spec, head, runAttempt, payload(spec.event(), inputs)),
                texts(spec.vars()),
                inputs.typed());
    }

    /// `owner/name` as the contexts show it.
    public static String repository(String project) {
        return project.contains("/") ? project : "local/" + project;
    }

    private static DispatchInputs inputs(RunSpec spec, RunPlan plan) {
        if (!spec.event().name().equals("workflow_dispatch")) {
            return new DispatchInputs(
                    Value.object(Map.of()), Value.object(Map.of()), List.of(), List.of());
        }
        return DispatchInputs.resolve(
                plan.workflow().dispatch().map(Trigger.Dispatch::inputs).orElse(List.of()),
                spec.inputs());
    }

    private static Value payload(EventFacts event, DispatchInputs inputs) {
        if (!event.payloadJson().isBlank()
                && !(Json.parse(event.payloadJson()) instanceof Value.ObjectValue)) {
            throw new ExpressionException("the event's payload is not a JSON object");
        }
        Map<String, Value> payload = new LinkedHashMap<>();
        if (!event.payloadJson().isBlank()
                && Json.parse(event.payloadJson()) instanceof Value.ObjectValue given) {
            payload.putAll(given.entries());
        }
        if (event.name().equals("workflow_dispatch")) {
            payload.putIfAbsent("inputs", inputs.texts());
        }
        return Value.object(payload);
    }

    private static Value github(RunSpec spec, RunHead head, int runAttempt, Value payload) {
        EventFacts event = spec.event();
        String repository = repository(head.project());
        String workflowRef = repository + "/" + head.workflowPath() + "@" + head.ref();
        Map<String, Value> github = new LinkedHashMap<>();
        github.put("event", payload);
        github.put("event_name", Value.of(event.name()));
        github.put("ref", Value.of(event.ref()));
        github.put("ref_name", Value.of(refName(event.ref())));
        github.put("ref_type", Value.of(event.ref().startsWith("refs/tags/") ? "tag" : "branch"));
        github.put("ref_protected", Value.of(false));
        github.put("sha", Value.of(event.sha()));
        github.put("base_ref", Value.of(event.baseRef()));
        github.put("head_ref", Value.of(event.headRef()));
        github.put("actor", Value.of(event.actor()));
        github.put("triggering_actor", Value.of(event.actor()));
        github.put("repository", Value.of(repository));
        github.put("repository_owner", Value.of(repository.substring(0, repository.indexOf('/'))));
        github.put("repositoryUrl", Value.of("git://github.com/" + repository + ".git"));
        github.put("run_id", Value.of(Long.toString(head.number())));
        github.put("run_number", Value.of(Long.toString(head.numberInWorkflow())));
        github.put("run_attempt", Value.of(Integer.toString(runAttempt)));
        github.put("workflow", Value.of(head.workflowName()));
        github.put("workflow_ref", Value.of(workflowRef));
        github.put("workflow_sha", Value.of(event.sha()));
        github.put("server_url", Value.of(SERVER));
        github.put("api_url", Value.of("https://api.github.com"));
        github.put("graphql_url", Value.of("https://api.github.com/graphql"));
        github.put("retention_days", Value.of("90"));
        github.put("secret_source", Value.of("Actions"));
        return Value.object(github);
    }

    private static String refName(String ref) {
        for (String prefix : List.of("refs/heads/", "refs/tags/", "refs/pull/")) {
            if (ref.startsWith(prefix)) {
                return ref.substring(prefix.length());
            }
        }
        return ref;
    }

    private static Value texts(Map<String, String> texts) {
        Map<String, Value> values = new LinkedHashMap<>();
        texts.forEach((name, value) -> values.put(name, Value.of(value)));
        return Value.object(values);
    }
}

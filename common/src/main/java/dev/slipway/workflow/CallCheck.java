package dev.slipway.workflow;

import dev.slipway.expression.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Checks a call of a workflow against the workflow it calls, as far as both files tell.
public final class CallCheck {

    private final String path;
    private final CallJob job;
    private final Workflow callee;
    private final List<Problem> problems = new ArrayList<>();

    private CallCheck(String path, CallJob job, Workflow callee) {
        this.path = path;
        this.job = job;
        this.callee = callee;
    }

    /// What is wrong with the call.
    ///
    /// @param caller the workflow that holds the job
    /// @param callee the workflow that the job calls
    /// @param above the permissions of the call that reached the caller; unspecified without one
    public static List<Problem> check(
            Workflow caller, CallJob job, Workflow callee, Permissions above) {
        CallCheck check = new CallCheck(caller.path(), job, callee);
        Optional<Trigger.Call> call = callee.call();
        if (call.isEmpty()) {
            check.error(
                    job.uses().position(),
                    "'"
                            + callee.path()
                            + "' cannot be called: its 'on'"
                            + " has no 'workflow_call'");
            return List.copyOf(check.problems);
        }
        check.inputs(call.get());
        check.secrets(call.get());
        check.permissions(allowed(caller, job, above));
        return List.copyOf(check.problems);
    }

    /// What the token may do in a call.
    ///
    /// @param above the permissions of the call that reached the caller; unspecified without one
    public static Permissions allowed(Workflow caller, CallJob job, Permissions above) {
        return job.permissions().or(caller.permissions()).or(above);
    }

    private void inputs(Trigger.Call call) {
        List<String> known = call.inputs().stream().map(InputSpec::id).toList();
        boolean complete = true;
        for (Computed.Entry entry : entries(job.with())) {
            if (entry.insert() || !entry.key().isLiteral()) {
                complete = false;
                continue;
            }
            String id = entry.key().literal().text();
            Optional<InputSpec> spec =
                    call.inputs().stream()
                            .filter(input -> input.id().equalsIgnoreCase(id))
                            .findFirst();
            if (spec.isEmpty()) {
                error(
                        entry.key().position(),
                        "'"
                                + callee.path()
                                + "' has no input '"
                                + id
                                + "'"
                                + Suggest.hint(id, known));
            } else if (entry.value().isLiteral()) {
                typeProblem(spec.get(), entry.value().literal())
                        .ifPresent(problem -> error(entry.value().position(), problem));
            }
        }
        if (!complete || !(job.with() instanceof Computed.Entries)) {
            return;
        }
        for (InputSpec input : call.inputs()) {
            if (input.required() && !has(job.with(), input.id())) {
                error(
                        job.uses().position(),
                        "input '"
                                + input.id()
                                + "' is required by '"
                                + callee.path()
                                + "' but 'with' does not give it");
            }
        }
    }

    private void secrets(Trigger.Call call) {
        if (job.inheritSecrets()) {
            return;
        }
        List<Computed.Entry> given = job.secrets().map(CallCheck::entries).orElse(List.of());
        List<String> known = call.secrets().stream().map(Trigger.SecretSpec::id).toList();
        for (Computed.Entry entry : given) {
            if (entry.insert() || !entry.key().isLiteral()) {
                return;
            }
            String id = entry.key().literal().text();
            if (known.stream().noneMatch(id::equalsIgnoreCase)) {
                error(
                        entry.key().position(),
                        "'"
                                + callee.path()
                                + "' has no secret '"
                                + id
                                + "'"
                                + Suggest.hint(id, known));
            }
        }
        if (job.secrets().filter(value -> !(value instanceof Computed.Entries)).isPresent()) {
            return;
        }
        for (Trigger.SecretSpec secret : call.secrets()) {
            boolean present = job.secrets().filter(value -> has(value, secret.id())).isPresent();
            if (secret.required() && !present) {
                error(
                        job.uses().position(),
                        "secret '"
                                + secret.id()
                                + "' is required by '"
                                + callee.path()
                                + "' but 'secrets' does not give it; pass it, or write"
                                + " 'secrets: inherit'");
            }
        }
    }

    /// A called workflow may only lower what the token may do.
    private void permissions(Permissions allowed) {
        if (allowed.kind() == Permissions.Kind.UNSPECIFIED) {
            return;
        }
        request("the workflow '" + callee.path() + "'", callee.permissions(), allowed);
        for (Job called : callee.jobs()) {
            request(
                    "job '" + called.id() + "' of '" + callee.path() + "'",
                    called.permissions(),
                    allowed);
        }
    }

    private void request(String who, Permissions asked, Permissions allowed) {
        List<String> beyond = asked.beyond(allowed);
        if (!beyond.isEmpty()) {
            error(
                    job.uses().position(),
                    who
                            + " is requesting '"
                            + levels(beyond, asked)
                            + "', but is only allowed '"
                            + levels(beyond, allowed)
                            + "'");
        }
    }

    private static String levels(List<String> scopes, Permissions permissions) {
        return scopes.stream()
                .map(
                        scope ->
                                scope
                                        + ": "
                                        + permissions.access(scope).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /// What is wrong with a value for an input of a called workflow.
    public static Optional<String> typeProblem(InputSpec spec, Value value) {
        boolean fits =
                switch (spec.type()) {
                    case STRING, CHOICE, ENVIRONMENT -> value.kind().isPrimitive();
                    case BOOLEAN ->
                            value instanceof Value.BooleanValue || value instanceof Value.NullValue;
                    case NUMBER ->
                            value instanceof Value.NumberValue || value instanceof Value.NullValue;
                };
        return fits
                ? Optional.empty()
                : Optional.of(
                        "input '"
                                + spec.id()
                                + "' is a "
                                + spec.type().label()
                                + ", not "
                                + Coercion.describe(value)
                                + (value instanceof Value.StringValue
                                        ? "; remove the quotes, or use fromJSON(…) in an expression"
                                        : ""));
    }

    private static List<Computed.Entry> entries(Computed value) {
        return value instanceof Computed.Entries mapping ? mapping.entries() : List.of();
    }

    private static boolean has(Computed value, String id) {
        return entries(value).stream()
                .anyMatch(
                        entry ->
                                entry.key().isLiteral()
                                        && entry.key().literal().text().equalsIgnoreCase(id));
    }

    private void error(Position at, String message) {
        problems.add(Problem.error(path, at, message));
    }
}

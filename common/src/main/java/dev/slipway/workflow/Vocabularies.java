package dev.slipway.workflow;

import dev.slipway.expression.Vocabulary;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// Which contexts and special functions an expression may use, per key.
///
/// The table is GitHub's own (language services, `workflow-v1.0.json`, and its documentation of
/// contexts). Using anything else is an error when the file is read.
public final class Vocabularies {

    private static final Set<String> NO_FUNCTIONS = Set.of();
    private static final Set<String> STATUS = Set.of("always", "cancelled", "success", "failure");
    private static final Set<String> HASH_FILES = Set.of("hashFiles");
    private static final Set<String> STATUS_AND_HASH =
            Set.of("always", "cancelled", "success", "failure", "hashFiles");

    /// No expression is allowed at all.
    public static final Vocabulary NONE = of(NO_FUNCTIONS);

    /// `run-name` and the workflow's `concurrency`.
    public static final Vocabulary WORKFLOW = of(NO_FUNCTIONS, "github", "inputs", "vars");

    /// The workflow's `env`.
    public static final Vocabulary WORKFLOW_ENV =
            of(NO_FUNCTIONS, "github", "inputs", "vars", "secrets");

    /// `jobs.*.if`.
    public static final Vocabulary JOB_IF = of(STATUS, "github", "inputs", "vars", "needs");

    /// `jobs.*.strategy`.
    public static final Vocabulary STRATEGY = of(NO_FUNCTIONS, "github", "inputs", "vars", "needs");

    /// A job's name, runs-on, timeouts, continue-on-error, environment, concurrency, container,
    /// services, and the `with` of a reusable workflow.
    public static final Vocabulary JOB =
            of(NO_FUNCTIONS, "github", "inputs", "vars", "needs", "strategy", "matrix");

    /// `jobs.*.snapshot.if`.
    public static final Vocabulary SNAPSHOT_IF = with(JOB, STATUS);

    /// `jobs.*.secrets`.
    public static final Vocabulary JOB_SECRETS = with(JOB, NO_FUNCTIONS, "secrets");

    /// `jobs.*.env`.
    public static final Vocabulary JOB_ENV = with(JOB, NO_FUNCTIONS, "secrets");

    /// `jobs.*.defaults.run`.
    public static final Vocabulary JOB_DEFAULTS = with(JOB, NO_FUNCTIONS, "env");

    /// `credentials` of a container or service.
    public static final Vocabulary CREDENTIALS = with(JOB, NO_FUNCTIONS, "secrets", "env");

    /// `env` of a container or service.
    public static final Vocabulary CONTAINER_ENV =
            with(JOB, NO_FUNCTIONS, "secrets", "job", "runner", "env");

    /// `jobs.*.environment.url`, evaluated after the steps.
    public static final Vocabulary ENVIRONMENT_URL =
            with(JOB, NO_FUNCTIONS, "steps", "job", "runner", "env");

    /// `jobs.*.outputs`.
    public static final Vocabulary JOB_OUTPUTS = with(ENVIRONMENT_URL, NO_FUNCTIONS, "secrets");

    /// `jobs.*.steps.*.if`; GitHub keeps secrets out of conditions.
    public static final Vocabulary STEP_IF = with(ENVIRONMENT_URL, STATUS_AND_HASH);

    /// Every other key of a step that may hold expressions.
    public static final Vocabulary STEP = with(ENVIRONMENT_URL, HASH_FILES, "secrets");

    /// `on.workflow_call.inputs.*.default`.
    public static final Vocabulary CALL_INPUT_DEFAULT =
            of(NO_FUNCTIONS, "github", "inputs", "vars");

    /// `on.workflow_call.outputs.*.value`.
    public static final Vocabulary CALL_OUTPUT =
            of(NO_FUNCTIONS, "github", "inputs", "vars", "jobs");

    /// `inputs.*.default` of an action.
    public static final Vocabulary ACTION_INPUT_DEFAULT =
            of(HASH_FILES, "github", "strategy", "matrix", "job", "runner");

    /// `if` of a composite action's step.
    public static final Vocabulary COMPOSITE_IF =
            of(
                    STATUS_AND_HASH,
                    "github",
                    "inputs",
                    "strategy",
                    "matrix",
                    "steps",
                    "job",
                    "runner",
                    "env");

    /// Every other key of a composite action's step.
    public static final Vocabulary COMPOSITE_STEP = with(COMPOSITE_IF, HASH_FILES);

    /// `outputs.*.value` of a composite action.
    public static final Vocabulary COMPOSITE_OUTPUT = with(COMPOSITE_IF, NO_FUNCTIONS);

    /// `runs.args` and `runs.env` of a docker action.
    public static final Vocabulary DOCKER_ACTION = of(NO_FUNCTIONS, "inputs");

    /// `runs.pre-if` and `runs.post-if` of an action.
    public static final Vocabulary ACTION_IF = COMPOSITE_IF;

    private Vocabularies() {}

    private static Vocabulary of(Set<String> functions, String... contexts) {
        return new Vocabulary(new LinkedHashSet<>(Arrays.asList(contexts)), functions);
    }

    private static Vocabulary with(Vocabulary base, Set<String> functions, String... more) {
        Set<String> contexts = new LinkedHashSet<>(base.contexts());
        contexts.addAll(Arrays.asList(more));
        return new Vocabulary(contexts, new HashSet<>(functions));
    }
}

package dev.slipway.agent.actions;

import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.output.Annotation;
import dev.slipway.agent.output.Masks;
import dev.slipway.agent.output.TestResults;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One stage of a built-in action: what it is given and where its results go. Lines that were
/// printed before a restart of the agent are not printed again.
public interface ActionCall {
    /// An input, or its default; trimmed as `core.getInput` does.
    String input(String name);

    /// A boolean input as the YAML core schema has it.
    ///
    /// @throws ActionFailure when it is neither true nor false
    default boolean flag(String name) {
        String text = input(name);
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE", "" -> false;
            default ->
                    throw new ActionFailure(
                            ("Input does not meet YAML 1.2 \"Core Schema\" specification: %s"
                                 + " ('%s')\n"
                                 + "Support boolean input list: `true | True | TRUE | false | False"
                                 + " | FALSE`")
                                    .formatted(name, text));
        };
    }

    /// The lines of an input that say something.
    default List<String> lines(String name) {
        return input(name).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /// The variables that a process of this step would have.
    Map<String, String> environment();

    /// Those of them that the workflow and earlier steps have set.
    Map<String, String> variables();

    JobFacts job();

    /// GITHUB_WORKSPACE.
    Path workspace();

    /// RUNNER_TEMP.
    Path temp();

    /// A folder that lives as long as the attempt.
    Path scratch();

    /// A folder that stays when the attempt is forgotten, for all jobs of this agent.
    Path lasting();

    /// A folder for what can be fetched again, for all jobs of this agent. It counts on the disk
    /// budget, and may be emptied while no job runs.
    Path fetched();

    /// Which step this is: a path such as `4`, or `4/2` inside of a composite action.
    String step();

    /// The farm's id.
    String farm();

    /// Number of the attempt within its job, from 1.
    int attempt();

    /// The environment that the job names; empty when it names none.
    String jobEnvironment();

    /// Whether an interrupt means that the step is to end, not that the agent does.
    boolean isCancelled();

    /// The lines from here on are new ones, also when an agent that was killed has printed as many.
    /// For actions whose second life does not print what the first one did.
    void freshLines();

    void say(String line);

    void warn(String message);

    /// Shows an error without failing the step.
    void error(String message);

    /// Shows a message at a place of the code beside the run.
    void annotate(Annotation.Level level, String title, String message, Annotation.Place place);

    /// Keeps Markdown for people beside the run; once per stage.
    void summary(String markdown);

    void output(String name, String value);

    /// Keeps a value for the action's post stage.
    void state(String name, String value);

    /// What an earlier stage kept; empty when it kept nothing.
    String state(String name);

    /// What this stage recorded before a restart of the agent.
    Optional<String> recall(String phase);

    /// Records that a phase has been reached.
    void record(String phase, String value);

    /// Records that this step has made something of which a job has only one. The first one counts.
    void claim(String what);

    /// Whether another step of this attempt has made it.
    boolean claimedByAnother(String what);

    Storage storage();

    /// Where the attempt's deployments are recorded.
    DeploymentLog deployments();

    Threads threads();

    Clock clock();

    Timers timers();

    /// The attempt's secrets.
    Masks masks();

    /// Hands over test results.
    void report(TestResults results);

    /// Where a job's processes and files come from.
    ///
    /// @param project `owner/name`
    /// @param status `success`, `failure` or `cancelled`
    /// @param retentionDays the farm's limit for artifacts; 0 means its default
    record JobFacts(
            Source source,
            String project,
            String sha,
            String ref,
            String serverUrl,
            long run,
            String status,
            String cacheMode,
            int retentionDays,
            String trackingId) {}

    /// What the workspace is made from.
    sealed interface Source {
        record Git(String url) implements Source {}

        record Bundle(Storage.Blob blob) implements Source {}

        record None() implements Source {}
    }
}

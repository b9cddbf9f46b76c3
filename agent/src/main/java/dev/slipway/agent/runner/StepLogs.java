package dev.slipway.agent.runner;

import dev.slipway.agent.output.CommandSettings;
import dev.slipway.agent.output.LogLimits;
import dev.slipway.agent.output.Masks;
import dev.slipway.agent.output.ProblemMatchers;
import dev.slipway.agent.output.StepContext;
import dev.slipway.agent.output.StepLog;
import dev.slipway.agent.output.WorkspaceFiles;
import dev.slipway.agent.runner.AttemptView.AnnotationView;
import dev.slipway.agent.runner.AttemptView.StepView;
import dev.slipway.expression.Value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The logs of an attempt's steps, one folder each below `logs/`, and what they share: secrets,
/// problem matchers, the way to the farm. Safe for many threads.
final class StepLogs implements AutoCloseable {
    private final Token token;
    private final Checkpoint checkpoint;
    private final AttemptState state;
    private final Path folder;
    private final Path workspace;
    private final UnaryOperator<String> toHost;
    private final StepLog.Time time;
    private final LogLimits limits;
    private final boolean debug;
    private final LogOutlet outlet;
    private final Masks masks = new Masks();
    private final ProblemMatchers matchers = new ProblemMatchers();
    private final Map<Integer, StepLog> open = new HashMap<>();

    /// What the logs of one attempt need.
    ///
    /// @param folder of the attempt
    /// @param toHost turns a path that a step prints into one of the machine
    record Parts(
            Token token,
            Checkpoint checkpoint,
            AttemptState state,
            Path folder,
            Path workspace,
            UnaryOperator<String> toHost,
            Machine machine,
            LogLimits limits,
            boolean debug,
            LogOutlet outlet) {}

    StepLogs(Parts parts) {
        this.token = parts.token();
        this.checkpoint = parts.checkpoint();
        this.state = parts.state();
        this.folder = parts.folder().resolve("logs");
        this.workspace = parts.workspace();
        this.toHost = parts.toHost();
        var machine = parts.machine();
        this.time = new StepLog.Time(machine.clock(), machine.timers(), machine.threads());
        this.limits = parts.limits();
        this.debug = parts.debug();
        this.outlet = parts.outlet();
    }

    /// Puts back the masks and matchers that steps added before a restart.
    void restore() {
        checkpoint.forEach(
                (key, value) -> {
                    if (key.startsWith("mask/")) {
                        masks.add(value.text());
                    } else if (key.startsWith("matchers/")) {
                        matchers.restore(value);
                    }
                });
    }

    Masks masks() {
        return masks;
    }

    /// Opens the log of a step, new or as a restart left it; its chunks go to the farm.
    ///
    /// @param env of the step, which may allow what is not secure
    StepOutput open(int number, Map<String, String> env) {
        var commands = new StepCommands(checkpoint, state);
        var settings =
                new CommandSettings(
                        number,
                        debug,
                        "true".equalsIgnoreCase(env.get("ACTIONS_ALLOW_UNSECURE_COMMANDS")),
                        "true"
                                .equalsIgnoreCase(
                                        env.get("ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS")));
        var files = new WorkspaceFiles(workspace, toHost);
        StepLog log = openLog(number, settings, new StepContext(masks, matchers, files, commands));
        return new StepOutput(number, log, commands, this);
    }

    private synchronized StepLog openLog(
            int number, CommandSettings settings, StepContext context) {
        StepLog known = open.get(number);
        if (known != null) {
            return known;
        }
        try {
            StepLog log =
                    StepLog.open(
                            folder.resolve(Integer.toString(number)),
                            settings,
                            context,
                            limits,
                            time);
            open.put(number, log);
            outlet.send(token, number, log.spool());
            return log;
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot open a step's log: " + problem.getMessage(), problem);
        }
    }

    /// Which log of an ended step is gone, in words: its folder was deleted while no agent lived,
    /// with output in it that the farm may not have. Empty when none is.
    String loss() {
        for (StepView step : state.steps()) {
            boolean had = step.conclusion() != null && step.conclusion() != Conclusion.SKIPPED;
            if (had && !Files.isDirectory(folder.resolve(Integer.toString(step.number())))) {
                return "the log of step '%s' is gone from this agent's disk".formatted(step.name());
            }
        }
        return "";
    }

    /// Without its spool nobody knows what the farm has of a step's output and what it lacks.
    ///
    /// @throws InfrastructureException when there is a loss
    void requireWhole() {
        String loss = loss();
        if (!loss.isEmpty()) {
            incomplete(loss);
            throw new InfrastructureException(loss);
        }
    }

    /// Sends on what finished steps left before a restart.
    void resumeFinished() {
        for (StepView step : state.steps()) {
            if (step.conclusion() != null
                    && Files.isDirectory(folder.resolve(Integer.toString(step.number())))) {
                open(step.number(), Map.of());
            }
        }
    }

    void annotate(AnnotationView annotation) {
        state.annotate(annotation);
    }

    /// Several processes of one step add to one summary.
    void summary(int step, String leaf, String markdown) {
        state.record("summary/" + leaf, Values.object("step", step, "markdown", markdown));
    }

    /// Notes that output was lost on this machine.
    void incomplete(String why) {
        checkpoint.record("incomplete", Value.of(why));
    }

    /// Why the log has a hole; empty when it has none.
    String incompleteCause() {
        return checkpoint.recall("incomplete").map(Value::text).orElse("");
    }

    @Override
    public synchronized void close() throws IOException {
        outlet.drop(token);
        for (StepLog log : open.values()) {
            log.close();
        }
        open.clear();
    }
}

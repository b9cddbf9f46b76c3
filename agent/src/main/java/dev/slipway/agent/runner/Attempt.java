package dev.slipway.agent.runner;

import dev.slipway.agent.output.LogLimits;
import dev.slipway.agent.runner.AttemptView.Cause;
import dev.slipway.agent.runner.AttemptView.Phase;
import dev.slipway.agent.runner.CancelSignal.Level;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.ParsedWorkflow;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.WorkflowParser;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One attempt on this agent: its folder, its checkpoint, its thread.
///
/// ```
///            confirmed             steps run           posts          result
/// ADOPTED ──────────────▶ PREPARING ───────▶ RUNNING ───────▶ ENDING ───────▶ FINISHED
/// ```
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Token token;
    private final Path folder;
    private final Machine machine;
    private final Farm farm;
    private final Workspaces workspaces;
    private final LogOutlet outlet;
    private final Checkpoint checkpoint;
    private final AttemptState state;
    private final CancelSignal cancel = new CancelSignal();
    private @Nullable Thread thread;
    private volatile @Nullable StepLogs logs;
    private volatile boolean confirmed;

    /// What all attempts of an agent are made with.
    record Parts(Machine machine, Farm farm, Workspaces workspaces, LogOutlet outlet) {}

    /// @param folder of the attempt, with mode 0700
    /// @param adopted whether it was found on disk
    Attempt(Token token, Path folder, boolean adopted, Parts parts, Runnable onChange)
            throws IOException {
        this.token = token;
        this.folder = folder;
        this.machine = parts.machine();
        this.farm = parts.farm();
        this.workspaces = parts.workspaces();
        this.outlet = parts.outlet();
        this.checkpoint = Checkpoint.open(folder.resolve("checkpoint"));
        this.state =
                new AttemptState(
                        token, checkpoint, adopted ? Phase.ADOPTED : Phase.PREPARING, onChange);
        restoreCancel();
        if (state.view().phase() == Phase.FINISHED) {
            resumeLogs();
        }
    }

    Token token() {
        return token;
    }

    AttemptView view() {
        return state.view();
    }

    Path folder() {
        return folder;
    }

    Path lease() {
        return folder.resolve("lease");
    }

    /// Where the job's container sees the lease; only once it has one.
    Path containerLease() {
        return folder.resolve("processes").resolve("lease");
    }

    /// Whether a coordinator has confirmed that this agent holds it.
    boolean isConfirmed() {
        return confirmed;
    }

    /// Starts the program, once.
    void start() {
        confirmed = true;
        if (thread == null && state.view().phase() != Phase.FINISHED) {
            state.enter(Phase.PREPARING);
            thread = machine.threads().start("attempt " + token.attempt(), this::run);
        }
    }

    /// Asks for the end; later steps run only if their condition says so.
    void cancel(String reason) {
        if (checkpoint.recall("cancel").isPresent()) {
            return;
        }
        Instant now = machine.clock().now();
        state.record("cancel", Values.object("at", now, "reason", reason));
        machine.threads()
                .start(
                        "cancel " + token.attempt(),
                        () -> cancel.raise(Level.CANCEL, reason, false));
    }

    private void restoreCancel() {
        checkpoint
                .recall("cancel")
                .ifPresent(was -> cancel.raise(Level.CANCEL, was.get("reason").text(), false));
        checkpoint.recall("timeout").ifPresent(was -> cancel.raise(Level.CANCEL, was.text(), true));
    }

    /// Kills everything at once. The result says why.
    void abandon(String reason) {
        cancel.raise(Level.ABANDON, reason, false);
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        } else if (state.view().phase() != Phase.FINISHED) {
            // Found on disk and never confirmed: its processes are ended without a program.
            thread = machine.threads().start("abandon " + token.attempt(), this::killUnconfirmed);
        }
    }

    private void killUnconfirmed() {
        try {
            machine.executor().killLeftovers(JobRuntime.trackingId(token));
            end(Conclusion.CANCELLED, Cause.INFRASTRUCTURE, cancel.reason());
        } catch (IOException problem) {
            LOG.error(
                    "Processes of an abandoned attempt may still run. attempt={}",
                    token.attempt(),
                    problem);
            end(Conclusion.CANCELLED, Cause.INFRASTRUCTURE, cancel.reason());
        }
    }

    /// Waits for the program's end; {@link #abandon} comes first.
    void join() throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.join();
        }
    }

    /// Stops without ending the processes: the next agent goes on with them.
    void detach() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run() {
        try {
            state.record("started", Value.of(machine.clock().now().toString()));
            JobSpec spec = farm.fetchSpec(token);
            runJob(spec);
        } catch (InterruptedException stopped) {
            stopped();
        } catch (InfrastructureException problem) {
            failed(problem);
        } catch (SlipwayException refused) {
            LOG.warn(
                    "The farm refuses an attempt. attempt={} why={}",
                    token.attempt(),
                    refused.getMessage());
            end(Conclusion.FAILURE, Cause.INFRASTRUCTURE, refused.getMessage());
        } catch (IOException problem) {
            failed(new InfrastructureException("" + problem.getMessage(), problem));
        } catch (RuntimeException bug) {
            LOG.error(
                    "An attempt failed with a bug. Please report it. attempt={}",
                    token.attempt(),
                    bug);
            failed(new InfrastructureException("a bug of the agent: " + bug, bug));
        }
    }

    private void failed(InfrastructureException problem) {
        if (Thread.interrupted() || cancel.level() == Level.ABANDON) {
            stopped();
            return;
        }
        LOG.warn("An attempt failed. attempt={} why={}", token.attempt(), problem.getMessage());
        killProcesses();
        end(Conclusion.FAILURE, Cause.INFRASTRUCTURE, problem.getMessage());
    }

    /// The thread was interrupted: abandoned, or the agent ends and leaves everything as it is.
    private void stopped() {
        if (cancel.level() == Level.ABANDON) {
            killProcesses();
            end(Conclusion.CANCELLED, Cause.INFRASTRUCTURE, cancel.reason());
        }
    }

    private void killProcesses() {
        try {
            machine.executor().killLeftovers(JobRuntime.trackingId(token));
        } catch (IOException problem) {
            LOG.error("Processes may still run. attempt={}", token.attempt(), problem);
        }
    }

    private void runJob(JobSpec spec) throws IOException, InterruptedException {
        var taken = workspaces.take(spec.project(), token.attempt().toString());
        var folders =
                new JobFolders(
                        taken.workspace(),
                        taken.runnerWorkspace(),
                        taken.temp(),
                        taken.actions(),
                        taken.toolCache(),
                        folder);
        String github = checkpoint.record("token", Value.of("slp_" + machine.ids().fresh())).text();
        JobRuntime job = runtime(spec, folders, github);
        try (var _ = new TimeLimits(token, spec.limits(), state, checkpoint, cancel, machine)) {
            state.finish(program(job, spec).run());
            emptyTemp(folders.temp());
        }
        workspaces.giveBack(token.attempt().toString());
    }

    /// What scripts and tools left in RUNNER_TEMP may hold secrets.
    private void emptyTemp(Path temp) {
        try {
            Folders.empty(temp);
        } catch (IOException problem) {
            LOG.warn(
                    "RUNNER_TEMP is not emptied until the next job. folder={} why={}",
                    temp,
                    problem.getMessage());
        }
    }

    private JobRuntime runtime(JobSpec spec, JobFolders folders, String github) {
        var containers = new JobContainers(checkpoint, folders.containerPaths());
        var stepLogs =
                openLogs(
                        folders.workspace(),
                        path -> containers.paths().toHost(path),
                        spec.limits().logCapBytes(),
                        spec.debug());
        spec.secrets().values().forEach(stepLogs.masks()::add);
        String token0 = spec.secrets().getOrDefault("GITHUB_TOKEN", github);
        stepLogs.masks().add(token0);
        stepLogs.restore();
        logs = stepLogs;
        stepLogs.requireWhole();
        stepLogs.resumeFinished();
        return new JobRuntime(
                spec,
                checkpoint,
                state,
                folders,
                cancel,
                machine,
                new JobContexts(spec, folders, machine, token0),
                stepLogs,
                farm.storage(token),
                farm.deployments(token),
                HashFunctions.of(folders.workspace(), machine),
                containers);
    }

    private StepLogs openLogs(
            Path workspace, UnaryOperator<String> toHost, long cap, boolean debug) {
        return new StepLogs(
                new StepLogs.Parts(
                        token,
                        checkpoint,
                        state,
                        folder,
                        workspace,
                        toHost,
                        machine,
                        cap > 0 ? LogLimits.DEFAULT.withCap(cap) : LogLimits.DEFAULT,
                        debug,
                        outlet));
    }

    private void resumeLogs() {
        StepLogs finished = openLogs(folder, UnaryOperator.identity(), 0, false);
        state.loseLog(finished.loss());
        finished.resumeFinished();
        logs = finished;
    }

    private JobProgram program(JobRuntime job, JobSpec spec) {
        ParsedWorkflow parsed =
                WorkflowParser.parse(
                        spec.workflowPath(), spec.workflowText().getBytes(StandardCharsets.UTF_8));
        if (parsed.workflow().isEmpty()) {
            throw new InfrastructureException(
                    "this agent cannot read the workflow; its version may be too old: "
                            + parsed.problems().stream()
                                    .filter(Problem::isError)
                                    .map(Problem::toString)
                                    .findFirst()
                                    .orElse(""));
        }
        Optional<Job> found = parsed.workflow().get().job(spec.jobId());
        if (found.isPresent() && found.get() instanceof StepsJob definition) {
            return new JobProgram(job, parsed.workflow().get(), definition);
        }
        throw new InfrastructureException(
                "the workflow %s has no job '%s' with steps"
                        .formatted(spec.workflowPath(), spec.jobId()));
    }

    /// Ends the attempt without its program.
    private void end(Conclusion conclusion, Cause cause, String detail) {
        StepLogs used = logs;
        // What a write that was cut short has left half done in memory is forgotten: on disk the
        // logs are whole, and they are opened anew. Secrets need not be known: all that is on disk
        // is masked, and nothing more of the processes' output is read.
        Thread.interrupted();
        StepLogs fresh = null;
        try {
            if (used != null) {
                used.close();
            }
            fresh = openLogs(folder, UnaryOperator.identity(), 0, false);
            logs = fresh;
        } catch (IOException problem) {
            LOG.error("A log cannot be closed. attempt={}", token.attempt(), problem);
        }
        new AbruptEnd(state, machine.clock().now(), conclusion, detail).apply(cause, fresh);
    }

    /// Ends all use of the folder, which may then be deleted.
    void close() throws IOException {
        StepLogs open = logs;
        if (open != null) {
            open.close();
        }
        checkpoint.close();
    }
}

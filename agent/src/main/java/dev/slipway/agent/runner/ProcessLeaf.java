package dev.slipway.agent.runner;

import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.executor.CancelListener;
import dev.slipway.agent.executor.Exit;
import dev.slipway.agent.executor.Launch;
import dev.slipway.agent.executor.Launch.Place;
import dev.slipway.agent.executor.NothingStartedException;
import dev.slipway.agent.executor.RunningProcess;
import dev.slipway.agent.runner.StepControl.Stop;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.expression.Value;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// Runs one process of a step to its end: started, or found again after the agent's restart; its
/// output into the step's log; its command files and commands into effects.
///
/// The checkpoint holds, per key: `KEY/start/N` with everything that must be the same after a
/// restart, and `KEY/exit` with the result. Between the two lies the control folder of the process,
/// which knows whether it was started (N rises when a start certainly never happened).
final class ProcessLeaf {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLeaf.class);

    /// A start that was cut short by the agent's end is tried anew; more than that is no accident.
    private static final int MAX_STARTS = 3;

    private final JobRuntime job;
    private final String key;
    private final StepOutput log;
    private final StepControl control;
    private final String display;

    /// Makes the process; called when it has to be started, not when it is found again.
    @FunctionalInterface
    interface InvocationMaker {
        Invocation make(CommandFiles files) throws IOException;
    }

    /// @param key names the process in the checkpoint
    /// @param display what messages call the step
    ProcessLeaf(JobRuntime job, String key, StepOutput log, StepControl control, String display) {
        this.job = job;
        this.key = key;
        this.log = log;
        this.control = control;
        this.display = display;
    }

    /// @throws StepFailure when the process cannot be made
    /// @throws InfrastructureException when the machine fails it
    StepOutcome run(InvocationMaker maker) throws InterruptedException {
        Optional<Value> done = job.checkpoint().recall(key + "/exit");
        if (done.isPresent()) {
            return StepOutcome.fromValue(done.get());
        }
        try {
            for (int start = 1; ; start++) {
                if (job.checkpoint().recall(key + "/skip/" + start).isPresent()) {
                    continue;
                }
                Optional<StepOutcome> outcome = runOnce(start, maker);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
                job.checkpoint().record(key + "/skip/" + start, Value.of(true));
            }
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot run a process for '%s': %s".formatted(display, problem.getMessage()),
                    problem);
        }
    }

    private Optional<StepOutcome> runOnce(int start, InvocationMaker maker)
            throws IOException, InterruptedException {
        String startKey = key + "/start/" + start;
        boolean again = job.checkpoint().recall(startKey).isPresent();
        Value begun =
                job.checkpoint()
                        .record(
                                startKey,
                                Values.object(
                                        "id", job.machine().ids().fresh(), "base", log.rawEnd()));
        String id = begun.get("id").text();
        long base = StateCodec.integer(begun.get("base"));
        var files = new CommandFiles(job, id);
        Path folder = job.folders().attempt().resolve("processes").resolve(id);
        RunningProcess process = again ? adopt(folder, maker, files) : begin(folder, maker, files);
        try {
            Exit exit = follow(process, base);
            return switch (exit) {
                case Exit.Exited(int code) -> Optional.of(ended(code, files, process));
                case Exit.OutOfMemory(int code) -> {
                    error(
                            "The container was killed because it used more memory than it may."
                                    + " Give it more with 'options: --memory', or raise the"
                                    + " agent's limit.");
                    yield Optional.of(ended(code == 0 ? 137 : code, files, process));
                }
                case Exit.LeaseLost() ->
                        throw new InfrastructureException(
                                "lease-lost: the farm could not be reached before the lease ended");
                case Exit.SupervisorLost(String reason) ->
                        throw new InfrastructureException("supervisor lost: " + reason);
                case Exit.NeverStarted _ when control.reason() != Stop.NONE ->
                        Optional.of(stoppedBeforeStart(files, process));
                case Exit.NeverStarted _ when start < MAX_STARTS -> Optional.empty();
                case Exit.NeverStarted(String reason) ->
                        throw new InfrastructureException("a process never started: " + reason);
            };
        } finally {
            process.close();
        }
    }

    private RunningProcess adopt(Path folder, InvocationMaker maker, CommandFiles files)
            throws IOException {
        try {
            return job.machine().executor().adopt(folder);
        } catch (NothingStartedException neverStarted) {
            Folders.delete(folder);
            return begin(folder, maker, files);
        }
    }

    private RunningProcess begin(Path folder, InvocationMaker maker, CommandFiles files)
            throws IOException {
        Files.createDirectories(folder.getParent());
        files.create();
        Invocation invocation = maker.make(files);
        for (Map.Entry<Path, String> file : invocation.files().entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
        }
        if (!(invocation.place() instanceof Place.Machine)) {
            files.openToAll();
        }
        return start(
                new Launch(
                        folder,
                        invocation.command(),
                        invocation.environment(),
                        invocation.workingDirectory(),
                        job.trackingId(),
                        job.trackingId() + ":" + folder.getFileName(),
                        invocation.place() instanceof Place.Inside
                                ? job.folders().containerLease()
                                : job.folders().lease(),
                        Launch.Limits.DEFAULT,
                        invocation.place()));
    }

    /// What is wrong with a container of its own is the workflow's: its image, its entrypoint.
    private RunningProcess start(Launch launch) throws IOException {
        try {
            return job.machine().executor().start(launch);
        } catch (DockerException refused) {
            if (launch.place() instanceof Place.Own) {
                throw new StepFailure(String.valueOf(refused.getMessage()), refused);
            }
            throw refused;
        }
    }

    /// Copies the output into the log until its end, while the step may be stopped. A step that was
    /// stopped has ended when nothing of its tree is left, not when its main process has.
    private Exit follow(RunningProcess process, long base) throws InterruptedException {
        var stopping = new Stopping();
        try (var _ = control.listen(why -> stop(process, why, stopping))) {
            log.pump(process, base, key);
            Exit exit = process.awaitExit();
            stopping.await();
            return exit;
        }
    }

    /// Whoever stops a step must not be held up, so both ways run on threads of their own.
    private void stop(RunningProcess process, Stop why, Stopping stopping) {
        CountDownLatch over = stopping.begin();
        if (why == Stop.KILLED) {
            job.machine().threads().start("kill " + key, () -> kill(process, over));
        } else {
            process.cancel(
                    new CancelListener() {
                        @Override
                        public void reached(Phase phase, int processes) {
                            say(phase, processes);
                        }

                        @Override
                        public void over() {
                            over.countDown();
                        }
                    });
        }
    }

    private void kill(RunningProcess process, CountDownLatch over) {
        try {
            process.kill();
        } catch (IOException problem) {
            log.say(key + "/kill", "##[error]Cannot kill the process: " + problem.getMessage());
        } finally {
            over.countDown();
        }
    }

    /// The cancels and kills of one process that are under way.
    private static final class Stopping {
        private final Queue<CountDownLatch> begun = new ConcurrentLinkedQueue<>();

        CountDownLatch begin() {
            var over = new CountDownLatch(1);
            begun.add(over);
            return over;
        }

        void await() throws InterruptedException {
            for (CountDownLatch over : begun) {
                over.await();
            }
        }
    }

    private void say(CancelListener.Phase phase, int processes) {
        String line =
                switch (phase) {
                    case INTERRUPTED -> "Sent SIGINT to %d processes.".formatted(processes);
                    case TERMINATED -> "Sent SIGTERM to %d processes.".formatted(processes);
                    case KILLED -> "Sent SIGKILL to %d processes.".formatted(processes);
                    case DEAD -> "No process is left.";
                };
        try {
            log.say(key + "/stop/" + phase, line);
        } catch (InfrastructureException closed) {
            // The attempt has ended meanwhile, or its disk fails, of which its own thread tells.
            LOG.debug("A stop is not in the log. step={} what={}", display, line, closed);
        }
    }

    private StepOutcome ended(int code, CommandFiles files, RunningProcess process)
            throws IOException {
        if (code != 0 && MemoryKills.any(job)) {
            log.error(
                    key + "/memory",
                    "A process in the job's container was killed because the container used more"
                            + " memory than it may. Give it more with 'options: --memory', or raise"
                            + " the agent's limit.");
        }
        var read = files.read(log, job.logs().masks());
        Effects effects = log.commandEffects(key).then(read.effects());
        Conclusion conclusion = conclude(code, read.failed() || log.commandFailed(key));
        var outcome = StepOutcome.of(conclusion, effects);
        job.checkpoint().record(key + "/exit", outcome.toValue());
        files.delete();
        process.delete();
        return outcome;
    }

    private StepOutcome stoppedBeforeStart(CommandFiles files, RunningProcess process)
            throws IOException {
        var outcome = StepOutcome.of(control.conclusion());
        job.checkpoint().record(key + "/exit", outcome.toValue());
        files.delete();
        process.delete();
        return outcome;
    }

    private Conclusion conclude(int code, boolean commandsFailed) {
        if (control.reason() != Stop.NONE) {
            return control.conclusion();
        }
        if (code != 0) {
            error("Process completed with exit code " + code + ".");
            return Conclusion.FAILURE;
        }
        return commandsFailed ? Conclusion.FAILURE : Conclusion.SUCCESS;
    }

    private void error(String message) {
        log.error(key + "/error", message);
    }
}

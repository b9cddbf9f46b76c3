package dev.slipway.agent.executor;

import dev.slipway.agent.docker.ContainerSpec;
import dev.slipway.agent.docker.Containers;
import dev.slipway.agent.docker.Containers.State;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.executor.CancelListener.Phase;
import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.Intent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// A container as a supervised process: the engine keeps its output and its exit code, so both
/// outlive the agent. It is removed by {@link #delete}, when its result is known elsewhere.
///
/// Its name is unique, so it is created once: that is the claim. A container that was created and
/// not started when the agent died is removed, and was never started.
final class OwnContainer implements RunningProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OwnContainer.class);
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(7_500);
    private static final Duration AFTER_TERMINATE = Duration.ofMillis(2_500);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final HostExecutor.Host host;
    private final Containers containers;
    private final ControlFolder folder;
    private final Intent intent;
    private final String name;
    private final ContainerOutput output;

    private final Ending ending;
    private @Nullable Thread waiter;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private OwnContainer(
            HostExecutor.Host host, Containers containers, ControlFolder folder, Intent intent) {
        this.host = host;
        this.containers = containers;
        this.folder = folder;
        this.intent = intent;
        this.name = intent.container().orElseThrow().id();
        this.output = new ContainerOutput(containers, name, host.threads());
        this.ending = new Ending(name, host.timers());
    }

    static OwnContainer start(
            HostExecutor.Host host, Containers containers, Launch launch, ContainerSpec spec)
            throws IOException {
        var folder = new ControlFolder(launch.controlFolder());
        Intent intent =
                host.intent(
                        launch,
                        Optional.empty(),
                        Optional.of(new Intent.InContainer(spec.name(), "")));
        folder.create(intent);
        var process = new OwnContainer(host, containers, folder, intent);
        try {
            containers.create(spec);
            process.watch(launch.limits().killGrace());
            containers.start(spec.name());
            process.await();
        } catch (DockerException refused) {
            containers.remove(spec.name());
            process.close();
            throw refused;
        }
        return process;
    }

    static OwnContainer adopt(
            HostExecutor.Host host, Containers containers, ControlFolder folder, Intent intent)
            throws IOException {
        var process = new OwnContainer(host, containers, folder, intent);
        Optional<State> state = containers.inspect(process.name);
        if (state.isEmpty() || state.get().state().equals("created")) {
            containers.remove(process.name);
            process.ending.changed(
                    new Exit.NeverStarted("The agent ended before the container was started."));
            return process;
        }
        process.watch(Launch.Limits.DEFAULT.killGrace());
        process.await();
        return process;
    }

    private void watch(Duration grace) throws IOException {
        ContainerWatchdog.ensure(folder, intent, name, grace, containers.engine(), host.table());
    }

    private void await() {
        waiter = host.threads().start("container " + name, this::awaitContainer);
    }

    private void awaitContainer() {
        try {
            while (true) {
                try {
                    containers.awaitEnd(name);
                    Optional<State> state = containers.inspect(name);
                    if (state.isEmpty() || !state.get().running()) {
                        ending.changed(judge(state));
                        return;
                    }
                } catch (DockerException silent) {
                    LOG.warn(
                            "The Docker engine does not say how a container ended. container={}"
                                    + " why={}",
                            name,
                            silent.getMessage());
                }
                host.timers().pause(ASK_AGAIN);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Exit judge(Optional<State> state) {
        if (Files.exists(folder.path().resolve("lease-lost"))) {
            return new Exit.LeaseLost();
        }
        if (state.isEmpty()) {
            return new Exit.SupervisorLost("The container was removed while it ran.");
        }
        if (state.get().outOfMemory()) {
            return new Exit.OutOfMemory(state.get().exitCode() & 0xff);
        }
        int code = state.get().exitCode();
        return code < 0 || code > 255
                ? new Exit.SupervisorLost("The engine lost the container. " + state.get().error())
                : new Exit.Exited(code);
    }

    @Override
    public int read(long rawOffset, byte[] buffer) throws IOException, InterruptedException {
        Optional<Exit> ended = exit();
        return ended.isPresent() && ended.get() instanceof Exit.NeverStarted
                ? -1
                : output.read(rawOffset, buffer);
    }

    /// The engine keeps the output until the container is removed.
    @Override
    public void acknowledge(long rawOffset) {}

    @Override
    public Exit awaitExit() throws InterruptedException {
        return ending.await();
    }

    @Override
    public Optional<Exit> exit() {
        return ending.exit();
    }

    @Override
    public Instant startedAt() {
        return intent.startedAt();
    }

    @Override
    public void cancel(CancelListener listener) {
        if (!cancelled.compareAndSet(false, true)) {
            listener.over();
            return;
        }
        host.threads().start("cancel " + name, () -> cancelNow(listener));
    }

    private void cancelNow(CancelListener listener) {
        try {
            if (!endedBy("SIGINT", Phase.INTERRUPTED, AFTER_INTERRUPT, listener)
                    && !endedBy("SIGTERM", Phase.TERMINATED, AFTER_TERMINATE, listener)
                    && containers.signal(name, "SIGKILL")) {
                listener.reached(Phase.KILLED, 1);
                awaitExit();
            }
            listener.reached(Phase.DEAD, 0);
        } catch (DockerException problem) {
            LOG.error(
                    "A cancelled container could not be ended. Remove it by hand. container={}",
                    name,
                    problem);
        } catch (InterruptedException | NotFollowedException stopped) {
            LOG.info("A cancellation stops with its agent; the next one must ask again.");
        } finally {
            listener.over();
        }
    }

    private boolean endedBy(String signal, Phase phase, Duration patience, CancelListener listener)
            throws DockerException, InterruptedException {
        if (!containers.signal(name, signal)) {
            return true;
        }
        listener.reached(phase, 1);
        return ending.await(patience);
    }

    @Override
    public void kill() throws IOException {
        if (!containers.signal(name, "SIGKILL")) {
            return;
        }
        try {
            awaitExit();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a container was killed");
        } catch (NotFollowedException stopped) {
            LOG.info("A kill stops with its agent; the next one must ask again.");
        }
    }

    @Override
    public void delete() throws IOException {
        if (exit().isEmpty()) {
            throw new IllegalStateException(
                    "The container %s still runs; it cannot be deleted.".formatted(name));
        }
        close();
        containers.remove(name);
        folder.delete();
    }

    @Override
    public void close() {
        ending.close();
        Thread running = waiter;
        if (running != null) {
            running.interrupt();
        }
        output.close();
    }
}

package dev.slipway.simulation;

import dev.slipway.agent.executor.Exit;
import dev.slipway.agent.executor.Launch;
import dev.slipway.agent.executor.ProcessWatcher;
import dev.slipway.agent.executor.ScriptedExecutor;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.id.AttemptId;
import dev.slipway.testkit.MachineClock;
import dev.slipway.testkit.SimulatedWorld.Node;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A machine with an agent: processes that outlive it, a work directory, a clock of its own.
final class SimulatedMachine {
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

    private final SimulatedNetwork network;
    private final Setup setup;
    private final ScriptedExecutor executor;
    private String bootId;
    private @Nullable Node agent;

    /// What does not change.
    ///
    /// @param work the work directory
    /// @param coordinators addresses that the agent tries in turn
    /// @param lease what coordinators say
    record Setup(
            String name,
            MachineClock clock,
            Path work,
            int slots,
            List<String> labels,
            List<String> coordinators,
            Duration lease) {}

    SimulatedMachine(SimulatedNetwork network, Setup setup) {
        this.network = network;
        this.setup = setup;
        this.bootId = network.world().ids().fresh();
        this.executor =
                new ScriptedExecutor(
                        setup.clock(),
                        network.world()
                                .node("processes of " + setup.name(), setup.clock())
                                .timers(),
                        Task::scriptOf,
                        new Watcher());
    }

    String name() {
        return setup.name();
    }

    String bootId() {
        return bootId;
    }

    Path work() {
        return setup.work();
    }

    int slots() {
        return setup.slots();
    }

    List<String> labels() {
        return setup.labels();
    }

    List<String> coordinators() {
        return setup.coordinators();
    }

    Duration lease() {
        return setup.lease();
    }

    SimulatedNetwork network() {
        return network;
    }

    ScriptedExecutor executor() {
        return executor;
    }

    MachineClock clock() {
        return setup.clock();
    }

    /// The agent's process, if one runs.
    @Nullable Node agent() {
        return agent;
    }

    /// Starts the agent, unless it runs.
    void start() {
        if (agent != null) {
            return;
        }
        var node = network.world().node(name(), setup.clock());
        agent = node;
        network.world().note(name() + " starts");
        node.threads().start("main", () -> SimulatedAgent.live(this, node, () -> refused(node)));
    }

    /// A refused agent's process ends, and is started again by its supervisor.
    private void refused(Node node) {
        network.world().note(name() + " was refused");
        if (agent == node) {
            kill(true);
            network.world().node("init of " + name()).after(AFTER_REFUSAL, this::start);
        }
    }

    /// `kill -9` of the agent; its processes go on.
    ///
    /// @param said whether the kernel closes its connections; a machine that lost its power does
    ///   not
    void kill(boolean said) {
        Node node = agent;
        if (node == null) {
            return;
        }
        agent = null;
        node.kill();
        executor.loseAgent();
        if (said) {
            network.died(node);
        }
    }

    /// The machine loses its power and starts again, without its agent.
    void reboot() {
        kill(false);
        executor.reboot();
        setup.clock().reboot();
        bootId = network.world().ids().fresh();
    }

    /// The agent's work directory is lost, and the agent with it; processes go on.
    void loseWork() {
        kill(true);
        try {
            Folders.delete(setup.work());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// Tells the witness.
    private final class Watcher implements ProcessWatcher {
        private final Set<Path> begun = new HashSet<>();

        @Override
        public void started(Launch launch) {
            AttemptId attempt = Task.attemptOf(launch);
            network.world()
                    .note("%s: process %s of %s".formatted(name(), processOf(launch), attempt));
            begun.add(launch.controlFolder());
            network.audit().guard(witness -> witness.processStarted(attempt, processOf(launch)));
        }

        @Override
        public void printed(Launch launch, String text) {
            String line = Task.masked(text.strip());
            network.audit()
                    .guard(
                            witness ->
                                    witness.processPrinted(
                                            Task.attemptOf(launch), processOf(launch), line));
        }

        @Override
        public void ended(Launch launch, Exit exit) {
            AttemptId attempt = Task.attemptOf(launch);
            network.world()
                    .note(
                            "%s: end of %s of %s: %s"
                                    .formatted(name(), processOf(launch), attempt, exit));
            if (begun.remove(launch.controlFolder())) {
                network.audit().guard(witness -> witness.processEnded(attempt, processOf(launch)));
            }
        }

        private static String processOf(Launch launch) {
            return Task.of(launch).name();
        }
    }
}

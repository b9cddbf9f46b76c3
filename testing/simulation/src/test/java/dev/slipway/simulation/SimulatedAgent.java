package dev.slipway.simulation;

import dev.slipway.agent.runner.LocalAttempts;
import dev.slipway.agent.runner.Machine;
import dev.slipway.agent.runner.Workspaces;
import dev.slipway.agent.session.ConnectionGate;
import dev.slipway.agent.session.FarmClient;
import dev.slipway.agent.session.Identity;
import dev.slipway.agent.session.IdentityFiles;
import dev.slipway.agent.session.LogSender;
import dev.slipway.agent.session.Offer;
import dev.slipway.agent.session.Session;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The real agent's process on a simulated machine. It can be killed at any moment; its processes
/// go on, and the next agent on the same folder adopts them.
final class SimulatedAgent {
    private SimulatedAgent() {}

    /// Adopts what is there and connects; runs on a thread of the node.
    ///
    /// @param onRefused called when the farm refuses this agent
    static void live(SimulatedMachine machine, Node node, Runnable onRefused) {
        try {
            start(machine, node, onRefused);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void start(SimulatedMachine machine, Node node, Runnable onRefused)
            throws IOException {
        SimulatedNetwork network = machine.network();
        var world = network.world();
        Path work = machine.work();
        Files.createDirectories(work);
        var files = new IdentityFiles(work);
        String id = files.agentId(world.ids());
        var identity =
                new Identity(id, machine.name(), machine.bootId(), world.ids().fresh(), "0.1.0");
        var gate = new ConnectionGate();
        var logs = new LogSender(id, gate, node.threads(), node.timers());
        var attempts =
                new LocalAttempts(
                        work.resolve("attempts"),
                        new Machine(
                                network.variant().executor(machine.executor()),
                                node.clock(),
                                node.timers(),
                                node.threads(),
                                world.ids(),
                                Map.of("PATH", "/usr/bin:/bin"),
                                new Machine.Description(machine.name(), "Linux", "X64"),
                                Optional.empty()),
                        network.variant().farm(new FarmClient(id, gate, node.timers())),
                        new PlainWorkspaces(work),
                        logs);
        var end = new SimulatedWire.Agent(node, machine.name(), id);
        var session =
                new Session(
                        new Session.Parts(
                                identity,
                                new Offer(
                                        machine.slots(),
                                        machine.labels(),
                                        "linux",
                                        "x64",
                                        () -> "",
                                        List::of),
                                machine.coordinators(),
                                (address, receiver) ->
                                        new SimulatedWire(network, end, address, receiver),
                                files,
                                network.variant().attempts(attempts, node.clock(), machine.lease()),
                                gate,
                                node.clock(),
                                node.timers(),
                                world.ids(),
                                onRefused));
        session.start(node.threads());
    }

    /// One set of folders per attempt.
    private record PlainWorkspaces(Path work) implements Workspaces {
        @Override
        public Folders take(String project, String attempt) {
            Path set = work.resolve("w-" + attempt.replace('/', '-'));
            return new Folders(
                    set.resolve("p/p"),
                    set.resolve("p"),
                    set.resolve("_temp"),
                    set.resolve("_actions"),
                    work.resolve("_tool"));
        }

        @Override
        public void giveBack(String attempt) {
            // The folders are the test's and go with it.
        }

        @Override
        public List<String> warmProjects() {
            return List.of();
        }
    }
}

package dev.slipway.simulation;

import dev.slipway.agent.executor.ScriptedExecutor;
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
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The real agent on a machine whose processes follow scripts. It can be killed at any moment; its
/// processes go on, and the next agent on the same folder adopts them.
final class SimulatedAgent {
    private SimulatedAgent() {}

    /// Adopts what is there and connects; runs on a thread of the node.
    ///
    /// @param folder the agent's work directory
    /// @param machine where its processes live
    static void live(
            SimulatedWorld world,
            Node node,
            Path folder,
            ScriptedExecutor machine,
            SimulatedNetwork network) {
        try {
            start(world, node, folder, machine, network);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void start(
            SimulatedWorld world,
            Node node,
            Path folder,
            ScriptedExecutor machine,
            SimulatedNetwork network)
            throws IOException {
        String name = node.name();
        Files.createDirectories(folder);
        var files = new IdentityFiles(folder);
        var identity =
                new Identity(
                        files.agentId(world.ids()), name, "boot", world.ids().fresh(), "0.1.0");
        var gate = new ConnectionGate();
        var logs = new LogSender(identity.agentId(), gate, node.threads(), node.timers());
        var attempts =
                new LocalAttempts(
                        folder.resolve("attempts"),
                        new Machine(
                                machine,
                                world.clock(),
                                node.timers(),
                                node.threads(),
                                world.ids(),
                                Map.of("PATH", "/usr/bin:/bin"),
                                new Machine.Description(name, "Linux", "X64")),
                        new FarmClient(identity.agentId(), gate, node.timers()),
                        new PlainWorkspaces(folder),
                        logs);
        var session =
                new Session(
                        new Session.Parts(
                                identity,
                                new Offer(
                                        2,
                                        List.of("ubuntu-latest"),
                                        "linux",
                                        "x64",
                                        () -> "",
                                        List::of),
                                List.of("coordinator:1"),
                                network.linkOf(node),
                                files,
                                attempts,
                                gate,
                                world.clock(),
                                node.timers(),
                                world.ids(),
                                () -> world.note(name + " was refused")));
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

package dev.slipway.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.agent.executor.Launch;
import dev.slipway.agent.executor.Script;
import dev.slipway.agent.executor.ScriptedExecutor;
import dev.slipway.coordinator.logs.LogCursor;
import dev.slipway.coordinator.logs.LogReader;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.id.AttemptId;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.wire.LogLine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// One coordinator and some agents in one world; each can be killed and started again.
final class SimulatedFarm {
    private final SimulatedWorld world;
    private final Path folder;
    private final SimulatedCoordinator.Disk disk;
    private final SimulatedNetwork network;
    private final Function<Launch, Script> scripts;
    private final Map<String, ScriptedExecutor> machines = new TreeMap<>();
    private final Map<String, SimulatedWorld.Node> agents = new TreeMap<>();
    private @Nullable SimulatedCoordinator coordinator;

    SimulatedFarm(SimulatedWorld world, Path folder, Function<Launch, Script> scripts) {
        this.world = world;
        this.folder = folder;
        this.scripts = scripts;
        this.disk = SimulatedCoordinator.Disk.in(folder);
        this.network = new SimulatedNetwork(world, () -> coordinator);
    }

    SimulatedNetwork network() {
        return network;
    }

    void startCoordinator() {
        var node = world.node("coordinator");
        node.threads()
                .start(
                        "main",
                        () -> {
                            try {
                                coordinator = new SimulatedCoordinator(world, node, disk);
                            } catch (IOException problem) {
                                throw new UncheckedIOException(problem);
                            } catch (InterruptedException interrupted) {
                                throw new AssertionError(interrupted);
                            }
                        });
    }

    void killCoordinator() {
        SimulatedCoordinator alive = coordinator;
        if (alive != null) {
            alive.node().kill();
            coordinator = null;
            network.cutAll();
        }
    }

    /// Does nothing when that agent lives.
    void startAgent(String name) {
        if (agents.containsKey(name)) {
            return;
        }
        var node = world.node(name);
        agents.put(name, node);
        var machine =
                machines.computeIfAbsent(
                        name,
                        unused ->
                                new ScriptedExecutor(
                                        world.clock(), world.node("machine").timers(), scripts));
        Path work = folder.resolve(name);
        node.threads()
                .start("main", () -> SimulatedAgent.live(world, node, work, machine, network));
    }

    /// `kill -9` of the agent; its processes go on.
    void killAgent(String name) {
        SimulatedWorld.Node node = agents.remove(name);
        if (node != null) {
            node.kill();
            machine(name).loseAgent();
            network.cutDead();
        }
    }

    boolean serves() {
        return coordinator != null;
    }

    /// Submits a workflow as a client that retries with its token until it is answered.
    void submit(String token, String workflow) {
        var client = world.node("client");
        client.threads()
                .start(
                        "submit " + token,
                        () -> {
                            SimulatedCoordinator alive = coordinator;
                            if (alive == null) {
                                throw new AssertionError("submit while a coordinator serves");
                            }
                            try {
                                alive.engine().ask(new Command.SubmitRun(spec(token, workflow)));
                            } catch (InterruptedException interrupted) {
                                throw new AssertionError(interrupted);
                            }
                        });
    }

    /// Every event that was ever durable, in order.
    List<Event> events() {
        return disk.journal().entries().stream().flatMap(entry -> entry.events().stream()).toList();
    }

    SimulatedCoordinator.Disk disk() {
        return disk;
    }

    /// How many processes were ever started on all machines.
    long launches() {
        return machines.values().stream().mapToLong(one -> one.launches().size()).sum();
    }

    /// What the processes of an attempt printed, as recorded.
    List<String> output(AttemptId attempt) {
        SimulatedCoordinator alive = coordinator;
        if (alive == null) {
            throw new AssertionError("no coordinator serves");
        }
        var lines = new ArrayList<String>();
        var onlyOutput =
                new LogReader.Filter(step -> true, line -> line.kind() != LogLine.Kind.META);
        LogCursor.Planned cursor = LogCursor.Planned.START;
        while (true) {
            var page =
                    new LogReader(alive.logs())
                            .planned(List.of(attempt), onlyOutput, cursor, 1 << 20);
            page.lines().forEach(line -> lines.add(new String(line.line().text(), UTF_8)));
            if (!page.more()) {
                return lines;
            }
            cursor = (LogCursor.Planned) page.next();
        }
    }

    private ScriptedExecutor machine(String name) {
        ScriptedExecutor machine = machines.get(name);
        if (machine == null) {
            throw new AssertionError("there is no machine " + name);
        }
        return machine;
    }

    private static RunSpec spec(String token, String workflow) {
        return new RunSpec(
                "simulated/project",
                new WorkflowFile(".github/workflows/ci.yml", Bytes.utf8(workflow)),
                List.of(),
                new EventFacts(
                        "push",
                        "",
                        "refs/heads/main",
                        "0123456789012345678901234567890123456789",
                        "",
                        "",
                        "main",
                        "tester",
                        Optional.empty()),
                RunSpec.sorted(Map.of()),
                RunSpec.sorted(Map.of()),
                SealedSecrets.NONE,
                new Source.None(),
                List.of(),
                RunSpec.sorted(Map.of()),
                0,
                false,
                token);
    }
}

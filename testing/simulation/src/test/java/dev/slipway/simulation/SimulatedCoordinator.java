package dev.slipway.simulation;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.EnginePorts;
import dev.slipway.coordinator.engine.EngineSettings;
import dev.slipway.coordinator.engine.PlannedJobs;
import dev.slipway.coordinator.engine.RunPlans;
import dev.slipway.coordinator.engine.SingleWriter;
import dev.slipway.coordinator.journal.InMemoryJournal;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.sessions.JobSpecs;
import dev.slipway.coordinator.sessions.Sessions;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.testkit.SimulatedWorld;
import dev.slipway.testkit.SimulatedWorld.Node;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// The real coordinator without its edges (gRPC, HTTP, blobs): engine, logs, sessions, specs. It
/// can be killed at any moment; the next one starts from the same {@link Disk}.
final class SimulatedCoordinator {
    private static final Duration UNREACHABLE = Duration.ofSeconds(15);

    private final Node node;
    private final SingleWriter engine;
    private final LogStore logs;
    private final Sessions sessions;
    private final JobSpecs specs;

    /// What outlives a coordinator.
    ///
    /// @param folder of log segments and the key file
    record Disk(InMemoryJournal journal, MemoryDatabase logIndex, Path folder) {
        static Disk in(Path folder) {
            return new Disk(new InMemoryJournal(), new MemoryDatabase(), folder);
        }
    }

    /// Recovers and serves; runs on a thread of the node.
    SimulatedCoordinator(SimulatedWorld world, Node node, Disk disk)
            throws IOException, InterruptedException {
        this.node = node;
        var clock = world.clock();
        engine =
                SingleWriter.start(
                        EngineSettings.STANDALONE,
                        disk.journal(),
                        new EnginePorts(
                                clock,
                                node.timers(),
                                node.threads(),
                                world.ids(),
                                Authority.STANDALONE),
                        problem -> {
                            throw new AssertionError("the engine failed", problem);
                        });
        logs =
                LogStore.open(
                        disk.folder().resolve("logs"),
                        new LogIndex(disk.logIndex()),
                        LogStore.Limits.DEFAULT,
                        clock,
                        node.threads());
        sessions =
                new Sessions(
                        new Sessions.Parts(
                                engine,
                                logs,
                                Authority.STANDALONE,
                                new Sessions.Intervals(
                                        Duration.ofSeconds(3),
                                        EngineSettings.STANDALONE.leaseTtl(),
                                        Duration.ofSeconds(1),
                                        EngineSettings.STANDALONE.killGrace()),
                                UNREACHABLE,
                                clock,
                                node.timers(),
                                node.threads()));
        engine.listen(
                (position, events) -> events.forEach(event -> world.note(position + " " + event)));
        sessions.start();
        specs =
                new JobSpecs(
                        new JobSpecs.Parts(
                                disk.journal().runs(),
                                sessions.grants(),
                                SecretBox.open(disk.folder().resolve("keys")),
                                new PlannedJobs(new RunPlans()),
                                engine.farmId(),
                                64 << 20,
                                7));
    }

    Node node() {
        return node;
    }

    Engine engine() {
        return engine;
    }

    LogStore logs() {
        return logs;
    }

    Sessions sessions() {
        return sessions;
    }

    JobSpecs specs() {
        return specs;
    }
}

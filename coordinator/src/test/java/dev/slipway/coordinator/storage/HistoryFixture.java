package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.model.WorkflowFile;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Writes runs into a database as the journal would.
final class HistoryFixture {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final TableRunStore store;
    private final Database database;
    private final FarmState state;

    HistoryFixture(Database database) {
        this.database = database;
        this.store = new TableRunStore(database);
        this.state = store.load();
    }

    /// One minute per run number.
    static Instant at(long run) {
        return START.plusSeconds(60 * run);
    }

    long queue(String project, String workflow, String branch) {
        long number = state.lastRun() + 1;
        var head =
                new RunHead(
                        number,
                        project,
                        workflow,
                        workflow + ".yml",
                        "title",
                        "push",
                        "refs/heads/" + branch,
                        branch,
                        "sha",
                        "ann",
                        state.runsOfWorkflow(project, workflow + ".yml") + 1,
                        0,
                        Optional.empty());
        apply(new Event.RunQueued(head, spec(project, branch, "token-" + number), at(number)));
        return number;
    }

    void finish(long run, Conclusion conclusion) {
        apply(new Event.RunFinished(run, conclusion, "", state.time().plusSeconds(1)));
    }

    List<Long> remove(List<Long> runs) {
        apply(new Event.RunsRemoved(runs, state.time()));
        return runs;
    }

    void apply(Event event) {
        state.apply(state.position() + 1, event);
        var batch = new Batch();
        store.write(batch, state.takeChanges());
        database.write(batch, Database.Durability.BUFFERED);
    }

    private static RunSpec spec(String project, String branch, String token) {
        return new RunSpec(
                project,
                new WorkflowFile("ci.yml", Bytes.utf8("on: push")),
                List.of(),
                new EventFacts(
                        "push",
                        "",
                        "refs/heads/" + branch,
                        "sha",
                        "",
                        "",
                        "main",
                        "ann",
                        Optional.empty()),
                new TreeMap<>(),
                new TreeMap<>(),
                SealedSecrets.NONE,
                new Source.None(),
                List.of(),
                new TreeMap<>(),
                0,
                false,
                token,
                List.of());
    }
}

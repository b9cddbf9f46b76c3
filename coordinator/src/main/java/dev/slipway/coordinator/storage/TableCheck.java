package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Source;
import dev.slipway.error.SlipwayException;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Reads every row of the tables of runs and says what is wrong. What is found is given to a
/// consumer; a table that cannot be read on is given up, others are still read.
public final class TableCheck {
    private final Database database;
    private final Consumer<Problem> found;
    private final Set<Long> runs = new HashSet<>();
    private long rows;

    public TableCheck(Database database, Consumer<Problem> found) {
        this.database = database;
        this.found = found;
    }

    /// Reads all of them.
    ///
    /// @return the numbers of all runs
    public Set<Long> run() {
        read("meta", () -> scan(RunTables.META, (key, meta) -> {}));
        read("runs", () -> scan(RunTables.RUNS, this::run));
        read("specs", () -> scan(RunTables.SPECS, (run, spec) -> requireRun("specs", run)));
        read(
                "jobs",
                () ->
                        scan(
                                RunTables.JOBS,
                                (job, row) -> {
                                    JobCodec.decode(job, row);
                                    requireRun("jobs", job.run());
                                }));
        read(
                "attempts",
                () ->
                        scan(
                                RunTables.ATTEMPTS,
                                (attempt, row) -> {
                                    AttemptCodec.decode(attempt, row, java.util.List.of());
                                    requireRun("attempts", attempt.run());
                                }));
        read(
                "annotations",
                () ->
                        scan(
                                RunTables.ANNOTATIONS,
                                (key, row) -> requireRun("annotations", key.attempt().run())));
        read(
                "summaries",
                () ->
                        scan(
                                RunTables.SUMMARIES,
                                (key, row) -> requireRun("summaries", key.attempt().run())));
        read("tests", () -> scan(RunTables.TESTS, (key, row) -> requireRun("tests", key.run())));
        read(
                "unfinished",
                () -> scan(RunTables.UNFINISHED, (run, nothing) -> requireRun("unfinished", run)));
        read("tokens", () -> scan(RunTables.TOKENS, (token, use) -> {}));
        read("counters", () -> scan(RunTables.COUNTERS, (key, count) -> {}));
        read("environments", () -> scan(DeploymentTables.ENVIRONMENTS, (name, row) -> {}));
        read("deployments", () -> scan(DeploymentTables.DEPLOYMENTS, (name, row) -> {}));
        read("deployment_commits", () -> scan(DeploymentTables.COMMITS, (name, row) -> {}));
        read(
                "deployment_runs",
                () ->
                        scan(
                                DeploymentTables.BY_RUN,
                                (key, row) -> requireRun("deployment_runs", key.run())));
        read("incidents", () -> scan(DeploymentTables.INCIDENTS, (id, row) -> {}));
        read("good_versions", () -> scan(DeploymentTables.GOOD, (place, good) -> {}));
        read("notification_rules", () -> scan(NotificationRows.RULES, (name, row) -> {}));
        read("notifications", () -> scan(NotificationRows.NOTIFICATIONS, (id, row) -> {}));
        read("broken_lines", () -> scan(NotificationRows.LINES, (line, run) -> {}));
        read("drains", () -> scan(RunTables.DRAINS, (agent, by) -> {}));
        return runs;
    }

    /// How many rows were read.
    public long rows() {
        return rows;
    }

    /// Names every source that a run was submitted with.
    public void sources(Consumer<Source.Bundle> source) {
        read(
                "specs",
                () ->
                        scan(
                                RunTables.SPECS,
                                (run, spec) -> {
                                    if (spec.source() instanceof Source.Bundle bundle) {
                                        source.accept(bundle);
                                    }
                                }));
    }

    private void run(long number, RunState run) {
        runs.add(number);
        if (run.number() != number) {
            found.accept(new Problem("table runs, run " + number, "it says run " + run.number()));
        }
        if (RunTables.SPECS.get(database, number).isEmpty()) {
            found.accept(new Problem("table specs, run " + number, "the run's row is missing"));
        }
        boolean open = RunTables.UNFINISHED.contains(database, number);
        if (open == run.finished()) {
            found.accept(
                    new Problem(
                            "table unfinished, run " + number,
                            open ? "the run has finished" : "the run has not finished"));
        }
    }

    private void requireRun(String table, long run) {
        if (!runs.contains(run)) {
            found.accept(new Problem("table %s, run %d".formatted(table, run), "no such run"));
        }
    }

    private interface Row<K, V> {
        void read(K key, V value);
    }

    private <K, V> void scan(Table<K, V> table, Row<K, V> row) {
        table.scan(
                database,
                all -> {},
                (key, value) -> {
                    rows++;
                    row.read(key, value);
                    return true;
                });
    }

    private void read(String table, Runnable reading) {
        try {
            reading.run();
        } catch (SlipwayException problem) {
            found.accept(new Problem("table " + table, problem.getMessage()));
        } catch (RuntimeException problem) {
            found.accept(new Problem("table " + table, "a row cannot be read: " + problem));
        }
    }
}

package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmMeta;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.LogPositions;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

/// The local tables of a coordinator in a cluster: what the control log says, as far as it is
/// applied. Each write holds the log's position, so that a start goes on exactly behind it. Writes
/// are not synced: the log has it all, until everybody's tables are durable.
public final class Tables {
    private final Database database;
    private final TableRunStore runs;
    private final TokenSweep tokens = new TokenSweep();

    public Tables(Database database, TableRunStore runs) {
        this.database = database;
        this.runs = runs;
    }

    /// @throws SlipwayException when the database belongs to a coordinator of a cluster, whose
    ///   truth is in the cluster's logs
    public static void requireAlone(Database database) {
        if (LogPositions.find(database, LogPositions.Of.CONTROL).isPresent()) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory belongs to a coordinator of a cluster. Start it with that"
                            + " cluster's --zookeeper, or choose another directory with --data.");
        }
    }

    /// The state as the tables have it.
    ///
    /// @throws SlipwayException when they belong to a coordinator that was alone
    FarmState load() {
        FarmState state = runs.load();
        boolean clustered =
                LogPositions.find(database, LogPositions.Of.CONTROL).isPresent()
                        || state.position() == 0;
        if (!clustered) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory belongs to a coordinator without a cluster (farm %s). Start"
                                    .formatted(state.farmId())
                            + " it without --zookeeper, or give a coordinator of the cluster an"
                            + " empty directory with --data.");
        }
        return state;
    }

    /// Writes what an entry changed.
    ///
    /// @param position of the entry in the control log
    void write(Changes changes, long position) {
        var batch = new Batch();
        runs.write(batch, changes);
        LogPositions.put(batch, LogPositions.Of.CONTROL, position);
        database.write(batch, Database.Durability.BUFFERED);
        tokens.sweep(database, changes.meta().time());
    }

    /// The farm's own facts, as of what is applied.
    public FarmMeta meta() {
        return runs.meta();
    }

    /// How far the journal is applied.
    public long position() {
        return runs.position();
    }

    /// How far the control log is applied.
    public long control() {
        return LogPositions.get(database, LogPositions.Of.CONTROL);
    }

    /// How far the output log is applied.
    public long output() {
        return LogPositions.get(database, LogPositions.Of.OUTPUT);
    }

    /// Makes everything that is applied survive a power failure.
    public void sync() {
        LogPositions.sync(database);
    }
}

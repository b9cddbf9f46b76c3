package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database;
import dev.slipway.coordinator.storage.KeyCodec;
import dev.slipway.coordinator.storage.Table;
import dev.slipway.coordinator.storage.TableRunStore;

import java.util.function.Consumer;

/// The standalone journal: the entry, the rows that it changed and the position go into one synced
/// batch of the database, one sync per entry. So the rows are never behind the entries, and a start
/// reads the unfinished rows only; entries are kept a while for those who look back.
///
/// On a {@link dev.slipway.coordinator.storage.RocksDatabase} it is durable; on a {@link
/// dev.slipway.coordinator.storage.MemoryDatabase} it is the tests' journal in memory.
public final class DatabaseJournal implements Journal {
    private static final Table<Long, Entry> ENTRIES =
            new Table<>("entries", KeyCodec.NUMBER, new EntryCodec());

    /// Entries that stay when older ones are trimmed, and how far trimming may lag behind.
    private static final long KEPT = 20_000;

    private static final long TRIM_EVERY = 5_000;

    private final Database database;
    private final TableRunStore runs;
    private final TokenSweep tokens = new TokenSweep();
    private long last = -1;
    private long epoch;
    private long trimmed;

    public DatabaseJournal(Database database, TableRunStore runs) {
        this.database = database;
        this.runs = runs;
    }

    @Override
    public FarmState recover() {
        FarmState state = runs.load();
        last = state.position();
        trimmed = Math.max(0, last - KEPT - TRIM_EVERY);
        // Entries behind the rows come from an unclean copy of the data, never from a crash.
        replay(
                last,
                entry -> {
                    entry.events().forEach(event -> state.apply(entry.position(), event));
                    last = entry.position();
                });
        epoch = state.epoch() + 1;
        return state;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void append(Entry entry, Changes changes) {
        if (entry.position() != last + 1 || changes.meta().position() != entry.position()) {
            throw new IllegalStateException(
                    "entry %d with changes of %d follows on %d"
                            .formatted(entry.position(), changes.meta().position(), last));
        }
        var batch = new Batch();
        ENTRIES.put(batch, entry.position(), entry);
        runs.write(batch, changes);
        database.write(batch, Database.Durability.SYNCED);
        last = entry.position();
        tokens.sweep(database, changes.meta().time());
        if (last - trimmed > KEPT + TRIM_EVERY) {
            trim(last - KEPT);
        }
    }

    /// Reads the entries after a position that are still kept.
    public void replay(long after, Consumer<Entry> reader) {
        ENTRIES.scanFrom(
                database,
                all -> {},
                from -> from.number(after + 1),
                (position, entry) -> {
                    reader.accept(entry);
                    return true;
                });
    }

    private void trim(long upTo) {
        if (upTo <= trimmed) {
            return;
        }
        var batch = new Batch();
        ENTRIES.deleteUpTo(batch, upTo);
        database.write(batch, Database.Durability.BUFFERED);
        trimmed = upTo;
    }

    /// The database belongs to whoever opened it.
    @Override
    public void close() {
        // Every entry is written when it is appended.
    }
}

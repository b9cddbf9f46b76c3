package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmState;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.coordinator.storage.TableRunStore;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A journal in memory that forgets nothing and can be made to fail: for tests and simulations. Its
/// tables are those of production, on a {@link MemoryDatabase}.
public final class InMemoryJournal implements Journal {
    private final MemoryDatabase database = new MemoryDatabase();
    private final TableRunStore runs = new TableRunStore(database);
    private final DatabaseJournal journal = new DatabaseJournal(database, runs);
    private final List<Entry> entries = new ArrayList<>();
    private boolean failing;

    @Override
    public synchronized FarmState recover() {
        failing = false;
        return journal.recover();
    }

    @Override
    public synchronized long epoch() {
        return journal.epoch();
    }

    /// The state from nothing but the entries: must equal the live one.
    public synchronized FarmState replayed() {
        var history = new InMemoryJournal();
        FarmState state = history.recover();
        for (Entry entry : entries) {
            entry.events().forEach(event -> state.apply(entry.position(), event));
            history.append(entry, state.takeChanges());
        }
        return state;
    }

    @Override
    public synchronized void append(Entry entry, Changes changes) {
        if (failing) {
            throw new SlipwayException(ErrorCode.STORAGE_FAILED, "The journal was told to fail.");
        }
        journal.append(entry, changes);
        entries.add(entry);
    }

    /// Reads the entries after a position.
    public synchronized void replay(long after, Consumer<Entry> reader) {
        entries.stream().filter(entry -> entry.position() > after).forEach(reader);
    }

    /// From now on appending fails, until {@link #recover}.
    public synchronized void failFromNowOn() {
        failing = true;
    }

    public MemoryDatabase database() {
        return database;
    }

    public TableRunStore runs() {
        return runs;
    }

    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public void close() {
        // Memory is freed with the last reference.
    }
}

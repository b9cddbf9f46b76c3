package dev.slipway.coordinator.storage;

import dev.slipway.error.SlipwayException;

import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

import java.util.function.Function;

/// A RocksDB iterator that throws what the disk could not read.
final class RocksCursor implements Reads.Cursor {
    private final RocksIterator iterator;
    private final Runnable onClose;
    private final Function<RocksDBException, SlipwayException> failure;
    private boolean closed;

    RocksCursor(
            RocksIterator iterator,
            Runnable onClose,
            Function<RocksDBException, SlipwayException> failure) {
        this.iterator = iterator;
        this.onClose = onClose;
        this.failure = failure;
    }

    @Override
    public void seek(byte[] key) {
        iterator.seek(key);
        check();
    }

    @Override
    public boolean valid() {
        return iterator.isValid();
    }

    @Override
    public void next() {
        if (!iterator.isValid()) {
            throw new IllegalStateException("the cursor stands on no key");
        }
        iterator.next();
        check();
    }

    @Override
    public byte[] key() {
        return iterator.key();
    }

    @Override
    public byte[] value() {
        return iterator.value();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            iterator.close();
            onClose.run();
        }
    }

    /// An iterator becomes invalid both at the end and on an error: only its status tells which.
    private void check() {
        try {
            iterator.status();
        } catch (RocksDBException problem) {
            throw failure.apply(problem);
        }
    }
}

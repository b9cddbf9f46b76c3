package dev.slipway.coordinator.storage;

/// Walks over a family that does not exist.
final class EmptyCursor implements Reads.Cursor {
    @Override
    public void seek(byte[] key) {
        // There is nothing to find.
    }

    @Override
    public boolean valid() {
        return false;
    }

    @Override
    public void next() {
        throw new IllegalStateException("the cursor stands on no key");
    }

    @Override
    public byte[] key() {
        throw new IllegalStateException("the cursor stands on no key");
    }

    @Override
    public byte[] value() {
        throw new IllegalStateException("the cursor stands on no key");
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}

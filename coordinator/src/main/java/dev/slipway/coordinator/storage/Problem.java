package dev.slipway.coordinator.storage;

/// Something that is wrong with stored data.
///
/// @param where the file, or the table and row
/// @param what is wrong
public record Problem(String where, String what) {
    @Override
    public String toString() {
        return where + ": " + what;
    }
}

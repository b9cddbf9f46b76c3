package dev.slipway.coordinator;

/// This coordinator has fetched the leader's data, which is taken when it is opened again: close it
/// and open another one with the same settings.
public final class NewDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NewDataException(long position) {
        super(
                ("This coordinator was too far behind and has fetched the leader's data"
                                + " (position %d); it starts again with that.")
                        .formatted(position));
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.error.Refusal;

/// Receives the answer to one command, on the engine's thread, after it is durable. Must not block.
public interface Reply<A> {
    /// @param position the journal position that holds the command's effect
    void accepted(A answer, long position);

    void refused(Refusal refusal);

    /// The engine ended before the command was durable: it may or may not have happened.
    ///
    /// @param cause why the engine ended
    default void lost(RuntimeException cause) {
        refused(
                new Refusal(
                        dev.slipway.error.ErrorCode.NOT_LEADER,
                        "This coordinator has stopped serving (%s). Ask again: a repeated request"
                                        .formatted(cause.getMessage())
                                + " does no harm."));
    }
}

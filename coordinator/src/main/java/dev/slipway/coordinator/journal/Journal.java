package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.FarmState;

/// Keeps what happened, and brings the state back after a restart. One writer.
///
/// Positions count entries of the control log. In a cluster the build output has a log of its own;
/// {@link dev.slipway.coordinator.model.AttemptEnd#outputPosition} ties the two together.
public interface Journal extends AutoCloseable {
    /// The state after the latest entry. Called once, before the first {@link #append}.
    FarmState recover();

    /// The epoch that entries are written in: in a cluster that of this coordinator's claim,
    /// standalone one more than the latest. Known after {@link #recover}.
    long epoch();

    /// Makes an entry durable, and the records that it changed readable.
    ///
    /// @param entry whose position is the latest one plus one
    /// @param changes of exactly these events
    /// @throws dev.slipway.error.SlipwayException when it may not be durable: nothing more may be
    ///   appended, and the state must be dropped
    void append(Entry entry, Changes changes);

    @Override
    void close();
}

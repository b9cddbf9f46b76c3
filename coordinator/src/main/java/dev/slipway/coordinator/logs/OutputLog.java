package dev.slipway.coordinator.logs;

import dev.slipway.error.SlipwayException;

import java.util.List;

/// Where a log store writes its orders down before it carries them out: in a cluster the replicated
/// output log. Used by the store's writing thread only.
public interface OutputLog {
    /// Groups of orders are about this long at most, but for a single longer chunk.
    int GROUP_BYTES = 768 << 10;

    /// Writes groups of orders down, in order, and waits until they are durable.
    ///
    /// @return the position of each group in the log
    /// @throws SlipwayException when they may not be durable: nothing more can be written
    List<Long> append(List<List<LogOrder>> groups) throws InterruptedException;

    /// What was written down could not be carried out here: whoever leads must step down.
    void broken(SlipwayException problem);
}

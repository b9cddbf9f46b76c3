package dev.slipway.agent.workspace;

import java.io.IOException;
import java.time.Instant;

/// Something on the disk that nobody uses at the moment and that can be had again: it may be
/// removed to make room.
public interface Idle {
    /// What an operator calls it: a folder, an image.
    String name();

    Instant lastUse();

    long bytes() throws IOException;

    /// Removes it.
    ///
    /// @return false when somebody uses it after all
    boolean evict() throws IOException;
}

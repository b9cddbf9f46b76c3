package dev.slipway.wire;

import java.time.Instant;

/// One line of a step's log as people see it.
///
/// @param at when the line was complete (microseconds are kept)
/// @param kind who wrote it
/// @param text the line without its end, masked, usually UTF-8; not copied, never changed
public record LogLine(Instant at, Kind kind, byte[] text) {

    /// Who wrote a line. The ordinals are stored: add at the end only.
    public enum Kind {
        /// The step's process.
        OUTPUT,
        /// Slipway itself: group headers, the echo of the script, the exit code.
        META,
        /// A marker that stands for lost or left-out output; the text says why.
        GAP
    }
}

package dev.slipway.coordinator.journal;

import java.time.Duration;

/// How the replicated logs are kept.
///
/// @param ledgersUri where BookKeeper's metadata is: `zk+hierarchical://HOST:PORT;…/PATH`
/// @param copies how many bookies an entry is written to when there are as many
/// @param leastCopies an entry is acknowledged only when so many have it; fewer live bookies
///   refuse. 1 risks the loss of acknowledged entries together with one disk
/// @param rollSize bytes after which a new ledger begins; what is trimmed are whole ledgers
/// @param rollTime time after which a new ledger begins, when the old one has entries
/// @param window bytes that may be under way in one log before appending blocks
public record LogsSettings(
        String ledgersUri,
        int copies,
        int leastCopies,
        long rollSize,
        Duration rollTime,
        long window) {
    public LogsSettings {
        if (leastCopies < 1 || copies < leastCopies) {
            throw new IllegalArgumentException(
                    ("copies (%d) must be at least the least number of copies (%d), which is at"
                                    + " least 1")
                            .formatted(copies, leastCopies));
        }
        if (rollSize < 1
                || rollTime.isNegative()
                || rollTime.isZero()
                || window < ClusterLogs.MAX_ENTRY_SIZE) {
            throw new IllegalArgumentException(
                    "rolling needs a size and a time, and the window room for one entry (%d bytes)"
                            .formatted(ClusterLogs.MAX_ENTRY_SIZE));
        }
    }

    /// Three copies, never fewer than two; a new ledger every 128 MiB or hour.
    public static LogsSettings standard(String ledgersUri) {
        return new LogsSettings(ledgersUri, 3, 2, 128L << 20, Duration.ofHours(1), 32L << 20);
    }
}

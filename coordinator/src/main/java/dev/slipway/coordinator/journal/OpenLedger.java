package dev.slipway.coordinator.journal;

import org.apache.bookkeeper.client.LedgerHandle;
import org.apache.bookkeeper.net.BookieId;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The ledger that is written to. Guarded by its writer.
final class OpenLedger {
    final LedgerHandle handle;

    /// Position of its first entry.
    final long first;

    private final Set<BookieId> bookies;
    private final Duration since;

    /// What it was given so far, and the position of the last of it.
    long bytes;

    long last;

    /// @param since uptime at which it was opened
    OpenLedger(LedgerHandle handle, List<BookieId> bookies, long first, Duration since) {
        this.handle = handle;
        this.bookies = Set.copyOf(bookies);
        this.first = first;
        this.since = since;
    }

    /// Why the log should go on in another ledger now; empty when it should not.
    Optional<String> rollReason(Duration now, Set<BookieId> alive, LogsSettings settings) {
        if (bytes >= settings.rollSize()) {
            return Optional.of("size");
        }
        if (bytes > 0 && now.minus(since).compareTo(settings.rollTime()) >= 0) {
            return Optional.of("time");
        }
        if (alive.size() < settings.leastCopies()) {
            return Optional.empty(); // Nowhere to go. It goes on as long as enough bookies answer.
        }
        if (!alive.containsAll(bookies)) {
            return Optional.of("bookie-lost");
        }
        return bookies.size() < Math.min(settings.copies(), alive.size())
                ? Optional.of("more-bookies")
                : Optional.empty();
    }
}

package dev.slipway.coordinator.journal;

import org.apache.bookkeeper.client.BookKeeperClientStats;
import org.apache.bookkeeper.net.BookieId;
import org.apache.bookkeeper.stats.NullStatsLogger;
import org.apache.bookkeeper.stats.OpStatsData;
import org.apache.bookkeeper.stats.OpStatsLogger;
import org.apache.bookkeeper.stats.StatsLogger;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Hears from BookKeeper's client which bookies do not take writes. Its statistics are the only
/// place where it tells: with delayed ensemble changes a ledger goes on silently while one of its
/// bookies fails.
final class RequestStats extends NullStatsLogger {
    private static final Set<String> WRITES =
            Set.of(
                    BookKeeperClientStats.CHANNEL_ADD_OP,
                    BookKeeperClientStats.CHANNEL_WRITE_LAC_OP,
                    BookKeeperClientStats.CLIENT_CONNECT_TIMER);

    private final Consumer<BookieId> failed;

    /// @param failed is told on the client's threads, and must return at once
    RequestStats(Consumer<BookieId> failed) {
        this.failed = failed;
    }

    @Override
    public StatsLogger scope(String name) {
        return this;
    }

    @Override
    public StatsLogger scopeLabel(String label, String value) {
        return label.equals(BookKeeperClientStats.BOOKIE_LABEL)
                ? new OfBookie(BookieId.parse(value))
                : this;
    }

    /// The statistics of one bookie's channels.
    private final class OfBookie extends NullStatsLogger {
        private final BookieId bookie;

        OfBookie(BookieId bookie) {
            this.bookie = bookie;
        }

        @Override
        public OpStatsLogger getOpStatsLogger(String name) {
            OpStatsLogger nothing = super.getOpStatsLogger(name);
            return WRITES.contains(name) ? new Requests(bookie, nothing) : nothing;
        }
    }

    private final class Requests implements OpStatsLogger {
        private final BookieId bookie;
        private final OpStatsLogger nothing;

        Requests(BookieId bookie, OpStatsLogger nothing) {
            this.bookie = bookie;
            this.nothing = nothing;
        }

        @Override
        public void registerFailedEvent(long latency, TimeUnit unit) {
            failed.accept(bookie);
        }

        @Override
        public void registerSuccessfulEvent(long latency, TimeUnit unit) {
            // Nobody asks.
        }

        @Override
        public void registerSuccessfulValue(long value) {
            // Counts nothing.
        }

        @Override
        public void registerFailedValue(long value) {
            // Counts nothing.
        }

        @Override
        public OpStatsData toOpStatsData() {
            return nothing.toOpStatsData();
        }

        @Override
        public void clear() {
            // Keeps nothing.
        }
    }
}

package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.LogsRecord.LedgerRef;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import org.apache.bookkeeper.client.BKException;
import org.apache.bookkeeper.client.BookKeeper;
import org.apache.bookkeeper.client.BookKeeperAdmin;
import org.apache.bookkeeper.client.LedgerHandle;
import org.apache.bookkeeper.client.api.DigestType;
import org.apache.bookkeeper.client.api.LedgerMetadata;
import org.apache.bookkeeper.client.api.ReadHandle;
import org.apache.bookkeeper.conf.ClientConfiguration;
import org.apache.bookkeeper.net.BookieId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/// BookKeeper's client: creates, opens and deletes ledgers, with the settings that our logs need.
final class Ledgers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledgers.class);

    /// Guards against mix-ups between programs, not against attackers.
    private static final byte[] PASSWORD = "slipway".getBytes(StandardCharsets.UTF_8);

    /// After so long without a new entry the writer tells bookies how far the ledger is confirmed;
    /// until then readers are one entry behind.
    private static final int EXPLICIT_LAC_MS = 20;

    private static final int REQUEST_TIMEOUT_SECONDS = 5;
    private static final int CONNECT_TIMEOUT_MS = 3_000;
    private static final int SPECULATIVE_READ_MS = 500;
    private static final int SESSION_TIMEOUT_MS = 10_000;
    private static final int THREADS = 2;

    private final LogsSettings settings;
    private final Bookies bookies;
    private final BookKeeper client;
    private final BookKeeperAdmin admin;
    private final AtomicLong created = new AtomicLong();

    private Ledgers(
            LogsSettings settings, Bookies bookies, BookKeeper client, BookKeeperAdmin admin) {
        this.settings = settings;
        this.bookies = bookies;
        this.client = client;
        this.admin = admin;
    }

    /// @throws SlipwayException STORAGE_FAILED when there is no BookKeeper cluster there
    static Ledgers open(LogsSettings settings, Clock clock) throws InterruptedException {
        var bookies = new Bookies(clock);
        var configuration = configuration(settings);
        try {
            BookKeeper client =
                    BookKeeper.forConfig(configuration)
                            .statsLogger(new RequestStats(bookies::failed))
                            .build();
            var admin = new BookKeeperAdmin(client, configuration);
            admin.watchWritableBookiesChanged(now -> bookies.registered(now.getValue()));
            // The first word of the watch comes some time; a leader writes at once.
            bookies.registeredAtFirst(Set.copyOf(admin.getAvailableBookies()));
            return new Ledgers(settings, bookies, client, admin);
        } catch (BKException | IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "no BookKeeper at %s: %s. Is ZooKeeper running, and was a bookie started once?"
                            .formatted(settings.ledgersUri(), problem.getMessage()),
                    problem);
        }
    }

    private static ClientConfiguration configuration(LogsSettings settings) {
        var configuration = new ClientConfiguration();
        configuration.setMetadataServiceUri(settings.ledgersUri());
        configuration.setZkTimeout(SESSION_TIMEOUT_MS);
        // The default lets 5,000 requests a second through.
        configuration.setThrottleValue(0);
        // Or the loss of one of three bookies would end the writer's ledger.
        configuration.setDelayEnsembleChange(true);
        configuration.setExplictLacInterval(EXPLICIT_LAC_MS);
        configuration.setAddEntryTimeout(REQUEST_TIMEOUT_SECONDS);
        configuration.setReadEntryTimeout(REQUEST_TIMEOUT_SECONDS);
        configuration.setClientConnectTimeoutMillis(CONNECT_TIMEOUT_MS);
        configuration.setSpeculativeReadTimeout(SPECULATIVE_READ_MS);
        configuration.setFirstSpeculativeReadLACTimeout(SPECULATIVE_READ_MS);
        configuration.setNumIOThreads(THREADS);
        configuration.setNumWorkerThreads(THREADS);
        // Or RequestStats hears nothing of single bookies.
        configuration.setLimitStatsLogging(false);
        configuration.setEnsemblePlacementPolicy(ChosenBookies.class);
        return configuration;
    }

    Bookies bookies() {
        return bookies;
    }

    /// A ledger on live bookies, not yet in any list.
    ///
    /// @throws SlipwayException when too few bookies are alive
    Created create() throws InterruptedException {
        List<BookieId> chosen =
                bookies.choose(
                        settings.copies(), settings.leastCopies(), created.getAndIncrement());
        int acknowledged = Math.min(chosen.size(), Math.max(2, settings.leastCopies()));
        try {
            LedgerHandle handle =
                    client.createLedger(
                            chosen.size(),
                            chosen.size(),
                            acknowledged,
                            BookKeeper.DigestType.CRC32C,
                            PASSWORD,
                            ChosenBookies.metadata(chosen));
            return new Created(handle, chosen);
        } catch (BKException problem) {
            throw failed("a new ledger cannot be made", problem);
        }
    }

    /// @param bookies that it was put on
    record Created(LedgerHandle handle, List<BookieId> bookies) {}

    /// Opens a ledger for reading, without disturbing its writer.
    CompletableFuture<ReadHandle> tail(LedgerRef ledger) {
        return open(ledger, false);
    }

    /// Opens a ledger so that nobody can append to it any more, and its end is known.
    CompletableFuture<ReadHandle> recover(LedgerRef ledger) {
        return open(ledger, true);
    }

    private CompletableFuture<ReadHandle> open(LedgerRef ledger, boolean recovery) {
        return client.newOpenLedgerOp()
                .withLedgerId(ledger.id())
                .withDigestType(DigestType.CRC32C)
                .withPassword(PASSWORD)
                .withRecovery(recovery)
                .execute();
    }

    /// What BookKeeper knows about a ledger: which bookies have it, and its end when it is closed.
    LedgerMetadata metadata(long ledger) throws InterruptedException {
        return await("ledger %d is not known".formatted(ledger), client.getLedgerMetadata(ledger));
    }

    /// @return whether it is gone; when not, the reason is logged
    boolean delete(long ledger) throws InterruptedException {
        try {
            client.newDeleteLedgerOp().withLedgerId(ledger).execute().get();
            return true;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof BKException.BKNoSuchLedgerExistsException
                    || failed.getCause()
                            instanceof BKException.BKNoSuchLedgerExistsOnMetadataServerException) {
                return true;
            }
            LOG.warn("A ledger could not be deleted; it is tried again. ledger={}", ledger, failed);
            return false;
        }
    }

    /// Waits for an answer of BookKeeper, which bounds its requests in time.
    ///
    /// @param what was not possible, for the error's text
    static <T> T await(String what, CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw failed(what, failed.getCause() == null ? failed : failed.getCause());
        }
    }

    static SlipwayException failed(String what, Throwable cause) {
        if (cause instanceof BKException.BKLedgerFencedException
                || cause instanceof BKException.BKUnauthorizedAccessException) {
            return new SlipwayException(
                    ErrorCode.NOT_LEADER, what + ": another member writes the logs now", cause);
        }
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED, what + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        try {
            admin.close();
            client.close();
        } catch (BKException problem) {
            LOG.warn("BookKeeper's client did not end in order.", problem);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }
}

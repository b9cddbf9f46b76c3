package dev.slipway.coordinator.servers;

import dev.slipway.coordinator.settings.Address;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.apache.bookkeeper.conf.ServerConfiguration;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;

/// BookKeeper's settings for a bookie, where its own defaults do not fit.
final class BookieConfigurations {
    private static final int MIB = 1 << 20;
    private static final int SESSION_TIMEOUT_MS = 10_000;

    private BookieConfigurations() {}

    static ServerConfiguration of(BookieSettings settings, String id, Address address) {
        var to = new ServerConfiguration();
        to.setMetadataServiceUri(settings.zooKeeper().ledgersUri());
        to.setZkTimeout(SESSION_TIMEOUT_MS);
        to.setBookieId(id);
        listen(to, address);
        store(to, settings);
        recover(to, settings);
        // No second door, and few threads: this is one of several processes on its machine.
        to.setHttpServerEnabled(false);
        to.setServerNumIOThreads(2);
        to.setNumAddWorkerThreads(1);
        to.setNumReadWorkerThreads(2);
        to.setNumHighPriorityWorkerThreads(1);
        return to;
    }

    private static void listen(ServerConfiguration to, Address address) {
        to.setBookiePort(address.port());
        to.setAdvertisedAddress(ServerPorts.advertised(address));
        to.setAllowLoopback(true);
        try {
            NetworkInterface own = NetworkInterface.getByInetAddress(address.socket().getAddress());
            if (own != null) {
                // Only then is it the advertised address that is bound, not all of them.
                to.setListeningInterface(own.getName());
            }
        } catch (SocketException problem) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "--listen: the interfaces of this machine cannot be listed",
                    problem);
        }
    }

    private static void store(ServerConfiguration to, BookieSettings settings) {
        to.setJournalDirsName(new String[] {settings.data().resolve("journal").toString()});
        to.setLedgerDirNames(new String[] {settings.data().resolve("ledgers").toString()});
        // Acknowledged means synced.
        to.setJournalSyncData(true);
        to.setJournalWriteData(true);
        // A sync as soon as nothing more waits: entries that come meanwhile share the next one.
        to.setJournalFlushWhenQueueEmpty(true);
        // With these formats a bookie keeps how far an idle ledger is confirmed.
        to.setJournalFormatVersionToWrite(6);
        to.setFileInfoFormatVersionToWrite(1);
        to.setMaxJournalSizeMB(256);
        to.setMaxBackupJournals(2);
        to.setEntryLogSizeLimit(256L * MIB);
        to.setGcWaitTime(TimeUnit.MINUTES.toMillis(5));
        // Read-only before the disk is full; the writer then goes on without this one.
        to.setReadOnlyModeEnabled(true);
        to.setDiskUsageThreshold(0.95f);
        to.setDiskUsageWarnThreshold(0.90f);
        to.setDiskLowWaterMarkUsageThreshold(0.90f);
    }

    private static void recover(ServerConfiguration to, BookieSettings settings) {
        // AutoRecovery runs it.
        to.setAutoRecoveryDaemonEnabled(false);
        to.setLostBookieRecoveryDelay(Math.toIntExact(settings.lostAfter().toSeconds()));
        to.setAuditorPeriodicBookieCheckInterval(TimeUnit.HOURS.toSeconds(1));
        to.setAuditorPeriodicCheckInterval(TimeUnit.HOURS.toSeconds(1));
    }
}

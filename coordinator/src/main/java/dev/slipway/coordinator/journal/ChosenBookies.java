package dev.slipway.coordinator.journal;

import io.netty.util.HashedWheelTimer;

import org.apache.bookkeeper.client.BKException.BKNotEnoughBookiesException;
import org.apache.bookkeeper.client.BookiesHealthInfo;
import org.apache.bookkeeper.client.DistributionSchedule;
import org.apache.bookkeeper.client.EnsemblePlacementPolicy;
import org.apache.bookkeeper.conf.ClientConfiguration;
import org.apache.bookkeeper.feature.FeatureProvider;
import org.apache.bookkeeper.net.BookieId;
import org.apache.bookkeeper.net.DNSToSwitchMapping;
import org.apache.bookkeeper.proto.BookieAddressResolver;
import org.apache.bookkeeper.stats.StatsLogger;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Puts a ledger on exactly the bookies that its creator chose ({@link Bookies#choose}), who knows
/// better than ZooKeeper which of them answer. The choice travels in the ledger's own metadata, for
/// BookKeeper makes the policy by itself and gives it nothing else.
public final class ChosenBookies implements EnsemblePlacementPolicy {
    private static final String KEY = "slipway.bookies";

    private volatile Set<BookieId> writable = Set.of();

    /// The metadata of a ledger that is to be on these bookies.
    static Map<String, byte[]> metadata(List<BookieId> bookies) {
        return Map.of(
                KEY,
                bookies.stream()
                        .map(BookieId::toString)
                        .collect(Collectors.joining(","))
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public EnsemblePlacementPolicy initialize(
            ClientConfiguration settings,
            Optional<DNSToSwitchMapping> racks,
            HashedWheelTimer timer,
            FeatureProvider features,
            StatsLogger stats,
            BookieAddressResolver resolver) {
        return this;
    }

    @Override
    public void uninitalize() {
        // Holds nothing.
    }

    @Override
    public Set<BookieId> onClusterChanged(
            Set<BookieId> writableBookies, Set<BookieId> readOnlyBookies) {
        var gone = new HashSet<>(writable);
        gone.removeAll(writableBookies);
        gone.removeAll(readOnlyBookies);
        writable = Set.copyOf(writableBookies);
        return gone;
    }

    @Override
    public PlacementResult<List<BookieId>> newEnsemble(
            int ensembleSize,
            int writeQuorumSize,
            int ackQuorumSize,
            @Nullable Map<String, byte[]> metadata,
            Set<BookieId> excluded)
            throws BKNotEnoughBookiesException {
        byte[] chosen = metadata == null ? null : metadata.get(KEY);
        if (chosen == null) {
            throw new IllegalStateException("a ledger without chosen bookies");
        }
        List<BookieId> bookies =
                Arrays.stream(new String(chosen, StandardCharsets.UTF_8).split(","))
                        .map(BookieId::parse)
                        .filter(bookie -> !excluded.contains(bookie))
                        .toList();
        if (bookies.size() < ensembleSize) {
            throw new BKNotEnoughBookiesException();
        }
        return PlacementResult.of(bookies, PlacementPolicyAdherence.MEETS_STRICT);
    }

    /// Any other one, so that a ledger with failing bookies can go on until the writer rolls.
    @Override
    public PlacementResult<BookieId> replaceBookie(
            int ensembleSize,
            int writeQuorumSize,
            int ackQuorumSize,
            @Nullable Map<String, byte[]> metadata,
            List<BookieId> ensemble,
            BookieId replaced,
            Set<BookieId> excluded)
            throws BKNotEnoughBookiesException {
        var candidates = new ArrayList<>(writable);
        candidates.removeAll(ensemble);
        candidates.removeAll(excluded);
        if (candidates.isEmpty()) {
            throw new BKNotEnoughBookiesException();
        }
        return PlacementResult.of(candidates.getFirst(), PlacementPolicyAdherence.MEETS_STRICT);
    }

    @Override
    public void registerSlowBookie(BookieId bookie, long entry) {
        // Reads are rare and sequential: no bookie is avoided.
    }

    @Override
    public DistributionSchedule.WriteSet reorderReadSequence(
            List<BookieId> ensemble,
            BookiesHealthInfo health,
            DistributionSchedule.WriteSet writeSet) {
        return writeSet;
    }

    @Override
    public DistributionSchedule.WriteSet reorderReadLACSequence(
            List<BookieId> ensemble,
            BookiesHealthInfo health,
            DistributionSchedule.WriteSet writeSet) {
        writeSet.addMissingIndices(ensemble.size());
        return writeSet;
    }

    @Override
    public PlacementPolicyAdherence isEnsembleAdheringToPlacementPolicy(
            List<BookieId> ensemble, int writeQuorumSize, int ackQuorumSize) {
        return PlacementPolicyAdherence.MEETS_STRICT;
    }
}

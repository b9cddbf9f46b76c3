package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.blobs.BlobStore.Collected;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Removes what is not needed, although another coordinator may think that it leads, too, and any
/// process may stand still for any time between any two steps (ADR 13).
///
/// ```
/// collector of epoch n            whoever refers to the blob, as leader of epoch m
///   names what is needed            (before its first pin) writes epochs/m
///   writes GENERATION.doomed-n      writes pins/…
///   waits twice the medium's lag    looks for *.doomed-*: if there, the blob counts as missing
///   names what is needed again      records the reference
///   looks into epochs/ and pins/
///   deletes the generation, later what is said about it
/// ```
///
/// Of the two at least one sees the other. The collector spares what is pinned, and gives up when a
/// higher epoch has begun: then there are references that it may not know of. A generation that it
/// does delete has been seen as doomed by everybody since, so nobody has begun to need it.
final class BlobCollector {
    private static final Logger LOG = LoggerFactory.getLogger(BlobCollector.class);

    /// Generations in one round; what is more goes with the next.
    private static final int AT_ONCE = 10_000;

    private static final Duration PARTIAL_LIFE = Duration.ofHours(24);

    private final Medium medium;
    private final Pins pins;
    private final Parallel parallel;
    private final Duration grace;

    BlobCollector(Medium medium, Pins pins, Parallel parallel, Duration grace) {
        this.medium = medium;
        this.pins = pins;
        this.parallel = parallel;
        this.grace = grace;
    }

    /// @param kept bytes of what is still there
    /// @param complete whether the round came to its end
    record Result(Collected removed, long kept, boolean complete) {
        static final Result DEPOSED = new Result(Collected.NOTHING, 0, false);
    }

    /// One round, as the leader of an epoch.
    ///
    /// @param references asked once, after the round has begun
    Result round(long epoch, Supplier<Predicate<String>> references) throws IOException {
        Instant began = medium.now();
        var round = new Round(epoch, began, references.get());
        if (deposed(epoch)) {
            return Result.DEPOSED;
        }
        round.survey();
        Optional<Collected> removed = round.remove();
        if (removed.isEmpty()) {
            return Result.DEPOSED;
        }
        cleanUp(epoch, began);
        return new Result(removed.get(), round.bytes - removed.get().bytes(), true);
    }

    private boolean deposed(long epoch) throws IOException {
        var newer = new ArrayList<String>();
        medium.list(
                Names.EPOCHS,
                entry -> {
                    if (Names.epochOf(entry.name()) > epoch) {
                        newer.add(entry.name());
                    }
                });
        if (!newer.isEmpty()) {
            LOG.info(
                    "Another coordinator leads; this one removes no blobs. epoch={} newer={}",
                    epoch,
                    newer);
        }
        return !newer.isEmpty();
    }

    private void cleanUp(long epoch, Instant began) throws IOException {
        pins.removeEnded(began);
        medium.removeStaged(began.minus(PARTIAL_LIFE));
        var earlier = new ArrayList<String>();
        medium.list(
                Names.EPOCHS,
                entry -> {
                    if (Names.epochOf(entry.name()) < epoch) {
                        earlier.add(entry.name());
                    }
                });
        medium.delete(earlier);
    }

    /// A generation that nothing needs.
    private record Unneeded(Medium.Entry entry, String digest) {
        String name() {
            return entry.name();
        }
    }

    /// Somebody's wish to remove a generation.
    ///
    /// @param blob the generation
    private record Doom(String blob, String digest, long epoch, Instant since) {
        String name() {
            return Names.doomed(blob, epoch);
        }
    }

    /// What one round finds and does.
    private final class Round {
        private final long epoch;
        private final Instant began;
        private final Predicate<String> needed;
        private final List<Unneeded> unneeded = new ArrayList<>();

        /// By generation, then by epoch.
        private final Map<String, Map<Long, Doom>> dooms = new HashMap<>();

        private long bytes;

        Round(long epoch, Instant began, Predicate<String> needed) {
            this.epoch = epoch;
            this.began = began;
            this.needed = needed;
        }

        void survey() throws IOException {
            medium.list(
                    "", entry -> Names.parse(entry.name()).ifPresent(name -> enter(entry, name)));
        }

        private void enter(Medium.Entry entry, Names.Parsed name) {
            if (name.doomedBy().isPresent()) {
                long by = name.doomedBy().get();
                dooms.computeIfAbsent(name.blob(), blob -> new HashMap<>())
                        .put(by, new Doom(name.blob(), name.digest(), by, entry.modified()));
                return;
            }
            bytes += entry.size();
            if (!needed.test(name.digest())) {
                unneeded.add(new Unneeded(entry, name.digest()));
            }
        }

        /// @return nothing when this coordinator has been deposed
        Optional<Collected> remove() throws IOException {
            Predicate<String> pinned = pins.protectedAt(began);
            var due = new ArrayList<Unneeded>();
            var undoomed = new ArrayList<Unneeded>();
            for (Unneeded one : unneeded) {
                boolean young = one.entry().modified().plus(grace).isAfter(began);
                boolean enough = due.size() + undoomed.size() >= AT_ONCE;
                if (young || enough || pinned.test(one.digest())) {
                    continue;
                }
                Doom own = dooms.getOrDefault(one.name(), Map.of()).get(epoch);
                if (own == null) {
                    undoomed.add(one);
                } else if (!own.since().plus(medium.lag().multipliedBy(2)).isAfter(began)) {
                    due.add(one);
                }
            }
            takeBack(pinned);
            parallel.each(
                    undoomed, one -> medium.write(Names.doomed(one.name(), epoch), new byte[0]));
            if (medium.lag().isZero()) {
                due.addAll(undoomed);
            }
            return due.isEmpty() ? Optional.of(Collected.NOTHING) : remove(due);
        }

        private Optional<Collected> remove(List<Unneeded> due) throws IOException {
            Predicate<String> pinned = pins.protectedAt(began);
            if (deposed(epoch)) {
                return Optional.empty();
            }
            var gone = new ArrayList<String>();
            var spared = new ArrayList<String>();
            long freed = 0;
            for (Unneeded one : due) {
                if (pinned.test(one.digest())) {
                    spared.add(Names.doomed(one.name(), epoch));
                } else {
                    gone.add(one.name());
                    freed += one.entry().size();
                }
            }
            medium.delete(gone);
            medium.delete(spared);
            if (medium.lag().isZero()) {
                medium.delete(gone.stream().map(name -> Names.doomed(name, epoch)).toList());
            }
            return Optional.of(new Collected(gone.size(), freed));
        }

        /// Takes wishes back that mean nothing any more.
        private void takeBack(Predicate<String> pinned) throws IOException {
            var there = new HashSet<String>();
            unneeded.forEach(one -> there.add(one.name()));
            medium.delete(
                    dooms.values().stream()
                            .flatMap(all -> all.values().stream())
                            .filter(doom -> doom.epoch() <= epoch)
                            .filter(doom -> isOver(doom, there, pinned))
                            .map(Doom::name)
                            .toList());
        }

        /// A leader's own wish is over when the blob is needed again, or pinned. That of the leader
        /// of an earlier epoch only when the blob is needed: that one cannot have come to its end,
        /// and cannot any more, since this epoch has begun. When the generation is gone, the wish
        /// stays for a while: somebody may still see the generation.
        private boolean isOver(Doom doom, Set<String> there, Predicate<String> pinned) {
            if (needed.test(doom.digest())) {
                return true;
            }
            if (there.contains(doom.blob())) {
                return doom.epoch() == epoch && pinned.test(doom.digest());
            }
            return !doom.since().plus(grace).isAfter(began);
        }
    }
}

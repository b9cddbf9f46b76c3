package dev.slipway.coordinator.blobs;

import dev.slipway.coordinator.blobs.BlobStore.Collected;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Removes what is not needed, although another coordinator may think that it leads, too, and any
/// process may stand still for any time between any two steps (ADR 12).
///
/// ```
/// collector of epoch n            whoever refers to the blob, as leader of epoch m
///   names what is needed            (before its first pin) writes epochs/m
///   writes GENERATION.doomed-n      writes pins/…
///   waits for the medium's lag      looks for *.doomed-*: if there, the blob counts as missing
///   names what is needed again      records the reference
///   looks into epochs/ and pins/
///   deletes the generation
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

    /// A generation that nothing needs.
    private record Unneeded(Medium.Entry entry, String digest) {
        String name() {
            return entry.name();
        }
    }

    /// What is there.
    private static final class Survey {
        final List<Unneeded> unneeded = new ArrayList<>();

        /// Generation → epoch → since when its leader wants to remove it.
        final Map<String, Map<Long, Instant>> doomed = new HashMap<>();

        long bytes;
    }

    Result round(long epoch, Supplier<Predicate<String>> references) throws IOException {
        Instant began = medium.now();
        Predicate<String> needed = references.get();
        if (deposed(epoch)) {
            return Result.DEPOSED;
        }
        Survey survey = survey(needed);
        Predicate<String> pinned = pins.protectedAt(began);
        var due = new ArrayList<Unneeded>();
        var undoomed = new ArrayList<Unneeded>();
        for (Unneeded one : survey.unneeded) {
            boolean young = one.entry().modified().plus(grace).isAfter(began);
            if (young || pinned.test(one.digest()) || due.size() + undoomed.size() >= AT_ONCE) {
                continue;
            }
            Instant since = survey.doomed.getOrDefault(one.name(), Map.of()).get(epoch);
            if (since == null) {
                undoomed.add(one);
            } else if (!since.plus(medium.lag()).isAfter(began)) {
                due.add(one);
            }
        }
        spare(epoch, survey, pinned);
        parallel.each(
                undoomed, one -> medium.write(Names.doomed(one.name(), epoch), new byte[0]));
        if (medium.lag().isZero()) {
            due.addAll(undoomed);
        }
        Collected removed = remove(epoch, due, began, survey);
        if (removed == null) {
            return Result.DEPOSED;
        }
        cleanUp(epoch, began);
        return new Result(removed, survey.bytes - removed.bytes(), true);
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

    private Survey survey(Predicate<String> needed) throws IOException {
        var survey = new Survey();
        medium.list(
                "",
                entry ->
                        Names.parse(entry.name())
                                .ifPresent(name -> enter(survey, entry, name, needed)));
        return survey;
    }

    private static void enter(
            Survey survey, Medium.Entry entry, Names.Parsed name, Predicate<String> needed) {
        if (name.doomedBy().isPresent()) {
            survey.doomed
                    .computeIfAbsent(name.blob(), blob -> new HashMap<>())
                    .put(name.doomedBy().get(), entry.modified());
            return;
        }
        survey.bytes += entry.size();
        if (!needed.test(name.digest())) {
            survey.unneeded.add(new Unneeded(entry, name.digest()));
        }
    }

    /// Takes back what this leader meant to remove and is needed again, or pinned. What the leader
    /// of an earlier epoch said is taken back only when the blob is needed: that one cannot have
    /// decided then, and cannot any more, since this epoch has begun. What is said about a
    /// generation that is gone means nothing.
    private void spare(long epoch, Survey survey, Predicate<String> pinned) throws IOException {
        var unneeded = new HashMap<String, String>();
        survey.unneeded.forEach(one -> unneeded.put(one.name(), one.digest()));
        var taken = new ArrayList<String>();
        survey.doomed.forEach(
                (blob, epochs) -> {
                    String digest = unneeded.get(blob);
                    for (long by : epochs.keySet()) {
                        boolean back =
                                digest == null ? by <= epoch : by == epoch && pinned.test(digest);
                        if (back) {
                            taken.add(Names.doomed(blob, by));
                        }
                    }
                });
        medium.delete(taken);
    }

    /// @return nothing when this coordinator has been deposed
    private @Nullable Collected remove(
            long epoch, List<Unneeded> due, Instant began, Survey survey) throws IOException {
        if (due.isEmpty()) {
            return Collected.NOTHING;
        }
        Predicate<String> pinned = pins.protectedAt(began);
        if (deposed(epoch)) {
            return null;
        }
        var gone = new ArrayList<String>();
        var said = new ArrayList<String>();
        long bytes = 0;
        for (Unneeded one : due) {
            said.add(Names.doomed(one.name(), epoch));
            if (!pinned.test(one.digest())) {
                gone.add(one.name());
                bytes += one.entry().size();
                survey.doomed
                        .getOrDefault(one.name(), Map.of())
                        .keySet()
                        .forEach(by -> said.add(Names.doomed(one.name(), by)));
            }
        }
        medium.delete(gone);
        medium.delete(said.stream().distinct().toList());
        return new Collected(gone.size(), bytes);
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
}

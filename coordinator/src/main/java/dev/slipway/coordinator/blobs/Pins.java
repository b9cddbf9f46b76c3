package dev.slipway.coordinator.blobs;

import dev.slipway.id.Ids;
import dev.slipway.time.Clock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// What somebody is about to refer to, written where every collector looks: objects with lists of
/// digests, which hold for one and a half grace periods by the medium's clock. Safe for many
/// threads.
///
/// A pin of this process is believed for half a grace period without asking again; so whoever was
/// told that a blob is held has at least one grace period left.
final class Pins {
    private static final int MOST_REMEMBERED = 1_000_000;

    private final Medium medium;
    private final Clock clock;
    private final Ids ids;
    private final Duration grace;

    private final Map<String, Pinned> pinned = new ConcurrentHashMap<>();

    /// What pin objects say; an object never changes.
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();

    /// When a pin was made. Both clocks must agree that it is recent: the one stands still while
    /// the machine sleeps, the other can be set.
    record Moment(Duration uptime, Instant now) {}

    /// A blob that this process has pinned and found.
    private record Pinned(long size, Moment moment) {}

    Pins(Medium medium, Clock clock, Ids ids, Duration grace) {
        this.medium = medium;
        this.clock = clock;
        this.ids = ids;
        this.grace = grace;
    }

    /// Protects digests, whether they are held or not.
    ///
    /// @return from when on
    Moment protect(Collection<String> digests) throws IOException {
        var moment = new Moment(clock.uptime(), clock.now());
        String name = Names.PINS + ids.fresh();
        List<String> content = List.copyOf(digests);
        known.put(name, content);
        medium.write(name, String.join("\n", content).getBytes(StandardCharsets.UTF_8));
        return moment;
    }

    /// Notes that the blob was found held after {@link #protect}, which may be long ago: the
    /// process may have stood still.
    void remember(BlobRef blob, Moment moment) {
        if (pinned.size() >= MOST_REMEMBERED) {
            pinned.clear();
        }
        pinned.put(blob.sha256(), new Pinned(blob.size(), moment));
    }

    /// Whether this process has pinned the blob, and found it, so recently that nobody removed it.
    boolean holds(BlobRef blob) {
        Pinned pin = pinned.get(blob.sha256());
        return pin != null && pin.size() == blob.size() && recent(pin.moment(), grace.dividedBy(2));
    }

    private boolean recent(Moment moment, Duration age) {
        return clock.uptime().minus(moment.uptime()).compareTo(age) < 0
                && Duration.between(moment.now(), clock.now()).abs().compareTo(age) < 0;
    }

    /// Reads all pins.
    ///
    /// @param began by the medium's clock; what had ended by then protects no longer
    /// @return whether a digest is protected
    Predicate<String> protectedAt(Instant began) throws IOException {
        Set<String> digests = new HashSet<>();
        for (String name : list(began, true)) {
            digests.addAll(content(name));
        }
        return digest -> digests.contains(digest) || pinnedHere(digest);
    }

    /// Does not end when the machine sleeps for a night between a pin and its reference.
    private boolean pinnedHere(String digest) {
        Pinned pin = pinned.get(digest);
        return pin != null && clock.uptime().minus(pin.moment().uptime()).compareTo(grace) < 0;
    }

    private List<String> list(Instant began, boolean wanted) throws IOException {
        Instant oldest = began.minus(grace).minus(grace.dividedBy(2));
        var names = new ArrayList<String>();
        medium.list(
                Names.PINS,
                entry -> {
                    if (entry.modified().isBefore(oldest) != wanted) {
                        names.add(entry.name());
                    }
                });
        return names;
    }

    private List<String> content(String name) throws IOException {
        List<String> digests = known.get(name);
        if (digests == null) {
            try {
                digests = new String(medium.read(name), StandardCharsets.UTF_8).lines().toList();
            } catch (NoSuchFileException ended) {
                return List.of();
            }
            known.put(name, digests);
        }
        return digests;
    }

    /// Drops what protects no longer.
    void removeEnded(Instant began) throws IOException {
        List<String> ended = list(began, false);
        medium.delete(ended);
        ended.forEach(known::remove);
        pinned.values().removeIf(pin -> !recent(pin.moment(), grace));
    }
}

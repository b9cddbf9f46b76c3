package dev.slipway.coordinator.journal;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import org.apache.bookkeeper.net.BookieId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/// Which bookies a ledger can be written to: those that are registered, without those whose writes
/// failed lately. A dead bookie stays registered until its ZooKeeper session ends, and one that
/// only the leader cannot reach stays registered for ever.
///
/// Safe for many threads; listeners are told on BookKeeper's threads and return at once.
final class Bookies {
    private static final Logger LOG = LoggerFactory.getLogger(Bookies.class);

    /// Longer than it takes until a dead bookie is no longer registered. Doubled each time.
    private static final Duration FIRST_DOUBT = Duration.ofSeconds(15);

    private static final Duration LONGEST_DOUBT = Duration.ofMinutes(5);

    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<BookieId, Doubt> doubts = new HashMap<>();
    private Set<BookieId> registered = Set.of();

    /// @param length of the next doubt
    private record Doubt(Duration until, Duration length) {}

    Bookies(Clock clock) {
        this.clock = clock;
    }

    /// Tells when another choice may be better than before.
    void listen(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /// Who is registered as writable now. One that was away and is back is trusted again.
    void registered(Set<BookieId> now) {
        synchronized (this) {
            doubts.keySet()
                    .removeIf(bookie -> !now.contains(bookie) || !registered.contains(bookie));
            registered = Set.copyOf(now);
        }
        listeners.forEach(Runnable::run);
    }

    /// Who is registered, unless that is known already.
    synchronized void registeredAtFirst(Set<BookieId> now) {
        if (registered.isEmpty()) {
            registered = Set.copyOf(now);
        }
    }

    /// A write to this one has failed. The doubt ends by time, not by a success: answers to
    /// requests sent before the failure may still come in.
    void failed(BookieId bookie) {
        synchronized (this) {
            Duration now = clock.uptime();
            Doubt old = doubts.get(bookie);
            if (!registered.contains(bookie)) {
                return; // Nobody would choose it, and when it is back it is a fresh start.
            }
            if (old != null && old.until().compareTo(now) > 0) {
                return;
            }
            Duration length = old == null ? FIRST_DOUBT : old.length();
            Duration next = length.multipliedBy(2);
            doubts.put(
                    bookie,
                    new Doubt(
                            now.plus(length),
                            next.compareTo(LONGEST_DOUBT) > 0 ? LONGEST_DOUBT : next));
        }
        LOG.warn("A bookie does not take writes; going on without it. bookie={}", bookie);
        listeners.forEach(Runnable::run);
    }

    /// Trusts everyone again: writes also fail at bookies in order when somebody else fenced them.
    synchronized void trust() {
        doubts.clear();
    }

    /// The bookies that can be written to.
    synchronized Set<BookieId> alive() {
        Duration now = clock.uptime();
        var alive = new TreeSet<BookieId>(Comparator.comparing(BookieId::toString));
        for (BookieId bookie : registered) {
            Doubt doubt = doubts.get(bookie);
            if (doubt == null || doubt.until().compareTo(now) <= 0) {
                alive.add(bookie);
            }
        }
        return alive;
    }

    /// The bookies for a new ledger.
    ///
    /// @param spread decides between equals; another one for each ledger
    /// @return `copies` of them, or as many as are alive but at least `leastCopies`
    /// @throws SlipwayException STORAGE_FAILED when fewer are alive
    List<BookieId> choose(int copies, int leastCopies, long spread) {
        var alive = new ArrayList<>(alive());
        if (alive.size() < leastCopies) {
            throw tooFew(alive, leastCopies);
        }
        Collections.rotate(alive, Math.floorMod(spread, alive.size()));
        return alive.subList(0, Math.min(copies, alive.size()));
    }

    private synchronized SlipwayException tooFew(List<BookieId> alive, int least) {
        var silent = new ArrayList<>(registered);
        silent.removeAll(alive);
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                ("writing needs %d bookies and %d can be written to (%s; not answering: %s)."
                                + " Reading goes on; start the missing bookies, or others.")
                        .formatted(least, alive.size(), names(alive), names(silent)));
    }

    private static String names(List<BookieId> bookies) {
        return bookies.isEmpty()
                ? "none"
                : String.join(", ", bookies.stream().map(BookieId::toString).sorted().toList());
    }
}

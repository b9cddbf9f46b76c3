package dev.slipway.coordinator.notify;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.EventListener;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Delivers what rules owe, at least once, as long as this coordinator leads. What is owed is the
/// farm's state: a message goes only when the journal has that it was taken, so whoever leads next
/// goes on where this one stopped, and the receiver knows a repeated message by its key.
///
/// Of each rule one message is under way, the oldest first; a destination that fails holds up only
/// its own rule. At most {@link #AT_ONCE} are under way in all. How long a rule pauses after a try
/// in vain is forgotten with the reign: then it is tried at once.
///
/// ```
/// committed ─▶ bell ─▶ loop: heads of the rules that are due ─▶ a thread each: send, tell engine
///                       ▲                                              │
///                       └───────────────── bell ◀──────────────────────┘
/// ```
public final class Notifier implements EventListener, AutoCloseable {
    static final int AT_ONCE = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Engine engine;
    private final Sender sender;
    private final Authority authority;
    private final Backoff backoff;
    private final Clock clock;
    private final Timers timers;
    private final Threads threads;
    private final Bell bell = new Bell();
    private final Set<String> underWay = new HashSet<>();
    private final Map<Long, Duration> notBefore = new HashMap<>();
    private boolean closed;
    private @Nullable Thread loop;

    /// @param authority whether this coordinator certainly leads
    public record Parts(
            Engine engine,
            Sender sender,
            Authority authority,
            Backoff backoff,
            Clock clock,
            Timers timers,
            Threads threads) {}

    private record Owed(NotificationRule rule, Notification notification) {}

    public Notifier(Parts parts) {
        this.engine = parts.engine();
        this.sender = parts.sender();
        this.authority = parts.authority();
        this.backoff = parts.backoff();
        this.clock = parts.clock();
        this.timers = parts.timers();
        this.threads = parts.threads();
    }

    public void start() throws InterruptedException {
        engine.listen(this);
        loop = threads.start("notifications", this::loop);
    }

    @Override
    public void committed(long position, List<Event> events) {
        for (Event event : events) {
            if (event instanceof Event.OfNotification) {
                bell.ring();
                return;
            }
        }
    }

    private void loop() {
        try {
            while (true) {
                CountDownLatch change;
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    change = bell.next();
                }
                Timers.@Nullable Timer later = round();
                try {
                    change.await();
                } finally {
                    if (later != null) {
                        later.cancel();
                    }
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (SlipwayException over) {
            if (over.code() != ErrorCode.NOT_LEADER) {
                throw over;
            }
        }
    }

    /// Starts what is due.
    ///
    /// @return rings when the next one is; null when nothing waits for time to pass
    private Timers.@Nullable Timer round() throws InterruptedException {
        List<Owed> heads = heads();
        Duration now = clock.uptime();
        Duration next = null;
        synchronized (this) {
            notBefore.keySet().retainAll(ids(heads));
            for (Owed head : heads) {
                Duration due = notBefore.getOrDefault(head.notification.id(), now);
                Duration left = due.minus(now);
                if (underWay.contains(head.rule.name()) || underWay.size() >= AT_ONCE) {
                    continue;
                }
                if (!left.isPositive()) {
                    underWay.add(head.rule.name());
                    threads.start("notify-" + head.notification.id(), () -> deliver(head));
                } else if (next == null || left.compareTo(next) < 0) {
                    next = left;
                }
            }
        }
        return next == null ? null : timers.after(next, bell::ring);
    }

    private List<Owed> heads() throws InterruptedException {
        return engine.read(
                view -> {
                    var known = view.farm().notifications();
                    var heads = new ArrayList<Owed>();
                    for (Notification head : known.heads()) {
                        known.rule(head.rule()).ifPresent(rule -> heads.add(new Owed(rule, head)));
                    }
                    return heads;
                });
    }

    private static Set<Long> ids(List<Owed> heads) {
        var ids = new HashSet<Long>();
        heads.forEach(head -> ids.add(head.notification.id()));
        return ids;
    }

    private void deliver(Owed owed) {
        Notification it = owed.notification;
        try {
            while (!authority.valid()) {
                timers.pause(ASK_AGAIN);
                if (isClosed()) {
                    return;
                }
            }
            Outcome outcome = sender.send(owed.rule, it);
            tell(it, outcome);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                underWay.remove(owed.rule.name());
            }
            bell.ring();
        }
    }

    private void tell(Notification it, Outcome outcome) throws InterruptedException {
        switch (outcome) {
            case Outcome.Taken _ -> record(new Command.NotificationTried(it.id(), "", false));
            case Outcome.NotNow later -> {
                Duration pause = backoff.after(it.tries() + 1);
                Duration asked = later.after().orElse(Duration.ZERO);
                synchronized (this) {
                    notBefore.put(
                            it.id(),
                            clock.uptime().plus(asked.compareTo(pause) > 0 ? asked : pause));
                }
                warn(it, later.why());
                record(new Command.NotificationTried(it.id(), later.why(), false));
            }
            case Outcome.Never never -> {
                warn(it, never.why());
                record(new Command.NotificationTried(it.id(), never.why(), true));
            }
        }
    }

    private static void warn(Notification it, String why) {
        LOG.warn(
                "A notification was not taken. rule={} id={} tries={} why={}",
                it.rule(),
                it.id(),
                it.tries() + 1,
                why);
    }

    /// Until the engine has taken it or this reign is over: then the message is sent once more by
    /// whoever leads next.
    private void record(Command.NotificationTried tried) throws InterruptedException {
        while (!isClosed()) {
            try {
                engine.ask(tried);
                return;
            } catch (SlipwayException refused) {
                if (refused.code() == ErrorCode.NOT_LEADER) {
                    return;
                }
                timers.pause(ASK_AGAIN);
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /// Begins nothing more. A try that is under way ends by its own time-out and is not recorded.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        bell.ring();
        if (loop != null) {
            loop.interrupt();
        }
    }
}

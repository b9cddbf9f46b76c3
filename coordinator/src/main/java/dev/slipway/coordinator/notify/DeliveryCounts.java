package dev.slipway.coordinator.notify;

import dev.slipway.coordinator.engine.EventListener;
import dev.slipway.coordinator.model.Event;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Counts what became of notifications since the start of this process, from what is committed.
public final class DeliveryCounts implements EventListener {
    private final LongAdder delivered = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    @Override
    public void committed(long position, List<Event> events) {
        for (Event event : events) {
            switch (event) {
                case Event.NotificationDelivered _ -> delivered.increment();
                case Event.NotificationFailed e -> (e.dead() ? dead : retried).increment();
                case Event.NotificationDropped _ -> dropped.increment();
                default -> {
                    // Not about a notification's fate.
                }
            }
        }
    }

    public long delivered() {
        return delivered.sum();
    }

    public long retried() {
        return retried.sum();
    }

    public long dead() {
        return dead.sum();
    }

    public long dropped() {
        return dropped.sum();
    }
}

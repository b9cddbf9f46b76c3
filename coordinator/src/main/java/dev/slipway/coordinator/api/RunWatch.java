package dev.slipway.coordinator.api;

import dev.slipway.coordinator.engine.EventListener;
import dev.slipway.coordinator.model.Event;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Wakes those who watch a run when something of it was committed. What changed they read from the
/// tables, so a slow watcher skips states but misses none for good.
public final class RunWatch implements EventListener {
    private final Map<Long, List<Bell>> watchers = new ConcurrentHashMap<>();

    /// A watcher's place in the list.
    interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    Watching watch(long run, Bell bell) {
        watchers.compute(
                run,
                (key, old) -> {
                    List<Bell> all = old == null ? new CopyOnWriteArrayList<>() : old;
                    all.add(bell);
                    return all;
                });
        return () ->
                watchers.computeIfPresent(
                        run,
                        (key, all) -> {
                            all.remove(bell);
                            return all.isEmpty() ? null : all;
                        });
    }

    @Override
    public void committed(long position, List<Event> events) {
        if (watchers.isEmpty()) {
            return;
        }
        var runs = new HashSet<Long>();
        events.forEach(event -> Event.runOf(event).ifPresent(runs::add));
        for (long run : runs) {
            List<Bell> bells = watchers.get(run);
            if (bells != null) {
                bells.forEach(Bell::ring);
            }
        }
    }

    int watching() {
        return watchers.size();
    }
}

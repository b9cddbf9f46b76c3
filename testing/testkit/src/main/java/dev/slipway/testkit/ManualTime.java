package dev.slipway.testkit;

import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/// A clock and timers that stand still until a test moves them. Due actions run on the thread that
/// calls {@link #advance}, in order of their time, then of their creation. Safe for many threads.
public final class ManualTime implements Clock, Timers {
    /// Where every manual clock starts.
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private Duration elapsed = Duration.ZERO;
    private Duration skew = Duration.ZERO;
    private long created;

    @Override
    public synchronized Instant now() {
        return START.plus(elapsed).plus(skew);
    }

    @Override
    public synchronized Duration uptime() {
        return elapsed;
    }

    @Override
    public synchronized Timer after(Duration delay, Runnable action) {
        Duration due = elapsed.plus(delay.isNegative() ? Duration.ZERO : delay);
        var entry = new Entry(due, created++, action);
        entries.add(entry);
        return () -> {
            synchronized (this) {
                entries.remove(entry);
            }
        };
    }

    /// Moves time forward and runs whatever becomes due, including what those actions schedule.
    public void advance(Duration by) {
        Duration target;
        synchronized (this) {
            target = elapsed.plus(by);
        }
        while (runNext(target)) {
            // Each action may have scheduled another one before the target.
        }
    }

    /// Somebody sets the wall clock; uptime and timers know nothing of it.
    public synchronized void step(Duration by) {
        skew = skew.plus(by);
    }

    /// How many actions wait.
    public synchronized int waiting() {
        return entries.size();
    }

    private boolean runNext(Duration target) {
        Entry next;
        synchronized (this) {
            next = entries.peek();
            if (next == null || next.due.compareTo(target) > 0) {
                elapsed = target;
                return false;
            }
            entries.poll();
            elapsed = next.due;
        }
        next.action.run();
        return true;
    }

    private record Entry(Duration due, long order, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}

package dev.slipway.testkit;

import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/// A world with virtual time in which real, blocking code runs deterministically.
///
/// Every thread that the world starts is a virtual thread whose continuations wait in one queue;
/// {@link #runUntil} takes them from it one at a time, in an order that the seed decides, on the
/// calling thread. Nothing ever runs in parallel. When nothing is left to run, time jumps to the
/// next timer. The same seed gives the same run.
///
/// The custom scheduler is handed to the JDK through `java.lang.ThreadBuilders`, which needs
/// `--add-opens java.base/java.lang=ALL-UNNAMED` (set for the tests in the parent pom); tried on
/// JDK 25.
public final class SimulatedWorld {
    private static final Method NEW_VIRTUAL_THREAD = newVirtualThread();

    private final long seed;
    private final Random random;
    private final Ids ids;
    private final List<Ready> ready = new ArrayList<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private final List<String> trace = new ArrayList<>();
    private Duration elapsed = Duration.ZERO;
    private long created;
    private @Nullable Throwable escaped;

    public SimulatedWorld(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.ids = new SeededIds(seed ^ 0x5DEECE66DL);
    }

    public long seed() {
        return seed;
    }

    /// The world's source of choices; only for code that runs inside the world.
    public Random random() {
        return random;
    }

    public Ids ids() {
        return ids;
    }

    /// Notes something that happened; two runs of one seed must note the same.
    public void note(String what) {
        trace.add("%s %s".formatted(elapsed, what));
    }

    /// Everything noted so far, each with its virtual time.
    public List<String> trace() {
        return List.copyOf(trace);
    }

    /// The world's own clock, for what belongs to no node.
    public Clock clock() {
        return skewedClock(Duration.ZERO);
    }

    /// A clock whose wall time is off by `skew`; its uptime is the world's.
    public Clock skewedClock(Duration skew) {
        return new Clock() {
            @Override
            public Instant now() {
                return ManualTime.START.plus(elapsed).plus(skew);
            }

            @Override
            public Duration uptime() {
                return elapsed;
            }
        };
    }

    /// A process of this world that can be killed.
    public Node node(String name) {
        return new Node(name);
    }

    /// One process: its threads and timers live and die together.
    public final class Node {
        private final String name;
        private boolean killed;

        private Node(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        /// As `kill -9` does: from now on no thread of this node runs another step, and no timer of
        /// it fires. What the threads held stays as it is.
        public void kill() {
            killed = true;
            note(name + " killed");
        }

        public boolean killed() {
            return killed;
        }

        public Timers timers() {
            return (delay, action) -> {
                Duration due = elapsed.plus(delay.isNegative() ? Duration.ZERO : delay);
                var entry = new Due(due, created++, this, action);
                timers.add(entry);
                return () -> timers.remove(entry);
            };
        }

        /// Threads of this node; owners of state are virtual threads too.
        public Threads threads() {
            return new Threads() {
                @Override
                public Thread start(String threadName, Runnable body) {
                    Thread thread = unstarted(Node.this, threadName, body);
                    thread.start();
                    return thread;
                }

                @Override
                public Thread startOwner(String threadName, Runnable body) {
                    return start(threadName, body);
                }
            };
        }
    }

    /// Runs the world until the condition holds.
    ///
    /// @throws AssertionError when an exception escaped a thread, when nothing is left that could
    ///   ever run, or when `limit` of virtual time has gone by; its message names the seed
    public void runUntil(BooleanSupplier condition, Duration limit) {
        Duration end = elapsed.plus(limit);
        while (!condition.getAsBoolean()) {
            if (escaped != null) {
                throw new AssertionError("seed %d: a thread ended badly".formatted(seed), escaped);
            }
            if (!step(end)) {
                throw new AssertionError(
                        "seed %d: the condition did not hold within %s of virtual time (now %s)"
                                .formatted(seed, limit, elapsed));
            }
        }
    }

    private boolean step(Duration end) {
        if (!ready.isEmpty()) {
            int chosen = random.nextInt(ready.size());
            Ready task = ready.get(chosen);
            Ready last = ready.removeLast();
            if (chosen < ready.size()) {
                ready.set(chosen, last);
            }
            if (!task.node.killed) {
                task.continuation.run();
            }
            return true;
        }
        Due next = timers.peek();
        if (next == null || next.due.compareTo(end) > 0) {
            return false;
        }
        timers.poll();
        elapsed = next.due;
        if (!next.node.killed) {
            next.action.run();
        }
        return true;
    }

    private Thread unstarted(Node node, String name, Runnable body) {
        Runnable guarded =
                () -> {
                    try {
                        body.run();
                    } catch (RuntimeException | Error problem) {
                        escaped = problem;
                    }
                };
        Executor scheduler = continuation -> ready.add(new Ready(node, continuation));
        try {
            return (Thread)
                    NEW_VIRTUAL_THREAD.invoke(null, scheduler, node.name + "/" + name, 0, guarded);
        } catch (IllegalAccessException | InvocationTargetException problem) {
            throw new IllegalStateException("cannot make a simulated thread", problem);
        }
    }

    private static Method newVirtualThread() {
        try {
            Method method =
                    Class.forName("java.lang.ThreadBuilders")
                            .getDeclaredMethod(
                                    "newVirtualThread",
                                    Executor.class,
                                    String.class,
                                    int.class,
                                    Runnable.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException problem) {
            throw new IllegalStateException(
                    "This JVM has no scheduler hook for virtual threads. Run it with"
                            + " --add-opens java.base/java.lang=ALL-UNNAMED on JDK 25.",
                    problem);
        }
    }

    private record Ready(Node node, Runnable continuation) {}

    private record Due(Duration due, long order, Node node, Runnable action)
            implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}

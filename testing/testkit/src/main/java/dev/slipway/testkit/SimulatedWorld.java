package dev.slipway.testkit;

import dev.slipway.id.Ids;
import dev.slipway.testkit.WorldThreads.Started;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A world with virtual time in which real, blocking code runs deterministically.
///
/// Every thread that the world starts is a virtual thread whose continuations wait in one queue;
/// {@link #runUntil} takes them from it one at a time, in an order that the seed decides, on the
/// calling thread. Nothing ever runs in parallel. When nothing is left to run, time jumps to the
/// next timer. The same seed gives the same run.
///
/// Code in the world must not wait in `Object.wait` nor block while it holds a monitor that another
/// thread wants: the JDK then resumes virtual threads from a thread of its own, which no seed
/// orders. But monitors inside the JDK are wanted by the JVM's own threads as well, by the cleaner
/// of lost files for one: for those the whole world stands still until the JVM lets go, so that its
/// order does not depend on when that happens.
///
/// Its threads come from {@link VirtualThreads}, which needs a flag of the JVM.
public final class SimulatedWorld {
    private final long seed;
    private final Random random;
    private final Ids ids;
    private final MachineClock clock = machine(Duration.ZERO, 1, Duration.ZERO);
    private final Thread here = Thread.currentThread();
    private final List<Task> ready = new ArrayList<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private final List<String> trace = new ArrayList<>();
    private final WorldThreads threads = new WorldThreads();

    /// What goes on although nothing in the world has let it.
    private final BlockingQueue<Task> returned = new LinkedBlockingQueue<>();

    private @Nullable Thread running;
    private Duration patience = Duration.ofSeconds(10);
    private Duration elapsed = Duration.ZERO;
    private long created;
    private long steps;
    private long choices;
    private Runnable afterStep = () -> {};
    private @Nullable Throwable escaped;

    public SimulatedWorld(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.ids = new SeededIds(seed ^ 0x5DEECE66DL);
    }

    public long seed() {
        return seed;
    }

    /// How long the JVM may take, in real time, to let go of what one of its threads holds.
    void patience(Duration atMost) {
        patience = atMost;
    }

    /// The world's source of choices; only for code that runs inside the world.
    public Random random() {
        return random;
    }

    public Ids ids() {
        return ids;
    }

    /// Notes something that happened. Each note also holds a digest of all choices of threads until
    /// then: two runs of one seed must note the same, and differ as soon as their orders differ.
    public void note(String what) {
        trace.add("%s %08x %s".formatted(elapsed, (int) (choices ^ choices >>> 32), what));
    }

    /// Everything noted so far, each with its virtual time.
    public List<String> trace() {
        return List.copyOf(trace);
    }

    /// How often a thread or a timer has been let run.
    public long steps() {
        return steps;
    }

    /// Calls this after every step of any thread and every timer, on the thread of {@link
    /// #runUntil}; what it throws ends the run.
    public void afterEveryStep(Runnable check) {
        afterStep = check;
    }

    /// The true clock, for what belongs to no machine.
    public Clock clock() {
        return clock;
    }

    /// The clocks of a machine.
    ///
    /// @param skew how far its wall clock is ahead
    /// @param rate local seconds per true second: 1.01 is a clock that runs 1 % fast
    /// @param booted its uptime at the beginning of the world
    public MachineClock machine(Duration skew, double rate, Duration booted) {
        return new MachineClock(() -> elapsed, skew, rate, booted);
    }

    /// A process on a machine with true clocks.
    public Node node(String name) {
        return new Node(name, clock);
    }

    /// What was waited for did not happen.
    public static final class Stuck extends AssertionError {
        private static final long serialVersionUID = 1L;

        private Stuck(String message) {
            super(message);
        }
    }

    /// A process of this world that can be stopped and killed.
    public Node node(String name, MachineClock machine) {
        return new Node(name, machine);
    }

    /// One process: its threads and timers live, stop and die together.
    public final class Node {
        private final String name;
        private final MachineClock machine;
        private final List<Task> heldTasks = new ArrayList<>();
        private final List<Due> heldTimers = new ArrayList<>();
        private final List<Due> heldArrivals = new ArrayList<>();
        private boolean killed;
        private boolean stopped;

        private Node(String name, MachineClock machine) {
            this.name = name;
            this.machine = machine;
        }

        public String name() {
            return name;
        }

        /// Its machine's clocks.
        public MachineClock clock() {
            return machine;
        }

        /// As `kill -9` does: from now on no thread of this node runs another step, and no timer of
        /// it fires. What the threads held stays as it is.
        public void kill() {
            killed = true;
            heldTasks.clear();
            heldTimers.clear();
            heldArrivals.clear();
        }

        public boolean killed() {
            return killed;
        }

        /// As `SIGSTOP` does: nothing of this node happens until {@link #resume}.
        public void stop() {
            stopped = true;
        }

        public boolean stopped() {
            return stopped;
        }

        /// As `SIGCONT` does: threads go on, and whatever became due or arrived meanwhile happens
        /// now. The order among timers and that among arrivals are kept, but either may come first.
        public void resume() {
            if (!stopped) {
                return;
            }
            stopped = false;
            ready.addAll(heldTasks);
            heldTasks.clear();
            boolean timersFirst = random.nextBoolean();
            Duration later = elapsed.plusNanos(1);
            heldTimers.forEach(due -> timers.add(due.at(timersFirst ? elapsed : later)));
            heldArrivals.forEach(due -> timers.add(due.at(timersFirst ? later : elapsed)));
            heldTimers.clear();
            heldArrivals.clear();
        }

        /// Timers that count as this node's machine does.
        public Timers timers() {
            return (delay, action) -> add(machine.trueTime(delay), action, heldTimers);
        }

        /// Runs an action on this node after so much true time: something arrives from outside.
        public Timers.Timer after(Duration trueTime, Runnable action) {
            return add(trueTime, action, heldArrivals);
        }

        /// @param held where it waits while the node is stopped
        private Timers.Timer add(Duration trueTime, Runnable action, List<Due> held) {
            Duration due = elapsed.plus(trueTime.isNegative() ? Duration.ZERO : trueTime);
            var entry = new Due(due, created++, this, action, held);
            timers.add(entry);
            return () -> {
                if (!timers.removeIf(other -> other.order == entry.order)) {
                    held.removeIf(other -> other.order == entry.order);
                }
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
    /// @throws Stuck when nothing is left that could ever run, or when `limit` of virtual time has
    ///   gone by; its message names the seed
    /// @throws AssertionError when an exception escaped a thread
    public void runUntil(BooleanSupplier condition, Duration limit) {
        Duration end = elapsed.plus(limit);
        while (!condition.getAsBoolean()) {
            if (!step(end)) {
                throw new Stuck(
                        ("seed %d: the condition did not hold within %s of virtual time (now %s,"
                                        + " next: %s)")
                                .formatted(seed, limit, elapsed, next()));
            }
            if (escaped != null) {
                throw new AssertionError("seed %d: a thread ended badly".formatted(seed), escaped);
            }
            afterStep.run();
        }
    }

    /// Who would act next, for people.
    private String next() {
        return timers.stream()
                .sorted()
                .limit(10)
                .map(due -> "%s at %s".formatted(due.node.name, due.due))
                .toList()
                .toString();
    }

    private boolean step(Duration end) {
        steps++;
        if (!returned.isEmpty()) {
            escaped =
                    new IllegalStateException(
                            "%s goes on although nothing in the world has let it"
                                    .formatted(returned.remove().of.thread().getName()));
            return true;
        }
        if (!ready.isEmpty()) {
            int chosen = random.nextInt(ready.size());
            choices = choices * 31 + chosen;
            Task task = ready.get(chosen);
            Task last = ready.removeLast();
            if (chosen < ready.size()) {
                ready.set(chosen, last);
            }
            if (task.node.stopped && !task.node.killed) {
                task.node.heldTasks.add(task);
            } else if (!task.node.killed) {
                choices = choices * 31 + task.node.name.hashCode();
                run(task);
            }
            return true;
        }
        Due next = timers.peek();
        if (next == null || next.due.compareTo(end) > 0) {
            return false;
        }
        timers.poll();
        elapsed = next.due;
        if (next.node.stopped && !next.node.killed) {
            next.held.add(next);
        } else if (!next.node.killed) {
            next.action.run();
        }
        return true;
    }

    /// Runs a thread until it waits for something of the world.
    private void run(Task task) {
        running = task.of.thread();
        Task next = task;
        while (next != null) {
            next.continuation.run();
            next = goesOn(task.of.thread()) ? awaitReturned(task) : null;
        }
        running = null;
    }

    private static boolean goesOn(Thread thread) {
        return switch (thread.getState()) {
            case RUNNABLE, BLOCKED, TIMED_WAITING -> true;
            case NEW, WAITING, TERMINATED -> false;
        };
    }

    private @Nullable Task awaitReturned(Task task) {
        try {
            Task next = returned.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null || !next.of.equals(task.of)) {
                Thread thread = task.of.thread();
                escaped =
                        new IllegalStateException(
                                ("Thread %s waits for a monitor whose holder is parked; use a lock"
                                                + " there, or park without it. %s")
                                        .formatted(thread.getName(), WorldThreads.place(thread)));
                return null;
            }
            return next;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the world was interrupted", ended);
        }
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
        var of = new Started[1];
        Executor scheduler = continuation -> schedule(new Task(node, continuation, of[0]));
        Thread thread = VirtualThreads.unstarted(scheduler, node.name + "/" + name, guarded);
        of[0] = new Started(node, thread);
        threads.add(of[0]);
        return thread;
    }

    /// A thread that goes on right behind its own step, or because the JVM says so, had to wait for
    /// the JVM only, and does not wait for its turn.
    private void schedule(Task task) {
        Thread by = Thread.currentThread();
        boolean outside = !by.isVirtual() && by != here;
        if (outside || by == here && task.of.thread() == running) {
            returned.add(task);
        } else {
            ready.add(task);
        }
    }

    /// Where the threads of living nodes wait, one line each: to see why nothing happens.
    public List<String> waiting() {
        return threads.waiting();
    }

    private record Task(Node node, Runnable continuation, Started of) {}

    /// @param held where it waits while its node is stopped
    private record Due(Duration due, long order, Node node, Runnable action, List<Due> held)
            implements Comparable<Due> {
        Due at(Duration later) {
            return new Due(later, order, node, action, held);
        }

        @Override
        public int compareTo(Due other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}

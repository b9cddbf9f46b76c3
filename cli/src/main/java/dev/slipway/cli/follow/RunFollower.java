package dev.slipway.cli.follow;

import dev.slipway.cli.client.Farm;
import dev.slipway.cli.client.LogQuery;
import dev.slipway.cli.client.LogText;
import dev.slipway.cli.client.RunChange;
import dev.slipway.cli.client.RunDetail;
import dev.slipway.cli.client.WaitReason;
import dev.slipway.cli.follow.FollowedRun.AttemptKey;
import dev.slipway.cli.terminal.Ports;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/// Follows runs until they have finished and their logs are complete.
///
/// One thread per stream (a watch per run, a log per attempt) puts events into one queue; the
/// caller's thread takes them out and is the only one to touch the state and the view.
public final class RunFollower implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(100);

    /// Batches of lines that may wait for the view; then the farm has to wait.
    private static final int WAITING_BATCHES = 64;

    private sealed interface Event {
        record Changed(FollowedRun run, RunChange change) implements Event {}

        record WatchEnded(FollowedRun run) implements Event {}

        record Lines(FollowedRun run, AttemptKey attempt, List<LogText> lines) implements Event {}

        record LogEnded(FollowedRun run, AttemptKey attempt) implements Event {}

        record Said(String message) implements Event {}

        record Interrupted() implements Event {}

        record Failed(RuntimeException problem) implements Event {}

        record Waits(FollowedRun run, List<WaitReason> reasons) implements Event {}

        record Tick() implements Event {}
    }

    /// Asked at every Ctrl-C.
    public interface Interrupts {
        /// @param count 1 for the first
        /// @return true to go on following
        boolean goOn(int count);
    }

    private final Farm farm;
    private final Ports ports;
    private final FollowView view;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(WAITING_BATCHES);
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Long, FollowedRun> runs = new LinkedHashMap<>();
    private final WaitNotes waitNotes;
    private Timers.@Nullable Timer ticking;
    private int interrupts;
    private boolean stopped;

    public RunFollower(Farm farm, Ports ports, FollowView view) {
        this.farm = farm;
        this.ports = ports;
        this.view = view;
        this.waitNotes =
                new WaitNotes(farm, ports, (run, why) -> events.add(new Event.Waits(run, why)));
    }

    /// Ctrl-C was pressed; from any thread.
    public void interrupt() {
        events.add(new Event.Interrupted());
    }

    /// Shows a sentence in the right place; from any thread.
    public void say(String message) {
        events.add(new Event.Said(message));
    }

    /// Ends the following with an error; from any thread.
    public void fail(RuntimeException problem) {
        events.add(new Event.Failed(problem));
    }

    /// Follows the runs to their end.
    ///
    /// @param jobs which jobs' logs to read
    /// @return what is known of the runs, in the given order; complete unless an interrupt ended it
    public List<RunDetail> follow(
            List<Long> numbers, Predicate<String> jobs, Interrupts onInterrupt)
            throws InterruptedException {
        for (long number : numbers) {
            var run = new FollowedRun(number);
            runs.put(number, run);
            startWatch(run);
        }
        if (view.isLive()) {
            tickLater();
        }
        try {
            while (!stopped && !runs.values().stream().allMatch(FollowedRun::isOver)) {
                take(events.take(), jobs, onInterrupt);
            }
        } finally {
            view.end();
        }
        return runs.values().stream()
                .map(FollowedRun::detail)
                .flatMap(java.util.stream.Stream::ofNullable)
                .toList();
    }

    private void take(Event event, Predicate<String> jobs, Interrupts onInterrupt) {
        switch (event) {
            case Event.Changed(FollowedRun run, RunChange change) -> {
                run.apply(change, view);
                run.release(view);
                startLogs(run, jobs);
                waitNotes.changed(run);
            }
            case Event.WatchEnded(FollowedRun run) -> run.watchEnded();
            case Event.Lines(FollowedRun run, AttemptKey attempt, List<LogText> lines) -> {
                room.release();
                run.hold(attempt, lines);
                run.release(view);
            }
            case Event.LogEnded(FollowedRun run, AttemptKey attempt) -> run.logEnded(attempt, view);
            case Event.Waits(FollowedRun run, List<WaitReason> reasons) ->
                    waitNotes.news(run, reasons).forEach(view::message);
            case Event.Said(String message) -> view.message(message);
            case Event.Interrupted() -> stopped = !onInterrupt.goOn(++interrupts);
            case Event.Failed(RuntimeException problem) -> throw problem;
            case Event.Tick() -> {
                view.tick();
                tickLater();
            }
        }
    }

    private void tickLater() {
        ticking = ports.timers().after(TICK, () -> events.add(new Event.Tick()));
    }

    private void startWatch(FollowedRun run) {
        start(
                "watch-" + run.number(),
                () -> {
                    farm.watch(run.number(), change -> events.add(new Event.Changed(run, change)));
                    events.add(new Event.WatchEnded(run));
                });
    }

    private void startLogs(FollowedRun run, Predicate<String> jobs) {
        for (AttemptKey key : run.openLogs()) {
            var job = run.job(key.job());
            if (job == null || !(jobs.test(job.key()) || jobs.test(job.name()))) {
                run.logEnded(key, view);
                continue;
            }
            var query = new LogQuery(run.number(), job.key(), key.attempt(), "", true, false);
            start(
                    "log-" + run.number() + "-" + key.job(),
                    () -> {
                        farm.readLog(query, lines -> offer(new Event.Lines(run, key, lines)));
                        events.add(new Event.LogEnded(run, key));
                    });
        }
    }

    private void offer(Event.Lines lines) {
        room.acquireUninterruptibly();
        events.add(lines);
    }

    /// A body that may be interrupted.
    private interface Body {
        void run() throws InterruptedException;
    }

    private void start(String name, Body body) {
        threads.add(
                ports.threads()
                        .start(
                                name,
                                () -> {
                                    try {
                                        body.run();
                                    } catch (InterruptedException closed) {
                                        Thread.currentThread().interrupt();
                                    } catch (RuntimeException problem) {
                                        events.add(new Event.Failed(problem));
                                    }
                                }));
    }

    @Override
    public void close() {
        waitNotes.close();
        if (ticking != null) {
            ticking.cancel();
        }
        // Whoever waits for room must not wait for ever.
        room.release(threads.size() + 1);
        threads.forEach(Thread::interrupt);
    }
}

package dev.slipway.e2e;

import dev.slipway.e2e.History.Answer;
import dev.slipway.e2e.History.Ask;
import dev.slipway.e2e.History.Call;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// People who submit, look and cancel while everything breaks. What they ask and hear is kept.
final class ChaosClients {
    private static final Pattern RUN = Pattern.compile("\"run\"\\s*:\\s*(\\d+)");

    private final Cluster cluster;
    private final NumberedJobs jobs;
    private final History history = new History();
    private final ConcurrentSkipListMap<Long, String> runs = new ConcurrentSkipListMap<>();
    private final AtomicInteger names = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    ChaosClients(Cluster cluster, NumberedJobs jobs) {
        this.cluster = cluster;
        this.jobs = jobs;
    }

    void start(int clients, long seed) {
        for (int i = 0; i < clients; i++) {
            var random = new SplittableRandom(seed + i);
            threads.add(Thread.ofPlatform().name("client-" + i).start(() -> tryToLive(random)));
        }
    }

    /// No new submissions; what is under way is looked at until it ends.
    void stop() throws InterruptedException {
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    History history() {
        return history;
    }

    /// The numbers of all runs that a client knows of.
    List<Long> runs() {
        return List.copyOf(runs.keySet());
    }

    /// Commands that did not end, and the like.
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void tryToLive(SplittableRandom random) {
        try {
            live(random);
        } catch (RuntimeException | AssertionError problem) {
            failures.add(String.valueOf(problem.getMessage()));
        }
    }

    private void live(SplittableRandom random) {
        while (!stopped.get()) {
            String key = "run-" + names.incrementAndGet();
            long run = submit(key);
            if (run > 0) {
                runs.put(run, key);
                boolean cancels = random.nextInt(8) == 0;
                for (int i = 0; i < 3 && !stopped.get(); i++) {
                    show(key, run);
                    if (cancels && i == 1) {
                        cancel(key, run);
                    }
                }
            }
            lookBack(random);
        }
    }

    /// Another client's run, so that calls of different clients meet.
    private void lookBack(SplittableRandom random) {
        List<Long> known = runs();
        if (!known.isEmpty()) {
            long run = known.get(Math.max(0, known.size() - 1 - random.nextInt(6)));
            show(runs.get(run), run);
        }
    }

    private long submit(String key) {
        var number = new long[1];
        record(
                key,
                Ask.SUBMIT,
                () -> {
                    var result = cluster.run(jobs.folder(), "submit", jobs.workflow(), "--json");
                    Matcher run = RUN.matcher(result.out());
                    if (result.exit() != 0 || !run.find()) {
                        return new Answer.Unknown();
                    }
                    number[0] = Long.parseLong(run.group(1));
                    return new Answer.Number(number[0]);
                });
        return number[0];
    }

    /// @return whether the run has ended
    boolean show(String key, long run) {
        var ended = new boolean[1];
        record(
                key,
                Ask.SHOW,
                () -> {
                    var result = cluster.run(jobs.folder(), "show", Long.toString(run), "--json");
                    String status = Farm.field(result.out(), "status");
                    if (result.exit() > 1 || status.isEmpty()) {
                        return new Answer.Unknown();
                    }
                    ended[0] = status.equals("finished");
                    return new Answer.Seen(
                            status, ended[0] ? Farm.field(result.out(), "conclusion") : "");
                });
        return ended[0];
    }

    private void cancel(String key, long run) {
        record(
                key,
                Ask.CANCEL,
                () -> {
                    var result = cluster.run(jobs.folder(), "cancel", Long.toString(run));
                    return switch (result.exit()) {
                        case 0 -> new Answer.Accepted();
                        case 4 -> new Answer.TooLate();
                        default -> new Answer.Unknown();
                    };
                });
    }

    private void record(String key, Ask ask, Supplier<Answer> call) {
        long asked = System.nanoTime();
        Answer answer = call.get();
        long answered = answer instanceof Answer.Unknown ? History.NEVER : System.nanoTime();
        history.add(new Call(key, ask, answer, asked, answered));
    }
}

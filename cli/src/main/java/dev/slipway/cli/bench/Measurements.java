package dev.slipway.cli.bench;

import dev.slipway.time.Clock;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// What has been measured so far; safe for many threads. Times are microseconds.
final class Measurements {
    private static final long LONGEST_MICROS = Duration.ofHours(1).toMillis() * 1000;

    private final Clock clock;
    private final CountDownLatch open;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final ConcurrentHashMap<Long, Long> submittedAt = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Long> startedAt = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> finishedAt = new ConcurrentHashMap<>();
    private final AtomicLong firstSubmit = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong lastStart = new AtomicLong();
    private final AtomicLong firstLog = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong lastLog = new AtomicLong();
    private final AtomicLong logBytes = new AtomicLong();
    private final AtomicLong starts = new AtomicLong();

    final Histogram submit = histogram();
    final Histogram submitToStart = histogram();
    final Histogram finishToRecorded = histogram();

    /// @param jobs how many jobs must be recorded before {@link #awaitEnd} returns
    Measurements(Clock clock, int jobs) {
        this.clock = clock;
        this.open = new CountDownLatch(jobs);
    }

    private static Histogram histogram() {
        return new ConcurrentHistogram(LONGEST_MICROS, 3);
    }

    long nowMicros() {
        return clock.uptime().toNanos() / 1000;
    }

    /// The farm has answered a submission that was sent at `sent`.
    void submitted(long run, long sent) {
        firstSubmit.accumulateAndGet(sent, Math::min);
        record(submit, nowMicros() - sent);
        submittedAt.put(run, sent);
        match(run);
    }

    /// An agent was given the run's job. Its order may overtake the answer to the submission.
    void started(long run) {
        long now = nowMicros();
        starts.incrementAndGet();
        lastStart.accumulateAndGet(now, Math::max);
        startedAt.put(run, now);
        match(run);
    }

    private void match(long run) {
        Long start = startedAt.get(run);
        Long submitted = submittedAt.get(run);
        if (start != null && submitted != null && submittedAt.remove(run, submitted)) {
            record(submitToStart, start - submitted);
        }
    }

    void finished(String attempt) {
        finishedAt.put(attempt, nowMicros());
    }

    /// The farm has recorded an attempt's end.
    void recorded(String attempt) {
        Long finished = finishedAt.remove(attempt);
        if (finished != null) {
            record(finishToRecorded, nowMicros() - finished);
            open.countDown();
        }
    }

    void logSent() {
        firstLog.accumulateAndGet(nowMicros(), Math::min);
    }

    void logDurable(long bytes) {
        logBytes.addAndGet(bytes);
        lastLog.accumulateAndGet(nowMicros(), Math::max);
    }

    /// Ends the measurement with an error.
    void fail(RuntimeException problem) {
        failure.compareAndSet(null, problem);
        while (open.getCount() > 0) {
            open.countDown();
        }
    }

    /// Waits until all jobs are recorded.
    void awaitEnd() throws InterruptedException {
        open.await();
        RuntimeException problem = failure.get();
        if (problem != null) {
            throw problem;
        }
    }

    void throwFailure() {
        RuntimeException problem = failure.get();
        if (problem != null) {
            throw problem;
        }
    }

    private static void record(Histogram histogram, long micros) {
        histogram.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
    }

    long startCount() {
        return starts.get();
    }

    double startsPerSecond() {
        double seconds = (lastStart.get() - firstSubmit.get()) / 1e6;
        return starts.get() == 0 || seconds <= 0 ? 0 : starts.get() / seconds;
    }

    long logByteCount() {
        return logBytes.get();
    }

    /// Output bytes that became durable per second, from the first chunk to the last answer.
    double logBytesPerSecond() {
        double seconds = (lastLog.get() - firstLog.get()) / 1e6;
        return logBytes.get() == 0 || seconds <= 0 ? 0 : logBytes.get() / seconds;
    }
}

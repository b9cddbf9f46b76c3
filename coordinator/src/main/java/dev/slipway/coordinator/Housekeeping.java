package dev.slipway.coordinator;

import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.BlobKeeper;
import dev.slipway.coordinator.blobs.BlobRef;
import dev.slipway.coordinator.blobs.DirectoryBlobStore;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Source;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Retention;
import dev.slipway.coordinator.storage.RunFilter;
import dev.slipway.coordinator.storage.RunPage;
import dev.slipway.coordinator.storage.RunStore;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Every few minutes removes runs that need not be kept any longer, with their logs, artifacts and
/// secrets, and then the files that nothing needs. On a thread of its own, beside the engine.
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    private static final int PAGE = 500;

    private final Retention retention;
    private final BlobKeeper keeper;
    private final DirectoryBlobStore blobs;
    private final Clock clock;
    private final Timers timers;
    private @Nullable Thread thread;

    Housekeeping(
            Retention retention,
            BlobKeeper keeper,
            DirectoryBlobStore blobs,
            Clock clock,
            Timers timers) {
        this.retention = retention;
        this.keeper = keeper;
        this.blobs = blobs;
        this.clock = clock;
        this.timers = timers;
    }

    void start(Threads threads) {
        thread = threads.start("slipway-housekeeping", this::loop);
    }

    private void loop() {
        try {
            measure();
            timers.pause(FIRST);
            while (true) {
                round();
                timers.pause(EVERY);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void measure() {
        try {
            blobs.measure();
        } catch (IOException problem) {
            LOG.warn("The blob store could not be measured; its quota may be exceeded.", problem);
        }
    }

    private void round() throws InterruptedException {
        try {
            long removed = retention.sweep(clock.now());
            if (removed > 0) {
                LOG.info("Removed runs that need not be kept. runs={}", removed);
            }
            keeper.keep();
        } catch (SlipwayException problem) {
            LOG.warn("Cleaning failed and is tried again later.", problem);
        }
    }

    /// Removes what belongs to runs that go, and rests as long as it has worked: runs that start
    /// share disk and processors with it, and it has time.
    static Retention.Guard guard(
            Engine engine, LogStore logs, ArtifactStore artifacts, Clock clock, Timers timers) {
        return new Retention.Guard() {
            private Duration begun = clock.uptime();

            @Override
            public List<Long> retirable(List<Long> runs) throws InterruptedException {
                begun = clock.uptime();
                return engine.ask(new Command.RetireRuns(runs)).runs();
            }

            @Override
            public void removeOutput(List<Long> runs) {
                logs.removeRuns(runs);
            }

            @Override
            public void removing(long run, Batch batch) {
                artifacts.removeRun(run, batch);
            }

            @Override
            public void breathe() throws InterruptedException {
                Duration worked = clock.uptime().minus(begun);
                timers.pause(worked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : worked);
            }
        };
    }

    /// Names the sources of all runs that are kept.
    static void sources(RunStore runs, Consumer<BlobRef> found) {
        long next = 0;
        do {
            RunPage page = runs.list(RunFilter.ALL, PAGE, next);
            page.runs()
                    .forEach(
                            run ->
                                    runs.spec(run.number())
                                            .filter(spec -> spec.source() instanceof Source.Bundle)
                                            .map(spec -> (Source.Bundle) spec.source())
                                            .ifPresent(
                                                    bundle ->
                                                            found.accept(
                                                                    new BlobRef(
                                                                            bundle.sha256(),
                                                                            bundle.size()))));
            next = page.next();
        } while (next != 0);
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

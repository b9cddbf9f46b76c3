package dev.slipway.coordinator;

import dev.slipway.coordinator.blobs.BlobKeeper;
import dev.slipway.coordinator.blobs.BlobRef;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Source;
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

    private final Stores stores;
    private final Retention retention;
    private final BlobKeeper keeper;
    private final Clock clock;
    private final Timers timers;
    private @Nullable Thread thread;

    Housekeeping(
            Stores stores, Retention retention, BlobKeeper keeper, Clock clock, Timers timers) {
        this.stores = stores;
        this.retention = retention;
        this.keeper = keeper;
        this.clock = clock;
        this.timers = timers;
    }

    void start(Threads threads) {
        stores.blobs.onFull(this::makeRoom);
        thread = threads.start("slipway-housekeeping", this::loop);
    }

    private void loop() {
        try {
            measure();
            timers.pause(FIRST);
            removeOrphans();
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
            stores.blobs.measure();
        } catch (IOException problem) {
            LOG.warn("The blob store could not be measured; its quota may be exceeded.", problem);
        }
    }

    /// Output of runs that were removed when a coordinator ended before it had removed that, too.
    private void removeOrphans() throws InterruptedException {
        try {
            for (long run : stores.logs.runs()) {
                if (stores.runs.run(run).isEmpty()) {
                    stores.logs.removeRun(run);
                }
            }
        } catch (SlipwayException problem) {
            LOG.warn("Cleaning failed and is tried again after the next start.", problem);
        }
    }

    private void makeRoom() {
        try {
            keeper.keep();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
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

    /// Removes runs from the farm, then their output, and rests as long as it has worked: runs that
    /// start share disk and processors with it, and it has time.
    static Retention.Remover remover(Engine engine, LogStore logs, Clock clock, Timers timers) {
        return runs -> {
            Duration begun = clock.uptime();
            List<Long> gone = engine.ask(new Command.RemoveRuns(runs)).runs();
            gone.forEach(logs::removeRun);
            Duration worked = clock.uptime().minus(begun);
            timers.pause(worked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : worked);
            return gone;
        };
    }

    /// Has the engine forget artifacts and caches.
    static BlobKeeper.Forgetting forgetting(Engine engine) {
        return new BlobKeeper.Forgetting() {
            @Override
            public int artifacts(List<Artifact.Name> names) throws InterruptedException {
                return names.isEmpty() ? 0 : engine.ask(new Command.RemoveExpired(names)).count();
            }

            @Override
            public int caches(List<Cache.Name> names) throws InterruptedException {
                return names.isEmpty() ? 0 : engine.ask(new Command.RemoveCaches(names)).count();
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
        stores.blobs.onFull(() -> {});
        running.interrupt();
        try {
            running.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

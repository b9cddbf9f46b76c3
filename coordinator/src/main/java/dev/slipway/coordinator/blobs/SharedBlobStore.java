package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The blob store over a {@link Medium}, which other coordinators may use at the same time.
///
/// Nothing that another process can change is remembered. Every upload becomes an object of its
/// own, a generation, so a removal that comes late hits the generation that it was decided for and
/// no other. {@link BlobCollector} says why a generation that is needed is never removed.
public final class SharedBlobStore implements BlobStore {
    private final Medium medium;
    private final Limits limits;
    private final Ids ids;
    private final Parallel parallel;
    private final Pins pins;
    private final BlobCollector collector;

    private final AtomicLong used = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private volatile long epoch;
    private volatile long announced;
    private volatile Runnable makeRoom = () -> {};

    /// @param grace how long a blob without references is kept after it was last asked for
    /// @param quota bytes that finished blobs may take
    public record Limits(Duration grace, long quota) {}

    SharedBlobStore(Medium medium, Limits limits, Clock clock, Threads threads, Ids ids) {
        this.medium = medium;
        this.limits = limits;
        this.ids = ids;
        this.parallel = new Parallel(threads, medium.width());
        this.pins = new Pins(medium, clock, ids, limits.grace());
        this.collector = new BlobCollector(medium, pins, parallel, limits.grace());
    }

    @Override
    public void lead(long begun) {
        epoch = begun;
    }

    /// Lets every collector of an earlier epoch know, before anything is pinned in this one. Not
    /// done by {@link #lead}, so that a coordinator can lead while the medium is away.
    private void announce() throws IOException {
        long begun = epoch;
        if (begun > 0 && announced != begun) {
            medium.write(Names.epoch(begun), new byte[0]);
            announced = begun;
        }
    }

    @Override
    public List<BlobRef> pin(Collection<BlobRef> blobs) {
        try {
            announce();
            var asked = new LinkedHashSet<>(blobs);
            asked.removeIf(pins::holds);
            if (!asked.isEmpty()) {
                // First say so, then look: a collector first says so, then looks for pins.
                Pins.Moment moment =
                        pins.protect(asked.stream().map(BlobRef::sha256).distinct().toList());
                Set<BlobRef> held = ConcurrentHashMap.newKeySet();
                parallel.each(
                        asked,
                        blob -> {
                            if (held(blob)) {
                                held.add(blob);
                            }
                        });
                held.forEach(blob -> pins.remember(blob, moment));
                if (!held.stream().allMatch(pins::holds)) {
                    // Looking took so long that too little of the protection is left.
                    return pin(blobs);
                }
                asked.removeAll(held);
            }
            return List.copyOf(asked);
        } catch (IOException problem) {
            throw failed("it could not be asked for blobs", problem);
        }
    }

    /// Whether there is a generation that nobody wants to remove. Looks again for the generation
    /// after it has seen that nobody does: a list is no picture of one moment, and a generation
    /// goes before what is said about it.
    private boolean held(BlobRef blob) throws IOException {
        List<String> before = wanted(blob);
        return !before.isEmpty() && wanted(blob).stream().anyMatch(before::contains);
    }

    private List<String> wanted(BlobRef blob) throws IOException {
        Generations generations = generations(blob);
        return generations.found.stream()
                .filter(entry -> entry.size() == blob.size())
                .map(Medium.Entry::name)
                .filter(name -> !generations.doomed.contains(name))
                .toList();
    }

    private record Generations(List<Medium.Entry> found, Set<String> doomed) {}

    private Generations generations(BlobRef blob) throws IOException {
        var generations = new Generations(new ArrayList<>(), new HashSet<>());
        medium.list(
                Names.prefix(blob.sha256()),
                entry ->
                        Names.parse(entry.name())
                                .ifPresent(
                                        name -> {
                                            if (name.doomedBy().isPresent()) {
                                                generations.doomed.add(name.blob());
                                            } else {
                                                generations.found.add(entry);
                                            }
                                        }));
        return generations;
    }

    @Override
    public long resumeOffset(BlobRef blob) {
        try {
            return medium.staged(blob);
        } catch (IOException problem) {
            throw failed("it could not be asked for an unfinished upload", problem);
        }
    }

    @Override
    public Upload upload(BlobRef blob, long offset) throws IOException {
        requireRoom(blob);
        return new VerifiedUpload(this, medium, blob, offset);
    }

    private void requireRoom(BlobRef blob) {
        if (used.get() + blob.size() <= limits.quota()) {
            return;
        }
        makeRoom.run();
        if (used.get() + blob.size() > limits.quota()) {
            throw new SlipwayException(
                    ErrorCode.QUOTA_EXCEEDED,
                    ("The blob store %s is full: %d of %d bytes are in use and %d more are needed."
                                    + " Delete old runs (--keep-runs, --keep-days) or raise"
                                    + " --blob-quota; what was just removed frees its space within"
                                    + " ten minutes when the store is shared.")
                            .formatted(medium.place(), used.get(), limits.quota(), blob.size()));
        }
    }

    /// Makes verified content a blob. Called by the upload.
    void publish(BlobRef blob, Medium.Staging staging) throws IOException {
        announce();
        Pins.Moment moment = pins.protect(List.of(blob.sha256()));
        if (held(blob)) {
            staging.discard();
        } else {
            try {
                staging.publish(Names.generation(blob.sha256(), ids.fresh().substring(0, 16)));
                used.addAndGet(blob.size());
                published.addAndGet(blob.size());
            } catch (NoSuchFileException taken) {
                // Another upload of the same content has finished and cleaned up.
                if (!held(blob)) {
                    throw taken;
                }
            }
        }
        pins.remember(blob, moment);
        if (!pins.holds(blob) && !pin(blob)) {
            throw new IOException("it took so long that the blob was removed again");
        }
    }

    @Override
    public InputStream open(BlobRef blob, long offset) throws IOException {
        if (offset < 0 || offset > blob.size()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Blob %s cannot be read from %d.".formatted(blob, offset));
        }
        Generations generations = generations(blob);
        var sorted = new ArrayList<>(generations.found);
        sorted.removeIf(entry -> entry.size() != blob.size());
        sorted.sort(Comparator.comparing(entry -> generations.doomed.contains(entry.name())));
        if (!sorted.isEmpty() && offset > 0 && offset == blob.size()) {
            return InputStream.nullInputStream();
        }
        for (Medium.Entry entry : sorted) {
            InputStream content = openUnlessGone(entry.name(), offset);
            if (content != null) {
                return offset == 0
                        ? new VerifyingStream(content, blob, medium.place() + "/" + entry.name())
                        : content;
            }
        }
        throw new SlipwayException(
                ErrorCode.BLOB_NOT_FOUND, "The farm does not hold blob %s.".formatted(blob));
    }

    private @Nullable InputStream openUnlessGone(String name, long offset) throws IOException {
        try {
            return medium.open(name, offset);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    @Override
    public long bytesUsed() {
        return used.get();
    }

    @Override
    public void measure() throws IOException {
        long before = published.get();
        var bytes = new AtomicLong();
        medium.list(
                "",
                entry ->
                        Names.parse(entry.name())
                                .filter(name -> name.doomedBy().isEmpty())
                                .ifPresent(name -> bytes.addAndGet(entry.size())));
        used.set(bytes.get() + published.get() - before);
    }

    @Override
    public void onFull(Runnable action) {
        makeRoom = action;
    }

    @Override
    public Collected collect(Supplier<Predicate<String>> references) throws IOException {
        long leading = epoch;
        if (leading == 0) {
            return Collected.NOTHING;
        }
        announce();
        long before = published.get();
        BlobCollector.Result result = collector.round(leading, references);
        if (result.complete()) {
            used.set(result.kept() + published.get() - before);
        }
        return result.removed();
    }

    @Override
    public void close() {
        medium.close();
    }

    private SlipwayException failed(String what, IOException problem) {
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "The blob store %s failed: %s (%s). The farm's operator must see to it."
                        .formatted(medium.place(), what, problem),
                problem);
    }
}

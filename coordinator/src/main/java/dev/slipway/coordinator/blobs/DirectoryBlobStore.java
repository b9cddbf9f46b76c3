package dev.slipway.coordinator.blobs;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Blobs as files: `ab/cd/<digest>`, and `partial/<digest>-<size>` while they are uploaded. A blob
/// gets its name only after its bytes are on disk, so that a file with a digest's name always is
/// that content.
public final class DirectoryBlobStore implements BlobStore {
    private static final Duration PARTIAL_LIFE = Duration.ofHours(24);

    private final Path root;
    private final Path partial;
    private final Clock clock;
    private final Duration grace;
    private final long quota;
    private final AtomicLong used = new AtomicLong();

    /// When a blob's protection ends, by uptime. Computing an entry is the lock that keeps a
    /// removal and a new reference apart.
    private final ConcurrentHashMap<String, Duration> pins = new ConcurrentHashMap<>();

    /// Folders whose names are known to be on disk; at most 65,536.
    private final Set<Path> durableFolders = ConcurrentHashMap.newKeySet();

    private final Set<String> uploading = ConcurrentHashMap.newKeySet();
    private final AtomicLong extraUploads = new AtomicLong();
    private final Duration startedAt;
    private volatile Runnable makeRoom = () -> {};

    /// @param grace how long a blob without references is kept after it was last asked for
    /// @param quota bytes that finished blobs may take
    public DirectoryBlobStore(Path root, Clock clock, Duration grace, long quota)
            throws IOException {
        this.root = root;
        this.partial = root.resolve("partial");
        this.clock = clock;
        this.grace = grace;
        this.quota = quota;
        this.startedAt = clock.uptime();
        Files.createDirectories(partial);
    }

    /// What to call when the quota is reached: it should drop references and {@link #collect}.
    public void onFull(Runnable action) {
        makeRoom = action;
    }

    /// Adds up what is held; called once after a start, off the start's path.
    public void measure() throws IOException {
        var bytes = new AtomicLong();
        walk((file, attributes) -> bytes.addAndGet(attributes.size()));
        used.addAndGet(bytes.get());
    }

    @Override
    public boolean pin(BlobRef blob) {
        Duration end = clock.uptime().plus(grace);
        return pins.compute(blob.sha256(), (digest, old) -> Files.exists(path(digest)) ? end : null)
                        != null
                && sizeMatches(blob);
    }

    private boolean sizeMatches(BlobRef blob) {
        try {
            return Files.size(path(blob.sha256())) == blob.size();
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    public long resumeOffset(BlobRef blob) {
        if (uploading.contains(blob.sha256())) {
            return 0;
        }
        try {
            return Math.min(Files.size(partialPath(blob)), blob.size());
        } catch (IOException none) {
            return 0;
        }
    }

    @Override
    public Upload upload(BlobRef blob, long offset) throws IOException {
        requireRoom(blob);
        boolean first = uploading.add(blob.sha256());
        Path file =
                first
                        ? partialPath(blob)
                        : partial.resolve(
                                blob.sha256() + "-extra-" + extraUploads.incrementAndGet());
        try {
            return new DirectoryUpload(this, blob, file, offset, first);
        } catch (IOException | RuntimeException problem) {
            uploadEnded(blob, first);
            throw problem;
        }
    }

    private void requireRoom(BlobRef blob) {
        if (used.get() + blob.size() <= quota) {
            return;
        }
        makeRoom.run();
        if (used.get() + blob.size() > quota) {
            throw new SlipwayException(
                    ErrorCode.QUOTA_EXCEEDED,
                    "The blob store is full: %d of %d bytes are in use and %d more are needed."
                                    .formatted(used.get(), quota, blob.size())
                            + " Delete old runs (--keep-runs, --keep-days) or raise --blob-quota.");
        }
    }

    @Override
    public InputStream open(BlobRef blob, long offset) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path(blob.sha256()));
        } catch (NoSuchFileException gone) {
            throw new SlipwayException(
                    ErrorCode.BLOB_NOT_FOUND, "The farm does not hold blob %s.".formatted(blob));
        }
        try {
            if (channel.size() != blob.size() || offset < 0 || offset > blob.size()) {
                throw new SlipwayException(
                        ErrorCode.INVALID_ARGUMENT,
                        "Blob %s has %d bytes; it cannot be read from %d."
                                .formatted(blob, channel.size(), offset));
            }
            channel.position(offset);
            return Channels.newInputStream(channel);
        } catch (IOException | RuntimeException problem) {
            channel.close();
            throw problem;
        }
    }

    @Override
    public long bytesUsed() {
        return used.get();
    }

    @Override
    public Collected collect(Predicate<String> referenced) throws IOException {
        Duration now = clock.uptime();
        if (now.minus(startedAt).compareTo(grace) < 0) {
            // Protections are in memory: after a start nobody can know what was just uploaded.
            return new Collected(0, 0);
        }
        var blobs = new AtomicLong();
        var bytes = new AtomicLong();
        walk(
                (file, attributes) -> {
                    String digest = file.getFileName().toString();
                    if (BlobRef.isDigest(digest)
                            && !referenced.test(digest)
                            && removeUnlessPinned(digest, file, now)) {
                        blobs.incrementAndGet();
                        bytes.addAndGet(attributes.size());
                        used.addAndGet(-attributes.size());
                    }
                });
        pins.values().removeIf(end -> end.compareTo(now) < 0);
        removeOldPartials();
        return new Collected(blobs.get(), bytes.get());
    }

    private boolean removeUnlessPinned(String digest, Path file, Duration now) {
        var removed = new AtomicBoolean();
        pins.compute(
                digest,
                (key, end) -> {
                    if (end != null && end.compareTo(now) >= 0) {
                        return end;
                    }
                    removed.set(delete(file));
                    return null;
                });
        return removed.get();
    }

    private static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private void removeOldPartials() throws IOException {
        var oldest = clock.now().minus(PARTIAL_LIFE);
        try (var files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                String digest = file.getFileName().toString().substring(0, 64);
                if (!uploading.contains(digest)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// Gives a verified, synced file its name. Called by the upload.
    void publish(BlobRef blob, Path file) throws IOException {
        try {
            publishPinned(blob, file);
        } catch (UncheckedIOException wrapped) {
            throw Objects.requireNonNull(wrapped.getCause());
        }
    }

    private void publishPinned(BlobRef blob, Path file) {
        Path target = path(blob.sha256());
        Duration end = clock.uptime().plus(grace);
        pins.compute(
                blob.sha256(),
                (digest, old) -> {
                    try {
                        if (Files.exists(target)) {
                            Files.deleteIfExists(file);
                        } else {
                            move(file, target);
                            used.addAndGet(blob.size());
                        }
                        return end;
                    } catch (IOException problem) {
                        throw new UncheckedIOException(problem);
                    }
                });
    }

    private void move(Path file, Path target) throws IOException {
        Path folder = parent(target);
        if (!durableFolders.contains(folder)) {
            Files.createDirectories(folder);
            sync(parent(folder));
            sync(parent(parent(folder)));
            durableFolders.add(folder);
        }
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException problem) {
            throw new IOException("the blob folder spans two file systems: " + folder, problem);
        }
        try {
            sync(folder);
        } catch (IOException problem) {
            // Whoever finds the name takes it for durable.
            Files.deleteIfExists(target);
            throw problem;
        }
    }

    void uploadEnded(BlobRef blob, boolean first) {
        if (first) {
            uploading.remove(blob.sha256());
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException("no parent folder: " + path);
        }
        return parent;
    }

    private Path partialPath(BlobRef blob) {
        return partial.resolve(blob.sha256() + "-" + blob.size());
    }

    private Path path(String digest) {
        return path(root, digest);
    }

    static Path path(Path root, String digest) {
        return root.resolve(digest.substring(0, 2)).resolve(digest.substring(2, 4)).resolve(digest);
    }

    private interface Visitor {
        void visit(Path file, BasicFileAttributes attributes);
    }

    private void walk(Visitor visitor) throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return folder.equals(partial)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        visitor.visit(file, attributes);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, @Nullable IOException problem)
                            throws IOException {
                        if (problem instanceof NoSuchFileException || problem == null) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw problem;
                    }
                });
    }
}

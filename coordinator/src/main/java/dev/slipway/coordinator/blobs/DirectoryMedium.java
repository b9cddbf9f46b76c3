package dev.slipway.coordinator.blobs;

import dev.slipway.id.Ids;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A directory, of one coordinator or shared by several through a network file system. A file gets
/// its name when it is whole, by a rename; nobody writes to a file that another process began.
final class DirectoryMedium implements Medium {
    /// Network file systems may show folders and files as they were a minute ago (Linux' NFS
    /// client: `acdirmax`); twice that.
    private static final Duration SHARED_LAG = Duration.ofMinutes(2);

    private final Path root;
    private final Path partial;
    private final Duration lag;
    private final Ids ids;

    /// This process: part of the names of the partial files that it writes.
    private final String self;

    private final AtomicLong stagings = new AtomicLong();

    /// Partial files that this process writes at the moment.
    private final Set<Path> active = ConcurrentHashMap.newKeySet();

    /// Folders whose names are known to be on disk; at most 65,536.
    private final Set<Path> durableFolders = ConcurrentHashMap.newKeySet();

    /// @param shared whether other processes may use the directory at the same time
    DirectoryMedium(Path root, boolean shared, Ids ids) {
        this.root = root;
        this.partial = root.resolve("partial");
        this.lag = shared ? SHARED_LAG : Duration.ZERO;
        this.ids = ids;
        this.self = ids.fresh().substring(0, 16);
    }

    @Override
    public void list(String prefix, Consumer<Entry> found) throws IOException {
        int slash = prefix.lastIndexOf('/');
        Path folder = slash < 0 ? root : root.resolve(prefix.substring(0, slash));
        if (!Files.isDirectory(folder)) {
            return;
        }
        Files.walkFileTree(folder, new Lister(prefix, found));
    }

    private final class Lister extends SimpleFileVisitor<Path> {
        private final String prefix;
        private final Consumer<Entry> found;

        Lister(String prefix, Consumer<Entry> found) {
            this.prefix = prefix;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(partial) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString();
            if (name.startsWith(prefix)) {
                found.accept(
                        new Entry(
                                name,
                                attributes.size(),
                                attributes.lastModifiedTime().toInstant()));
            }
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
    }

    @Override
    public byte[] read(String name) throws IOException {
        return Files.readAllBytes(root.resolve(name));
    }

    @Override
    public InputStream open(String name, long offset) throws IOException {
        FileChannel channel = FileChannel.open(root.resolve(name));
        try {
            channel.position(offset);
            return Channels.newInputStream(channel);
        } catch (IOException | RuntimeException problem) {
            channel.close();
            throw problem;
        }
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
        Path file = temporary();
        try {
            Files.write(file, content);
            Path target = root.resolve(name);
            Files.createDirectories(parent(target));
            move(file, target);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Path temporary() throws IOException {
        Files.createDirectories(partial);
        return partial.resolve("new-" + ids.fresh());
    }

    private static void move(Path file, Path target) throws IOException {
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException problem) {
            throw new IOException("the blob folder spans two file systems: " + target, problem);
        }
    }

    @Override
    public void delete(List<String> names) throws IOException {
        for (String name : names) {
            Files.deleteIfExists(root.resolve(name));
        }
    }

    /// The file system's, which is the server's when it is a network's.
    @Override
    public Instant now() throws IOException {
        Path file = temporary();
        try {
            Files.createFile(file);
            return Files.getLastModifiedTime(file).toInstant();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public Duration lag() {
        return lag;
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public String place() {
        return root.toString();
    }

    @Override
    public long staged(BlobRef blob) throws IOException {
        long longest = 0;
        for (Path file : partials(blob)) {
            if (active.contains(file)) {
                return 0;
            }
            longest = Math.max(longest, sizeOf(file));
        }
        return Math.min(longest, blob.size());
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    /// What anybody has written of a blob.
    private List<Path> partials(BlobRef blob) throws IOException {
        String beginning = blob.sha256() + "-" + blob.size();
        var files = new ArrayList<Path>();
        try (var folder =
                Files.newDirectoryStream(
                        partial, file -> file.getFileName().toString().startsWith(beginning))) {
            folder.forEach(files::add);
        } catch (NoSuchFileException none) {
            return files;
        }
        return files;
    }

    @Override
    public Staging stage(BlobRef blob, long offset, Consumer<ByteBuffer> held) throws IOException {
        Files.createDirectories(partial);
        Path file =
                partial.resolve(
                        "%s-%d.%s-%d"
                                .formatted(
                                        blob.sha256(),
                                        blob.size(),
                                        self,
                                        stagings.incrementAndGet()));
        if (offset == 0) {
            return new DirectoryStaging(this, blob, file);
        }
        for (Path before : partials(blob)) {
            boolean own = before.getFileName().toString().contains("." + self + "-");
            if (own && sizeOf(before) >= offset && active.add(before)) {
                return new DirectoryStaging(this, blob, before, before, offset, held);
            }
        }
        for (Path before : partials(blob)) {
            if (!active.contains(before) && sizeOf(before) >= offset) {
                return new DirectoryStaging(this, blob, file, before, offset, held);
            }
        }
        throw DirectoryStaging.tooFew(blob, offset);
    }

    void begun(Path file) {
        active.add(file);
    }

    void ended(Path file) {
        active.remove(file);
    }

    /// Gives a synced file its name, durably.
    void publish(Path file, String name) throws IOException {
        Path target = root.resolve(name);
        Path folder = parent(target);
        if (!durableFolders.contains(folder)) {
            Files.createDirectories(folder);
            sync(parent(folder));
            sync(parent(parent(folder)));
            durableFolders.add(folder);
        }
        move(file, target);
        try {
            sync(folder);
        } catch (IOException problem) {
            // Whoever finds the name takes it for durable.
            Files.deleteIfExists(target);
            throw problem;
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

    /// What anybody has written of a blob, but what this process writes right now.
    void removePartials(BlobRef blob) throws IOException {
        for (Path file : partials(blob)) {
            if (!active.contains(file)) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void removeStaged(Instant since) throws IOException {
        if (!Files.isDirectory(partial)) {
            return;
        }
        try (var files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                if (!active.contains(file) && modified(file).isBefore(since)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static Instant modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException gone) {
            return Instant.MAX;
        }
    }
}

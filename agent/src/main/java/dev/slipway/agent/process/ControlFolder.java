package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// Everything that is known about one process, in files that agent and supervisor share.
///
/// ```text
/// intent          agent: it is going to start; synced before the supervisor is spawned
/// claim           whoever makes this file decides (O_EXCL): the supervisor, by starting, or a
///                 restarted agent, by never starting
/// supervisor      boot id, pid and start ticks of the supervisor
/// pump, watchdog  the same of the shells that record the output and watch the lease
/// main            the same of the command
/// out.OFFSET      a segment of output that starts at this offset; deleted once acknowledged
/// counts          what dd said about the last segment
/// resume          FIFO, while the pump waits for segments to be deleted
/// output-end      the pump's last word (OutputEnd)
/// lease-lost      the watchdog is about to kill
/// exit            the result (ExitRecord): written aside, synced, renamed, folder synced
/// supervisor.log  what the supervisor itself complains about
/// ```
public final class ControlFolder {
    static final String SEGMENT_PREFIX = "out.";
    static final String RESUME = "resume";

    private final Path path;

    public ControlFolder(Path path) {
        this.path = path.toAbsolutePath();
    }

    public Path path() {
        return path;
    }

    /// Makes the folder and writes the intent, synced.
    ///
    /// The folder itself is not synced on top (each sync costs a flush of the disk): the file
    /// systems of Linux keep the name of a new file that was synced, and should one not, then only
    /// a crash of the machine can show it, after which no attempt goes on anyway.
    ///
    /// @throws FileAlreadyExistsException when there is an intent already
    public void create(Intent intent) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectory(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        try (FileChannel file =
                FileChannel.open(
                        path.resolve("intent"),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW)) {
            ByteBuffer text = ByteBuffer.wrap(intent.render().getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                file.write(text);
            }
            file.force(true);
        }
    }

    /// Empty when the file is missing or was not written to its end: then nothing was started,
    /// because starting comes after the intent is durable.
    public Optional<Intent> intent() throws IOException {
        Optional<String> text = content("intent").filter(Intent::isWhole);
        return text.isPresent() ? Optional.of(Intent.parse(text.get())) : Optional.empty();
    }

    /// Takes the one right to start, so that nobody else will.
    ///
    /// @return false when it was taken before
    public boolean claim() throws IOException {
        try {
            Files.createFile(path.resolve("claim"));
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    /// Empty when the file is missing or was not written to its end.
    public Optional<ProcessIdentity> supervisor() throws IOException {
        return content("supervisor").flatMap(ProcessIdentity::parse);
    }

    public Optional<ProcessIdentity> pump() throws IOException {
        return content("pump").flatMap(ProcessIdentity::parse);
    }

    public Optional<ProcessIdentity> watchdog() throws IOException {
        return content("watchdog").flatMap(ProcessIdentity::parse);
    }

    public Optional<ProcessIdentity> main() throws IOException {
        return content("main").flatMap(ProcessIdentity::parse);
    }

    public Optional<ExitRecord> exit() throws IOException {
        return content("exit").map(ExitRecord::parse);
    }

    public Optional<OutputEnd> outputEnd() throws IOException {
        return content("output-end").flatMap(OutputEnd::parse);
    }

    /// What the supervisor complained about, at most its last 500 characters.
    public String complaints() throws IOException {
        String text = content("supervisor.log").orElse("").strip();
        return text.substring(Math.max(0, text.length() - 500));
    }

    /// Records a process that was never started; for the agent that took the claim.
    public void recordNotStarted(String reason) throws IOException {
        Path fresh = path.resolve("exit.agent");
        Files.writeString(fresh, ExitRecord.notStarted(reason));
        Files.move(fresh, path.resolve("exit"), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Whether a file of this name tells a follower something: the others come and go in between.
    public static boolean tells(String name) {
        return name.startsWith(SEGMENT_PREFIX)
                || name.equals("exit")
                || name.equals("output-end")
                || name.equals("main");
    }

    private Optional<String> content(String name) throws IOException {
        Path file = path.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /// Deletes the folder. Deleting one that is gone does nothing. The intent goes first: a late
    /// supervisor that comes between the end of the claim and that of the folder misses it.
    public void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.deleteIfExists(path.resolve("intent"));
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException problem)
                            throws IOException {
                        if (problem instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw problem;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @org.jspecify.annotations.Nullable IOException problem)
                            throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        Files.deleteIfExists(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}

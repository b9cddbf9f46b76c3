package dev.slipway.cli.embedded;

import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The folder in which the embedded farm lives, and who may serve it.
///
/// ```
/// lock        held by the process that serves
/// farm.json   where it listens
/// farm.log    what it logged
/// data/       the coordinator's
/// work/       the agent's
/// ```
public final class StateFolder {
    /// POSIX drops a process's lock when the process closes any descriptor of the file, so a folder
    /// that this process has locked must not be tried again.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;

    public StateFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /// `SLIPWAY_STATE`, else `slipway` in the user's state directory.
    public static StateFolder of(Terminal terminal) {
        return terminal.variable("SLIPWAY_STATE")
                .map(Path::of)
                .or(() -> terminal.variable("XDG_STATE_HOME").map(home -> Path.of(home, "slipway")))
                .map(StateFolder::new)
                .orElseGet(
                        () ->
                                new StateFolder(
                                        Path.of(
                                                System.getProperty("user.home"),
                                                ".local",
                                                "state",
                                                "slipway")));
    }

    public Path path() {
        return folder;
    }

    public Path data() {
        return folder.resolve("data");
    }

    public Path work() {
        return folder.resolve("work");
    }

    public Path log() {
        return folder.resolve("farm.log");
    }

    /// Makes the folder, readable by its owner only.
    public void create() throws IOException {
        if (!Files.isDirectory(folder)) {
            Path parent = folder.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /// The right to serve, until closed or the process ends in whatever way.
    public static final class Lock implements AutoCloseable {
        private final Path folder;
        private final FileChannel channel;

        private Lock(Path folder, FileChannel channel) {
            this.folder = folder;
            this.channel = channel;
        }

        @Override
        public void close() throws IOException {
            channel.close();
            HELD.remove(folder);
        }
    }

    /// Takes the right to serve; absent while a process has it.
    public Optional<Lock> tryLock() throws IOException {
        create();
        if (!HELD.add(folder)) {
            return Optional.empty();
        }
        boolean held = false;
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            held = channel.tryLock() != null;
            return held ? Optional.of(new Lock(folder, channel)) : Optional.empty();
        } finally {
            if (!held) {
                channel.close();
                HELD.remove(folder);
            }
        }
    }

    /// Says where the farm listens. Written whole or not at all.
    public void announce(ServerAddress address) throws IOException {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("address", Value.of(address.toString()));
        fields.put("pid", Value.of((double) ProcessHandle.current().pid()));
        Path fresh = folder.resolve("farm.json.new");
        Files.writeString(fresh, Json.compact(Value.object(fields)) + "\n");
        Files.move(fresh, folder.resolve("farm.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    /// The farm does not listen any more.
    public void withdraw() throws IOException {
        Files.deleteIfExists(folder.resolve("farm.json"));
    }

    /// Where the last farm said that it listens; it may have been killed since.
    public Optional<ServerAddress> announced() throws IOException {
        try {
            Value farm = Json.parse(Files.readString(folder.resolve("farm.json")));
            return farm.get("address") instanceof Value.StringValue(String address)
                    ? Optional.of(ServerAddress.parseAll(address).getFirst())
                    : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /// Where a farm listens that lives now.
    public Optional<ServerAddress> live() throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Optional<Lock> free = tryLock();
        if (free.isPresent()) {
            free.get().close();
            return Optional.empty();
        }
        return announced();
    }

    /// Whether there is anything to read.
    public boolean hasData() {
        return Files.isDirectory(data());
    }
}

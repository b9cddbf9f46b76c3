package dev.slipway.agent.session;

import dev.slipway.id.Ids;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// What an agent must remember about itself and its farm, in its work directory.
///
/// `agent-id` is written once. `epoch` holds `FARM_ID EPOCH`, the highest epoch seen; both survive
/// a power cut (written, synced, renamed, folder synced).
public final class IdentityFiles {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path folder;

    /// @param folder exists
    public IdentityFiles(Path folder) {
        this.folder = folder;
    }

    /// The agent's id, made on the first call ever.
    public String agentId(Ids ids) throws IOException {
        Path file = folder.resolve("agent-id");
        if (Files.exists(file)) {
            String id = Files.readString(file).strip();
            if (!id.isEmpty()) {
                return id;
            }
        }
        String fresh = ids.fresh();
        replace(file, fresh + "\n");
        return fresh;
    }

    /// The id of this boot; the same for all processes until the machine restarts.
    public static String bootId() throws IOException {
        return Files.readString(BOOT_ID).strip();
    }

    /// The highest epoch seen and its farm; epoch 0 and an empty farm on a fresh agent.
    public SeenEpoch seenEpoch() throws IOException {
        Path file = folder.resolve("epoch");
        if (!Files.exists(file)) {
            return new SeenEpoch("", 0);
        }
        String text = Files.readString(file).strip();
        int space = text.indexOf(' ');
        try {
            return new SeenEpoch(
                    text.substring(0, space), Long.parseLong(text.substring(space + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException malformed) {
            throw new IOException(
                    ("%s holds '%s' instead of a farm id and an epoch. If no job runs on this "
                                    + "agent, delete the file.")
                            .formatted(file, text),
                    malformed);
        }
    }

    /// Remembers an epoch; durable when this returns.
    public void remember(SeenEpoch seen) throws IOException {
        replace(folder.resolve("epoch"), seen.farmId() + " " + seen.epoch() + "\n");
    }

    private void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (var channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var parent = FileChannel.open(folder, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    /// The highest epoch of a farm that this agent has heard of.
    public record SeenEpoch(String farmId, long epoch) {}
}

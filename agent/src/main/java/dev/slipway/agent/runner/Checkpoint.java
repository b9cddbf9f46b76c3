package dev.slipway.agent.runner;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The memory of one attempt: what has been decided and what has happened, each under a key that is
/// the same every time the job's program runs.
///
/// After the agent was killed the program runs again from its start, and everything that is
/// recorded here answers at once instead of happening again; so it comes back to where it was, with
/// the same numbers, conditions and outputs. A key is written once; repeats are ignored.
///
/// One line of JSON per record, appended. A record that was cut by a kill is dropped: nothing has
/// been done in its name yet, because callers record first. The file is not synced: it must outlive
/// the agent, not the machine, since after a restart of the machine the processes are gone anyway.
///
/// Safe for many threads.
final class Checkpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

    private final Path file;
    private final FileOutputStream out;
    private final Map<String, Value> records = new LinkedHashMap<>();
    private long length;

    /// @param length of what is whole in the file
    /// @param out unlike a channel, a stream is not closed when its writer is interrupted
    private Checkpoint(Path file, long length, FileOutputStream out) {
        this.file = file;
        this.length = length;
        this.out = out;
    }

    /// Opens a checkpoint file, made when missing.
    ///
    /// @throws IOException when it cannot be read, or holds a broken record before its end
    static Checkpoint open(Path file) throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(end);
            }
        }
        var out = new FileOutputStream(file.toFile(), true);
        var checkpoint = new Checkpoint(file, end, out);
        try {
            String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
            text.lines().forEach(checkpoint::load);
        } catch (IllegalArgumentException malformed) {
            out.close();
            throw new IOException(
                    "The checkpoint %s is damaged: %s".formatted(file, malformed.getMessage()),
                    malformed);
        }
        return checkpoint;
    }

    private void load(String line) {
        Value record = Json.parse(line);
        records.putIfAbsent(record.get("k").text(), record.get("v"));
    }

    /// What is recorded under a key.
    synchronized Optional<Value> recall(String key) {
        return Optional.ofNullable(records.get(key));
    }

    /// Records a value unless the key has one.
    ///
    /// @return the value that counts: an older one, or the given one
    /// @throws InfrastructureException when the disk refuses it
    synchronized Value record(String key, Value value) {
        Value older = records.get(key);
        if (older != null) {
            return older;
        }
        var entry = new LinkedHashMap<String, Value>();
        entry.put("k", Value.of(key));
        entry.put("v", value);
        byte[] line = (Json.compact(Value.object(entry)) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            out.write(line);
            length += line.length;
        } catch (IOException problem) {
            dropTornRecord();
            throw new InfrastructureException(
                    "cannot write %s: %s".formatted(file, problem.getMessage()), problem);
        }
        records.put(key, value);
        return value;
    }

    /// A full disk may have taken a part of a record, and the next one must not be written behind
    /// it.
    private void dropTornRecord() {
        try (var whole = new RandomAccessFile(file.toFile(), "rw")) {
            whole.setLength(length);
        } catch (IOException problem) {
            LOG.error(
                    "The torn end of a checkpoint cannot be cut off; an agent that starts now may"
                            + " not be able to read it. file={} why={}",
                    file,
                    problem.getMessage());
        }
    }

    /// Keeps a value that the disk has refused, unless the key has one: it is gone with the agent.
    synchronized void keepInMemory(String key, Value value) {
        records.putIfAbsent(key, value);
    }

    /// Every record in the order of writing.
    synchronized void forEach(BiConsumer<String, Value> reader) {
        records.forEach(reader);
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}

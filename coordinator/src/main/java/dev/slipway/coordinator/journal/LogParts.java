package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.journal.ClusterLogs.LogEntry;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Messages of any length in the bounded entries of a replicated log. The first byte of an entry
/// says what it holds:
///
/// ```
/// 0 a whole message · 1 the first part of one · 2 a further part · 3 the last part
/// ```
///
/// A writer that is fenced in the middle leaves parts without an end: they were never acknowledged,
/// and every reader drops them when the next message begins.
final class LogParts {
    private static final byte WHOLE = 0;
    private static final byte FIRST = 1;
    private static final byte FURTHER = 2;
    private static final byte LAST = 3;
    private static final int ROOM = ClusterLogs.MAX_ENTRY_SIZE - 1;

    /// The begin of a message that never goes on: every reader drops it.
    private static final byte[] NOTHING = {FIRST};

    private @Nullable ByteArrayOutputStream begun;

    /// A message and the position of its last part.
    record Message(long position, byte[] bytes) {}

    /// Cuts a message into entries.
    static List<byte[]> cut(byte[] message) {
        if (message.length <= ROOM) {
            return List.of(part(WHOLE, message, 0, message.length));
        }
        var parts = new ArrayList<byte[]>();
        for (int from = 0; from < message.length; from += ROOM) {
            int length = Math.min(ROOM, message.length - from);
            boolean last = from + length == message.length;
            byte kind = from == 0 ? FIRST : last ? LAST : FURTHER;
            parts.add(part(kind, message, from, length));
        }
        return parts;
    }

    /// An entry that says nothing.
    static byte[] nothing() {
        return NOTHING.clone();
    }

    private static byte[] part(byte kind, byte[] message, int from, int length) {
        byte[] part = new byte[length + 1];
        part[0] = kind;
        System.arraycopy(message, from, part, 1, length);
        return part;
    }

    /// Takes the next entry of a log.
    ///
    /// @return the message that it ends, if it ends one
    /// @throws IllegalArgumentException for an entry of a form that this program does not know
    Optional<Message> take(LogEntry entry) {
        byte[] bytes = entry.bytes();
        byte kind = bytes.length == 0 ? -1 : bytes[0];
        ByteArrayOutputStream before = begun;
        switch (kind) {
            case WHOLE -> {
                begun = null;
                return message(entry.position(), body(bytes));
            }
            case FIRST -> begun = add(new ByteArrayOutputStream(), bytes);
            case FURTHER -> begun = before == null ? null : add(before, bytes);
            case LAST -> {
                begun = null;
                return before == null
                        ? Optional.empty()
                        : message(entry.position(), add(before, bytes).toByteArray());
            }
            default ->
                    throw new IllegalArgumentException(
                            "entry %d of a replicated log begins with %d; start the newer version"
                                            .formatted(entry.position(), kind)
                                    + " that wrote it");
        }
        return Optional.empty();
    }

    private static Optional<Message> message(long position, byte[] bytes) {
        return Optional.of(new Message(position, bytes));
    }

    private static ByteArrayOutputStream add(ByteArrayOutputStream to, byte[] part) {
        to.write(part, 1, part.length - 1);
        return to;
    }

    private static byte[] body(byte[] part) {
        byte[] body = new byte[part.length - 1];
        System.arraycopy(part, 1, body, 0, body.length);
        return body;
    }
}

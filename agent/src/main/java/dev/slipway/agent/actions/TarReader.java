package dev.slipway.agent.actions;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Reads a POSIX tar archive (ustar with pax headers) entry by entry.
final class TarReader {
    private static final int BLOCK = 512;
    private static final long MAX_PAX = 1024 * 1024;

    private final InputStream in;
    private long unread;
    private int padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /// What an entry is.
    enum Type {
        FILE,
        FOLDER,
        SYMLINK
    }

    /// @param path as the archive says it, not checked
    /// @param target of a symbolic link; empty otherwise
    record Entry(String path, Type type, int mode, long size, String target) {}

    /// The next entry; its bytes come from {@link #read} before the one after it.
    ///
    /// @throws IOException when the archive is cut or of another kind
    Optional<Entry> next() throws IOException {
        skipRest();
        Map<String, String> pax = new HashMap<>();
        while (true) {
            byte[] block = in.readNBytes(BLOCK);
            if (block.length == 0 || isZero(block)) {
                return Optional.empty();
            }
            if (block.length < BLOCK) {
                throw new EOFException("the archive ends within a header");
            }
            long size = octal(block, 124, 12);
            char type = (char) block[156];
            if (type == 'x' || type == 'g') {
                begin(size);
                if (size > MAX_PAX) {
                    throw new IOException("a pax header of the archive is too long");
                }
                pax.putAll(pax(in.readNBytes((int) size)));
                unread = 0;
                in.skipNBytes(padding);
                padding = 0;
                continue;
            }
            return Optional.of(entry(block, type, size, pax));
        }
    }

    private Entry entry(byte[] block, char type, long headerSize, Map<String, String> pax)
            throws IOException {
        String prefix = text(block, 345, 155);
        String name = text(block, 0, 100);
        String path = pax.getOrDefault("path", prefix.isEmpty() ? name : prefix + "/" + name);
        String link = pax.getOrDefault("linkpath", text(block, 157, 100));
        long size = pax.containsKey("size") ? Long.parseLong(pax.get("size")) : headerSize;
        int mode = (int) octal(block, 100, 8) & 0777;
        return switch (type) {
            case '0', '\0' -> {
                begin(size);
                yield new Entry(path, Type.FILE, mode, size, "");
            }
            case '5' -> new Entry(path, Type.FOLDER, mode, 0, "");
            case '2' -> new Entry(path, Type.SYMLINK, mode, 0, link);
            default -> throw new IOException("the archive holds an entry of kind '" + type + "'");
        };
    }

    private void begin(long size) {
        unread = size;
        padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    /// Reads bytes of the current file; -1 at its end.
    int read(byte[] buffer) throws IOException {
        if (unread == 0) {
            return -1;
        }
        int length = in.read(buffer, 0, (int) Math.min(buffer.length, unread));
        if (length < 0) {
            throw new EOFException("the archive ends within a file");
        }
        unread -= length;
        return length;
    }

    private void skipRest() throws IOException {
        in.skipNBytes(unread + padding);
        unread = 0;
        padding = 0;
    }

    private static Map<String, String> pax(byte[] bytes) throws IOException {
        var records = new HashMap<String, String>();
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            while (space < bytes.length && bytes[space] != ' ') {
                space++;
            }
            int length;
            try {
                length =
                        Integer.parseInt(
                                new String(bytes, at, space - at, StandardCharsets.US_ASCII));
            } catch (NumberFormatException malformed) {
                throw new IOException("a pax header of the archive is malformed", malformed);
            }
            if (length <= 0 || at + length > bytes.length || space + 1 > at + length - 1) {
                throw new IOException("a pax header of the archive is malformed");
            }
            String record =
                    new String(
                            bytes,
                            space + 1,
                            at + length - 1 - (space + 1),
                            StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals > 0) {
                records.put(record.substring(0, equals), record.substring(equals + 1));
            }
            at += length;
        }
        return records;
    }

    private static String text(byte[] block, int from, int length) {
        int end = from;
        while (end < from + length && block[end] != 0) {
            end++;
        }
        return new String(block, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] block, int from, int length) throws IOException {
        String digits = text(block, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException malformed) {
            throw new IOException("a number in the archive is malformed: " + digits, malformed);
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte one : block) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }
}

package dev.slipway.agent.output;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A chunk on disk, with the state of the line processor behind it.
///
/// @param tailSequence position in the kept-back tail if it is or was part of it, else -1
/// @param state JSON; empty when it is that of the record before
record SpoolRecord(LogChunk chunk, long tailSequence, String state) {
    private static final int FORMAT = 1;

    byte[] encode() {
        var bytes = new ByteArrayOutputStream(chunk.data().length + state.length() + 128);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeLong(chunk.index());
            out.writeLong(chunk.rawFrom());
            out.writeLong(chunk.rawTo());
            out.writeBoolean(chunk.last());
            out.writeInt(chunk.crc32c());
            out.writeInt(chunk.plainSize());
            out.writeInt(chunk.lines());
            out.writeLong(tailSequence);
            text(out, chunk.gapCause());
            text(out, state);
            out.writeInt(chunk.data().length);
            out.write(chunk.data());
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// @throws IOException when it is no such record
    static SpoolRecord decode(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IOException(
                        "a log record has format %d; this agent reads %d"
                                .formatted(format, FORMAT));
            }
            long index = in.readLong();
            long rawFrom = in.readLong();
            long rawTo = in.readLong();
            boolean last = in.readBoolean();
            int crc = in.readInt();
            int plainSize = in.readInt();
            int lines = in.readInt();
            long tailSequence = in.readLong();
            String gapCause = text(in);
            String state = text(in);
            byte[] data = bytes(in);
            var body = new LogChunk.Body(data, crc, plainSize, lines, gapCause);
            var chunk = new LogChunk(index, rawFrom, rawTo, body, last);
            return new SpoolRecord(chunk, tailSequence, state);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a log record is cut off");
        }
        return in.readNBytes(length);
    }
}

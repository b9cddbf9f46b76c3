package dev.slipway.agent.output;

/// A piece of a step's log as it travels: once made it never changes, also when it is sent again.
public final class LogChunk {
    private final long index;
    private final long rawFrom;
    private final long rawTo;
    private final Body body;
    private final boolean last;

    /// What a chunk carries; see the methods of the chunk.
    static final class Body {
        private final byte[] zstd;
        private final int crc32c;
        private final int plainSize;
        private final int lines;
        private final String gapCause;

        Body(byte[] zstd, int crc32c, int plainSize, int lines, String gapCause) {
            this.zstd = zstd;
            this.crc32c = crc32c;
            this.plainSize = plainSize;
            this.lines = lines;
            this.gapCause = gapCause;
        }
    }

    LogChunk(long index, long rawFrom, long rawTo, Body body, boolean last) {
        this.index = index;
        this.rawFrom = rawFrom;
        this.rawTo = rawTo;
        this.body = body;
        this.last = last;
    }

    /// The same chunk at another place in the log.
    LogChunk at(long otherIndex) {
        return new LogChunk(otherIndex, rawFrom, rawTo, body, last);
    }

    /// Position in the step's log, from 0 without holes.
    public long index() {
        return index;
    }

    /// First raw byte that this chunk stands for.
    public long rawFrom() {
        return rawFrom;
    }

    /// Right behind the last raw byte; equal to {@link #rawFrom} for Slipway's own lines.
    public long rawTo() {
        return rawTo;
    }

    /// The lines ({@link dev.slipway.wire.LogLines}) compressed with zstd; not to be changed.
    public byte[] data() {
        return body.zstd;
    }

    /// CRC-32C of {@link #data}.
    public int crc32c() {
        return body.crc32c;
    }

    /// Size of the lines before compression.
    public int plainSize() {
        return body.plainSize;
    }

    /// How many lines there are.
    public int lines() {
        return body.lines;
    }

    /// Why output in this range is lost; empty if it is not.
    public String gapCause() {
        return body.gapCause;
    }

    /// Whether the step's log ends here.
    public boolean last() {
        return last;
    }

    Body body() {
        return body;
    }
}

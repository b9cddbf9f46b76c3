package dev.slipway.coordinator.sessions;

import com.github.luben.zstd.Zstd;

import dev.slipway.agent.v1.Token;
import dev.slipway.coordinator.backup.Restore;
import dev.slipway.coordinator.logs.Chunk;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.time.Clock;
import dev.slipway.wire.LogLine;
import dev.slipway.wire.LogLines;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The output of attempts that ran when the farm was restored from a backup: the agent has
/// forgotten what was acknowledged after the backup, so the log has a hole, which is filled with a
/// line that says so. Such attempts are known by their epoch: no farm begins as many in one
/// attempt's life.
final class RestoredLogs {
    static final String CAUSE =
            "the farm was restored from a backup, and this was acknowledged after it";

    /// A hole of more chunks than an agent can have sent in a day is not one.
    private static final long MOST_CHUNKS = 100_000;

    private final long epoch;
    private final Clock clock;

    /// @param epoch in which this coordinator leads
    RestoredLogs(long epoch, Clock clock) {
        this.epoch = epoch;
        this.clock = clock;
    }

    /// Whether a token was given before the farm was restored.
    boolean concerns(Token token) {
        return epoch - token.getEpoch() >= Restore.EPOCH_GAP;
    }

    /// What must be stored before a chunk that was refused for the hole before it; empty when it
    /// was refused for something else.
    List<Chunk> before(Chunk refused, Receipt receipt) {
        long missing = refused.index() - receipt.nextIndex();
        var chunks = new ArrayList<Chunk>();
        if (!receipt.refused() || missing < 1 || missing > MOST_CHUNKS) {
            return chunks;
        }
        chunks.add(gap(refused, receipt));
        for (long index = receipt.nextIndex() + 1; index < refused.index(); index++) {
            chunks.add(filler(refused, index));
        }
        return chunks;
    }

    private Chunk gap(Chunk refused, Receipt receipt) {
        byte[] text =
                "%d bytes of output are lost: %s"
                        .formatted(refused.rawFrom() - receipt.rawEnd(), CAUSE)
                        .getBytes(StandardCharsets.UTF_8);
        var line = new LogLines.Writer(64 + text.length);
        line.add(clock.now(), LogLine.Kind.GAP, text, 0, text.length);
        byte[] plain = line.take();
        byte[] data = Zstd.compress(plain);
        var crc = new CRC32C();
        crc.update(data);
        return new Chunk(
                refused.step(),
                receipt.nextIndex(),
                receipt.rawEnd(),
                refused.rawFrom(),
                ByteBuffer.wrap(data),
                (int) crc.getValue(),
                plain.length,
                1,
                CAUSE,
                false);
    }

    /// Indexes have no holes; these stand for nothing.
    private static Chunk filler(Chunk refused, long index) {
        return new Chunk(
                refused.step(),
                index,
                refused.rawFrom(),
                refused.rawFrom(),
                ByteBuffer.allocate(0),
                0,
                0,
                0,
                "",
                false);
    }
}

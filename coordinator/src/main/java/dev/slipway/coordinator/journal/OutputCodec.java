package dev.slipway.coordinator.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;

import dev.slipway.coordinator.logs.Chunk;
import dev.slipway.coordinator.logs.LogOrder;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.coordinator.storage.Millis;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.journal.v1.OutputBatch;
import dev.slipway.journal.v1.OutputChunk;
import dev.slipway.journal.v1.OutputClose;
import dev.slipway.journal.v1.OutputOrder;
import dev.slipway.journal.v1.OutputRemove;

import java.io.UncheckedIOException;
import java.util.List;

/// The log store's orders as `slipway.journal.v1.OutputBatch`.
final class OutputCodec {
    /// Raised when an older program would misread a batch.
    static final int FORMAT = 1;

    private OutputCodec() {}

    static byte[] encode(long epoch, List<LogOrder> orders) {
        var to = OutputBatch.newBuilder().setFormat(FORMAT).setEpoch(epoch);
        orders.forEach(order -> to.addOrders(encode(order)));
        return to.build().toByteArray();
    }

    /// @throws IllegalArgumentException for a format or an order that this program does not know
    static List<LogOrder> decode(byte[] bytes) {
        try {
            var from = OutputBatch.parseFrom(bytes);
            if (from.getFormat() != FORMAT) {
                throw new IllegalArgumentException(
                        "a batch of output has format %d, this program knows %d"
                                .formatted(from.getFormat(), FORMAT));
            }
            return from.getOrdersList().stream().map(OutputCodec::decode).toList();
        } catch (InvalidProtocolBufferException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static OutputOrder encode(LogOrder order) {
        var to = OutputOrder.newBuilder();
        switch (order) {
            case LogOrder.Append(Chunk chunk) -> to.setAppend(encode(chunk));
            case LogOrder.Close(AttemptId attempt, String cause, var at) ->
                    to.setClose(
                            OutputClose.newBuilder()
                                    .setRun(attempt.run())
                                    .setJob(attempt.job().job())
                                    .setAttempt(attempt.number())
                                    .setCause(cause)
                                    .setAtMs(Millis.of(at)));
            case LogOrder.Remove(long run, int chunks) ->
                    to.setRemove(OutputRemove.newBuilder().setRun(run).setChunks(chunks));
        }
        return to.build();
    }

    private static OutputChunk encode(Chunk chunk) {
        AttemptId attempt = chunk.step().attempt();
        return OutputChunk.newBuilder()
                .setRun(attempt.run())
                .setJob(attempt.job().job())
                .setAttempt(attempt.number())
                .setStep(chunk.step().step())
                .setIndex(chunk.index())
                .setRawFrom(chunk.rawFrom())
                .setRawTo(chunk.rawTo())
                .setData(UnsafeByteOperations.unsafeWrap(chunk.data().duplicate()))
                .setCrc32C(chunk.crc32c())
                .setPlainSize(chunk.plainSize())
                .setLines(chunk.lines())
                .setGapCause(chunk.gapCause())
                .setLast(chunk.last())
                .build();
    }

    private static LogOrder decode(OutputOrder from) {
        return switch (from.getKindCase()) {
            case APPEND -> new LogOrder.Append(decode(from.getAppend()));
            case CLOSE -> {
                OutputClose close = from.getClose();
                yield new LogOrder.Close(
                        attempt(close.getRun(), close.getJob(), close.getAttempt()),
                        close.getCause(),
                        Millis.at(close.getAtMs()));
            }
            case REMOVE ->
                    new LogOrder.Remove(from.getRemove().getRun(), from.getRemove().getChunks());
            case KIND_NOT_SET ->
                    throw new IllegalArgumentException(
                            "an order of the output log is of a kind that this program does not"
                                    + " know; start the newer version that wrote it");
        };
    }

    private static Chunk decode(OutputChunk from) {
        return new Chunk(
                new StepKey(
                        attempt(from.getRun(), from.getJob(), from.getAttempt()), from.getStep()),
                from.getIndex(),
                from.getRawFrom(),
                from.getRawTo(),
                from.getData().asReadOnlyByteBuffer(),
                from.getCrc32C(),
                from.getPlainSize(),
                from.getLines(),
                from.getGapCause(),
                from.getLast());
    }

    private static AttemptId attempt(long run, int job, int number) {
        return new JobId(run, job).attempt(number);
    }
}

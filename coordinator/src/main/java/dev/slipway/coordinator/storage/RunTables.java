package dev.slipway.coordinator.storage;

import com.google.protobuf.InvalidProtocolBufferException;

import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.FarmMeta;
import dev.slipway.coordinator.model.FarmView.TokenUse;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.TestReport;
import dev.slipway.id.AttemptId;
import dev.slipway.id.JobId;
import dev.slipway.journal.v1.Summary;

import java.nio.charset.StandardCharsets;

/// The tables of runs: their names, keys and values. Rows of unfinished runs and of finished ones
/// are the same rows. Keys begin with the run's number, so that all of a run lies together.
final class RunTables {
    /// Version of what these tables hold; see {@link #META}.
    static final int FORMAT = DataFormat.CURRENT;

    static final String META_KEY = "farm";

    static final Table<String, FarmMeta> META =
            new Table<>(
                    "meta", KeyCodec.TEXT, ProtoCodec.of(RunTables::encode, RunTables::decodeMeta));

    static final Table<Long, RunState> RUNS = new Table<>("runs", KeyCodec.NUMBER, new RunCodec());

    static final Table<Long, RunSpec> SPECS =
            new Table<>("specs", KeyCodec.NUMBER, new SpecCodec());

    static final Table<JobId, byte[]> JOBS = new Table<>("jobs", new JobKey(), raw());

    static final Table<AttemptId, byte[]> ATTEMPTS =
            new Table<>("attempts", new AttemptKey(), raw());

    /// By attempt and a count from 0.
    static final Table<AttemptPart, Annotation> ANNOTATIONS =
            new Table<>(
                    "annotations",
                    new AttemptPartKey(),
                    ProtoCodec.of(
                            annotation -> FindingsCodec.toProto(annotation).toByteArray(),
                            bytes ->
                                    FindingsCodec.fromProto(
                                            dev.slipway.journal.v1.Annotation.parseFrom(bytes))));

    /// Markdown by attempt and step.
    static final Table<AttemptPart, String> SUMMARIES =
            new Table<>(
                    "summaries",
                    new AttemptPartKey(),
                    ProtoCodec.of(
                            text -> Summary.newBuilder().setMarkdown(text).build().toByteArray(),
                            bytes -> Summary.parseFrom(bytes).getMarkdown()));

    static final Table<AttemptId, TestReport> TESTS =
            new Table<>(
                    "tests",
                    new AttemptKey(),
                    ProtoCodec.of(
                            report -> FindingsCodec.toProto(report).toByteArray(),
                            bytes ->
                                    FindingsCodec.fromProto(
                                            dev.slipway.journal.v1.TestReport.parseFrom(bytes))));

    /// Numbers of unfinished runs: what a start reads.
    static final Table<Long, byte[]> UNFINISHED = new Table<>("unfinished", KeyCodec.NUMBER, raw());

    static final Table<String, TokenUse> TOKENS =
            new Table<>(
                    "tokens",
                    KeyCodec.TEXT,
                    ProtoCodec.of(RunTables::encode, RunTables::decodeToken));

    /// Tokens by the time of their use: what the cleaning reads.
    static final Table<TimedText, byte[]> TOKEN_TIMES =
            new Table<>("token_times", new TimedTextKey(), raw());

    static final Table<String, Long> COUNTERS =
            new Table<>(
                    "counters",
                    KeyCodec.TEXT,
                    ProtoCodec.of(
                            number -> KeyCodec.NUMBER.encode(number),
                            bytes -> KeyCodec.NUMBER.read(new KeyReader(bytes))));

    static final Table<String, String> DRAINS =
            new Table<>(
                    "drains",
                    KeyCodec.TEXT,
                    ProtoCodec.of(
                            text -> text.getBytes(StandardCharsets.UTF_8),
                            bytes -> new String(bytes, StandardCharsets.UTF_8)));

    static final byte[] NOTHING = new byte[0];

    private RunTables() {}

    /// A part of an attempt: the number of an annotation or of a step.
    record AttemptPart(AttemptId attempt, int part) {}

    /// A text and the time in milliseconds that orders it.
    record TimedText(long millis, String text) {}

    static byte[] encode(JobState job) {
        return JobCodec.encode(job);
    }

    static byte[] encode(AttemptState attempt) {
        return AttemptCodec.encode(attempt);
    }

    private static byte[] encode(FarmMeta meta) {
        return dev.slipway.journal.v1.FarmMeta.newBuilder()
                .setFormat(FORMAT)
                .setFarmId(meta.farmId())
                .setEpoch(meta.epoch())
                .setPosition(meta.position())
                .setSequence(meta.sequence())
                .setLastRun(meta.lastRun())
                .setTimeMs(Millis.of(meta.time()))
                .build()
                .toByteArray();
    }

    private static FarmMeta decodeMeta(byte[] bytes) throws InvalidProtocolBufferException {
        var from = dev.slipway.journal.v1.FarmMeta.parseFrom(bytes);
        if (from.getFormat() < 1 || from.getFormat() > FORMAT) {
            throw new IllegalArgumentException(
                    "its format is %d, this program knows 1 to %d"
                            .formatted(from.getFormat(), FORMAT));
        }
        return new FarmMeta(
                from.getFarmId(),
                from.getEpoch(),
                from.getPosition(),
                from.getSequence(),
                from.getLastRun(),
                Millis.at(from.getTimeMs()));
    }

    private static byte[] encode(TokenUse use) {
        return dev.slipway.journal.v1.TokenUse.newBuilder()
                .setRun(use.run())
                .setRunAttempt(use.runAttempt())
                .setAtMs(Millis.of(use.at()))
                .build()
                .toByteArray();
    }

    private static TokenUse decodeToken(byte[] bytes) throws InvalidProtocolBufferException {
        var from = dev.slipway.journal.v1.TokenUse.parseFrom(bytes);
        return new TokenUse(from.getRun(), from.getRunAttempt(), Millis.at(from.getAtMs()));
    }

    private static Codec<byte[]> raw() {
        return ProtoCodec.of(bytes -> bytes, bytes -> bytes);
    }

    private static final class JobKey implements KeyCodec<JobId> {
        @Override
        public void write(JobId key, KeyWriter to) {
            to.number(key.run()).small(key.job());
        }

        @Override
        public JobId read(KeyReader from) {
            return new JobId(from.number(), from.small());
        }
    }

    private static final class AttemptKey implements KeyCodec<AttemptId> {
        @Override
        public void write(AttemptId key, KeyWriter to) {
            to.number(key.run()).small(key.job().job()).small(key.number());
        }

        @Override
        public AttemptId read(KeyReader from) {
            return new JobId(from.number(), from.small()).attempt(from.small());
        }
    }

    private static final class AttemptPartKey implements KeyCodec<AttemptPart> {
        private final AttemptKey attempts = new AttemptKey();

        @Override
        public void write(AttemptPart key, KeyWriter to) {
            attempts.write(key.attempt(), to);
            to.small(key.part());
        }

        @Override
        public AttemptPart read(KeyReader from) {
            return new AttemptPart(attempts.read(from), from.small());
        }
    }

    private static final class TimedTextKey implements KeyCodec<TimedText> {
        @Override
        public void write(TimedText key, KeyWriter to) {
            to.number(key.millis()).text(key.text());
        }

        @Override
        public TimedText read(KeyReader from) {
            return new TimedText(from.number(), from.text());
        }
    }
}

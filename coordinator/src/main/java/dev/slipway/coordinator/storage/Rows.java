package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.RunRecords;

import java.util.List;
import java.util.stream.Stream;

/// Records as the bytes that are stored.
public final class Rows {
    private static final RunCodec RUNS = new RunCodec();

    private Rows() {}

    /// The run's row, those of its jobs, those of its attempts.
    public static List<byte[]> of(RunRecords records) {
        return Stream.of(
                        Stream.of(RUNS.encode(records.run())),
                        records.jobs().stream().map(JobCodec::encode),
                        records.attempts().stream().map(AttemptCodec::encode))
                .flatMap(rows -> rows)
                .toList();
    }
}

package dev.slipway.coordinator.logs;

import dev.slipway.coordinator.logs.LogIndex.SegmentRow;
import dev.slipway.coordinator.storage.Problem;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Reads every chunk of output that the index names, compares checksums, and says what is wrong.
/// Changes nothing.
public final class LogCheck {
    private final Path folder;
    private final LogIndex index;
    private final Consumer<Problem> found;
    private long chunks;
    private long bytes;

    /// @param folder that of the segments
    public LogCheck(Path folder, LogIndex index, Consumer<Problem> found) {
        this.folder = folder;
        this.index = index;
        this.found = found;
    }

    /// @param runs those that are recorded
    public void run(Set<Long> runs) {
        try {
            index.segments().forEach(this::segment);
            index.everyStep((step, log) -> step(step, log, runs::contains));
        } catch (SlipwayException problem) {
            found.accept(new Problem("log index", problem.getMessage()));
        }
    }

    /// How many chunks were read.
    public long chunks() {
        return chunks;
    }

    /// How many bytes they have.
    public long bytes() {
        return bytes;
    }

    private void segment(int number, SegmentRow row) {
        Path file = Segments.path(folder, number);
        try {
            if (!Files.exists(file)) {
                if (row.live() > 0) {
                    found.accept(
                            new Problem(
                                    file.toString(),
                                    "the file is gone; %d bytes of it are needed"
                                            .formatted(row.live())));
                }
            } else if (Files.size(file) < row.indexedTo()) {
                found.accept(
                        new Problem(
                                file.toString(),
                                "it ends at byte %d; %d are indexed"
                                        .formatted(Files.size(file), row.indexedTo())));
            }
        } catch (IOException problem) {
            found.accept(new Problem(file.toString(), "it cannot be read: " + problem));
        }
    }

    private void step(StepKey step, StepLog log, Predicate<Long> recorded) {
        if (!recorded.test(step.run())) {
            found.accept(new Problem("log of step " + step, "its run is not recorded"));
        }
        long next = 0;
        long rawEnd = 0;
        for (var rows = index.chunks(step, 0, 1_000);
                !rows.isEmpty();
                rows = index.chunks(step, next, 1_000)) {
            for (ChunkRow row : rows) {
                if (row.index() != next || row.rawFrom() != rawEnd) {
                    found.accept(
                            new Problem(
                                    "log of step " + step,
                                    ("chunk %d should follow at byte %d, but chunk %d at byte %d"
                                                    + " does")
                                            .formatted(next, rawEnd, row.index(), row.rawFrom())));
                }
                next = row.index() + 1;
                rawEnd = row.rawTo();
                chunk(row);
            }
        }
        if (next != log.nextIndex() || rawEnd != log.rawEnd()) {
            found.accept(
                    new Problem(
                            "log of step " + step,
                            "%d chunks up to byte %d are named, but it has %d up to byte %d"
                                    .formatted(next, rawEnd, log.nextIndex(), log.rawEnd())));
        }
    }

    private void chunk(ChunkRow row) {
        Path file = Segments.path(folder, row.segment());
        try {
            if (Segments.read(folder, row) == null) {
                found.accept(
                        new Problem(
                                file.toString(),
                                "the file is gone; chunk %d of step %s was in it"
                                        .formatted(row.index(), row.step())));
            }
            chunks++;
            bytes += row.length();
        } catch (SlipwayException damaged) {
            found.accept(
                    new Problem(
                            file.toString(),
                            "chunk %d of step %s at byte %d: %s"
                                    .formatted(
                                            row.index(),
                                            row.step(),
                                            row.offset(),
                                            damaged.getMessage())));
        } catch (IOException problem) {
            found.accept(new Problem(file.toString(), "it cannot be read: " + problem));
        }
    }
}

package dev.slipway.coordinator.backup;

import dev.slipway.coordinator.blobs.BlobCheck;
import dev.slipway.coordinator.blobs.BlobRef;
import dev.slipway.coordinator.logs.LogCheck;
import dev.slipway.coordinator.logs.LogIndex;
import dev.slipway.coordinator.storage.BlobsElsewhere;
import dev.slipway.coordinator.storage.DataFormat;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.coordinator.storage.FileRows;
import dev.slipway.coordinator.storage.Problem;
import dev.slipway.coordinator.storage.RocksDatabase;
import dev.slipway.coordinator.storage.TableCheck;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Reads everything in a data directory that nobody serves, or in a backup, and says what is
/// damaged, missing or left over: table files, rows, output, blobs, and references between them.
/// Blobs that are kept elsewhere ({@link BlobsElsewhere}) are not looked for. Changes nothing.
public final class DataCheck {
    private final DataLayout data;
    private final Clock clock;
    private final AtomicLong problems = new AtomicLong();
    private final Consumer<Problem> found;

    /// @param found hears of each problem as it is found
    public DataCheck(Path data, Clock clock, Consumer<Problem> found) {
        this.data = new DataLayout(data);
        this.clock = clock;
        this.found =
                problem -> {
                    problems.incrementAndGet();
                    found.accept(problem);
                };
    }

    /// What was read.
    public record Summary(
            long problems,
            long runs,
            long rows,
            long chunks,
            long logBytes,
            long blobs,
            long blobBytes) {}

    /// @throws SlipwayException when there is no data, a coordinator serves it, or a newer Slipway
    ///   wrote it
    public Summary run() {
        if (!Files.isDirectory(data.database())) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s is neither a data directory nor a backup: it has no folder db."
                            .formatted(data.root()));
        }
        try (var _ = new FreeData(data)) {
            DataFormat.require(data);
            return check();
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "%s cannot be read (%s).".formatted(data.root(), problem),
                    problem);
        }
    }

    private Summary check() {
        var blobCheck = new BlobCheck(data.blobs(), found);
        blobCheck.run();
        boolean inside = BlobsElsewhere.read(data).isEmpty();
        RocksDatabase database;
        try {
            database = RocksDatabase.openReadOnly(data.database());
        } catch (SlipwayException damaged) {
            found.accept(new Problem(data.database().toString(), damaged.getMessage()));
            return new Summary(problems.get(), 0, 0, 0, 0, blobCheck.blobs(), blobCheck.bytes());
        }
        try (database) {
            database.verify().forEach(found);
            var tables = new TableCheck(database, found);
            Set<Long> runs = tables.run();
            var logs = new LogCheck(data.logs(), new LogIndex(database), found);
            logs.run(runs);
            references(database, runs, blobCheck, inside);
            if (inside) {
                sources(tables, blobCheck);
            }
            return new Summary(
                    problems.get(),
                    runs.size(),
                    tables.rows(),
                    logs.chunks(),
                    logs.bytes(),
                    blobCheck.blobs(),
                    blobCheck.bytes());
        }
    }

    private static void sources(TableCheck tables, BlobCheck blobs) {
        tables.sources(
                bundle ->
                        blobs.require(
                                new BlobRef(bundle.sha256(), bundle.size()),
                                "the source of a run"));
    }

    /// @param inside whether the blobs are in the data, and not elsewhere
    private void references(
            RocksDatabase database, Set<Long> runs, BlobCheck blobs, boolean inside) {
        try {
            var files = new FileRows(database);
            files.artifacts(
                    row -> {
                        String name = "artifact '%s' of run %d".formatted(row.name(), row.run());
                        if (!runs.contains(row.run())) {
                            found.accept(new Problem(name, "its run is not recorded"));
                        }
                        if (inside && row.expiresAt().isAfter(clock.now())) {
                            blobs.requireAll(BlobRef.of(row.manifest()), name);
                        }
                        return true;
                    });
            files.caches(
                    used -> {
                        var cache = used.cache();
                        String name = "cache '%s'".formatted(cache.name().key());
                        if (inside) {
                            blobs.requireAll(BlobRef.of(cache.manifest()), name);
                        }
                        return true;
                    });
        } catch (SlipwayException damaged) {
            found.accept(new Problem("artifacts and caches", damaged.getMessage()));
        }
    }

    /// Sees to it that no coordinator serves the data meanwhile; a backup has no lock.
    private static final class FreeData implements AutoCloseable {
        private final FileChannel lockFile;

        @SuppressWarnings("resource") // closed below, or by the caller
        FreeData(DataLayout data) throws IOException {
            Path file = data.root().resolve("lock");
            lockFile = FileChannel.open(Files.exists(file) ? file : data.format());
            if (Files.exists(file) && !lock()) {
                lockFile.close();
                throw new SlipwayException(
                        ErrorCode.STORAGE_FAILED,
                        "A coordinator serves %s. Stop it first, or take a backup and verify that."
                                .formatted(data.root()));
            }
        }

        private boolean lock() throws IOException {
            try {
                return lockFile.tryLock(0, Long.MAX_VALUE, true) != null;
            } catch (OverlappingFileLockException sameProcess) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            lockFile.close();
        }
    }
}

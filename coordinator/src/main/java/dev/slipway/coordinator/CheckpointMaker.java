package dev.slipway.coordinator;

import dev.slipway.coordinator.api.Checkpoints;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// Copies the data directory by links, for one standby at a time.
final class CheckpointMaker implements Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointMaker.class);

    private final DiskStores disk;
    private final Semaphore one = new Semaphore(1);

    CheckpointMaker(DiskStores disk) {
        this.disk = disk;
    }

    @Override
    public Checkpoint take() throws IOException {
        if (!one.tryAcquire()) {
            throw new SlipwayException(
                    ErrorCode.OVERLOADED,
                    "Another standby is being sent a checkpoint. Try again in a minute.");
        }
        Path root = disk.layout.root().resolve("checkpoint");
        boolean made = false;
        try {
            DataFolder.delete(root);
            Files.createDirectories(root.resolve("logs"));
            List<Part> parts = link(root);
            made = true;
            return new Checkpoint(root, parts, disk.stores.runs.position(), () -> end(root));
        } finally {
            if (!made) {
                end(root);
            }
        }
    }

    /// Tables and segments as of one moment: no output is written meanwhile.
    private List<Part> link(Path root) throws IOException {
        var parts = new ArrayList<Part>();
        disk.stores
                .logs
                .freeze(root.resolve("logs"), () -> disk.database.checkpoint(root.resolve("db")))
                .forEach((name, size) -> parts.add(new Part("logs/" + name, size)));
        try (Stream<Path> files = Files.list(root.resolve("db"))) {
            for (Path file : files.sorted().toList()) {
                parts.add(new Part("db/" + file.getFileName(), Files.size(file)));
            }
        }
        return parts;
    }

    private void end(Path root) {
        try {
            DataFolder.delete(root);
        } catch (IOException problem) {
            LOG.warn("A checkpoint could not be deleted. folder={}", root, problem);
        } finally {
            one.release();
        }
    }
}

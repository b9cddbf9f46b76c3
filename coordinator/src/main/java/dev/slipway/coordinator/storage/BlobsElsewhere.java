package dev.slipway.coordinator.storage;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The note in a data directory, and in each backup of it, that its blobs are outside: who copies
/// or checks the data must know that they are not in it.
public final class BlobsElsewhere {
    private BlobsElsewhere() {}

    /// Makes the note say where the blobs are.
    ///
    /// @param where for people; empty: in the data directory
    public static void note(DataLayout data, Optional<String> where) throws IOException {
        Path file = data.blobsElsewhere();
        if (where.isPresent()) {
            Durable.write(file, where.get() + "\n");
        } else if (Files.exists(file)) {
            Durable.delete(file);
        }
    }

    /// Where the blobs are; empty: in the data directory.
    public static Optional<String> read(DataLayout data) {
        try {
            return Optional.of(Files.readString(data.blobsElsewhere()).strip());
        } catch (NoSuchFileException inside) {
            return Optional.empty();
        } catch (IOException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "%s cannot be read (%s). Give this user read permission."
                            .formatted(data.blobsElsewhere(), problem),
                    problem);
        }
    }
}

package dev.slipway.coordinator.storage;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The version of everything in a data directory together, as a number in its file `format`. It is
/// raised when an older program would misread or damage what a newer one writes; the row about the
/// farm carries it too, because 0.1.0 looks only there.
///
/// | format | since | what is new |
/// |---|---|---|
/// | 1 | 0.1.0 | |
/// | 2 | 0.2.0 | artifacts and caches are rows that events of the journal write |
public final class DataFormat {
    /// What this program writes, and the newest that it reads.
    public static final int CURRENT = 2;

    private DataFormat() {}

    /// Refuses what this program cannot read.
    ///
    /// @return the format that is there
    /// @throws SlipwayException when a newer program wrote it, or the file is damaged
    public static int require(DataLayout layout) throws IOException {
        Path file = layout.format();
        String text = Files.readString(file).strip();
        int format;
        try {
            format = Integer.parseInt(text);
        } catch (NumberFormatException damaged) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The file %s should hold the number of a data format but holds '%s'. Check the"
                                    .formatted(file, text)
                            + " disk and put the file back from a backup.",
                    damaged);
        }
        if (format > CURRENT) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "The data directory %s has format %d: a newer Slipway wrote it, and this one"
                                    .formatted(layout.root(), format)
                            + " reads up to format %d. Start the newer version, or restore a backup"
                                    .formatted(CURRENT)
                            + " that was taken before the upgrade.");
        }
        return format;
    }

    /// Writes the number durably; the last thing that makes a directory a data directory.
    public static void write(DataLayout layout) throws IOException {
        Durable.write(layout.format(), CURRENT + "\n");
    }
}

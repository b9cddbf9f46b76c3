package dev.slipway.coordinator.backup;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;

/// What a backup is of. Kept in its file `backup.json`, which is written last: a folder without it
/// is no backup.
///
/// @param farmId of the farm
/// @param epoch of the coordinator that had written last
/// @param position everything up to this journal position is in it
/// @param lastRun the highest run number in it
/// @param takenAt when the tables were copied
/// @param files how many files it has
/// @param bytes of all its files
/// @param newFiles how many of them the backup before did not have
/// @param newBytes of those
public record BackupInfo(
        String farmId,
        long epoch,
        long position,
        long lastRun,
        Instant takenAt,
        long files,
        long bytes,
        long newFiles,
        long newBytes) {
    static final String FILE = "backup.json";

    /// One line.
    public String json() {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("farm", Value.of(farmId));
        fields.put("epoch", Value.of((double) epoch));
        fields.put("position", Value.of((double) position));
        fields.put("last_run", Value.of((double) lastRun));
        fields.put("taken_at", Value.of(takenAt.toString()));
        fields.put("files", Value.of((double) files));
        fields.put("bytes", Value.of((double) bytes));
        fields.put("new_files", Value.of((double) newFiles));
        fields.put("new_bytes", Value.of((double) newBytes));
        return Json.compact(Value.object(fields));
    }

    /// Reads what {@link #json} wrote.
    static BackupInfo parse(String text, String source) {
        try {
            Value value = Json.parse(text);
            return new BackupInfo(
                    text(value, "farm"),
                    number(value, "epoch"),
                    number(value, "position"),
                    number(value, "last_run"),
                    Instant.parse(text(value, "taken_at")),
                    number(value, "files"),
                    number(value, "bytes"),
                    number(value, "new_files"),
                    number(value, "new_bytes"));
        } catch (IllegalArgumentException | DateTimeException damaged) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "%s is damaged (%s). Use another backup."
                            .formatted(source, damaged.getMessage()),
                    damaged);
        }
    }

    static BackupInfo read(Path backup) throws IOException {
        Path file = backup.resolve(FILE);
        return parse(Files.readString(file), file.toString());
    }

    private static String text(Value from, String key) {
        if (from.get(key) instanceof Value.StringValue(String text)) {
            return text;
        }
        throw new IllegalArgumentException("'%s' is missing".formatted(key));
    }

    private static long number(Value from, String key) {
        if (from.get(key) instanceof Value.NumberValue(double number)) {
            return (long) number;
        }
        throw new IllegalArgumentException("'%s' is missing".formatted(key));
    }
}

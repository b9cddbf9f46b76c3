package dev.slipway.coordinator.storage;

import java.nio.file.Path;
import java.util.Locale;

/// What an operator can do about an error of RocksDB.
final class RocksAdvice {
    private RocksAdvice() {}

    static String on(Path folder, Exception problem) {
        String message = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("corrupt") || message.contains("checksum mismatch")) {
            return "A file is damaged: check the disk, then restore a backup.";
        }
        if (message.contains("lock file") || message.contains("lock hold")) {
            return "Another process uses it: stop that one, or give this one another --data.";
        }
        if (message.contains("no space") || message.contains("disk quota")) {
            return "Free space on the disk of %s and start again; nothing acknowledged is lost."
                    .formatted(folder);
        }
        if (message.contains("read-only") || message.contains("permission denied")) {
            return "Make %s writable for this user and start again.".formatted(folder);
        }
        if (message.contains("no such file")) {
            return "A file is missing: restore a backup.";
        }
        return "Check the disk of %s and start again.".formatted(folder);
    }
}

package dev.slipway.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;

/// The file through which the agent tells the supervisors until when a job may run: `<boot id>
/// <uptime in seconds, two decimals>`. It need not survive the machine, so it is not synced:
/// another boot id makes it void.
public final class LeaseFile {
    private LeaseFile() {}

    /// Replaces the lease in one step; a reader sees the old one or the new one.
    ///
    /// @param endsAt on the kernel's uptime, {@link Boot#uptime}
    public static void write(Path file, Boot boot, Duration endsAt) throws IOException {
        long hundredths = Math.max(100, endsAt.toMillis() / 10);
        String line =
                String.format(
                        Locale.ROOT, "%s %d.%02d\n", boot.id(), hundredths / 100, hundredths % 100);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, line);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}

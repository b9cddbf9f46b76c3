package dev.slipway.cli.data;

import dev.slipway.cli.terminal.Terminal;
import dev.slipway.coordinator.backup.Backups;
import dev.slipway.coordinator.storage.BlobsElsewhere;
import dev.slipway.coordinator.storage.DataLayout;
import dev.slipway.time.Clock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/// Shows people how far a copy is: one line, rewritten every second.
final class Copying implements Consumer<Backups.Progress>, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Terminal terminal;
    private final Clock clock;
    private Duration told;
    private boolean shown;

    Copying(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
        this.told = clock.uptime();
    }

    @Override
    public void accept(Backups.Progress progress) {
        Duration now = clock.uptime();
        if (!terminal.errIsTerminal() || now.minus(told).compareTo(EVERY) < 0) {
            return;
        }
        told = now;
        shown = true;
        terminal.err()
                .print(
                        "\r%d files, %s\u001b[K"
                                .formatted(progress.files(), size(progress.bytes())));
        terminal.err().flush();
    }

    /// Bytes as people read them.
    static String size(long bytes) {
        if (bytes < 1 << 20) {
            return "%d KiB".formatted((bytes + 1023) >> 10);
        }
        return bytes < 1L << 30
                ? "%.1f MiB".formatted(bytes / (double) (1 << 20))
                : "%.1f GiB".formatted(bytes / (double) (1L << 30));
    }

    /// Tells people, if so, that the blobs are not in a data directory or a backup of one.
    ///
    /// @param what is to be done; `%s` is where they are
    static void tellElsewhere(Terminal terminal, Path data, String what) {
        BlobsElsewhere.read(new DataLayout(data))
                .ifPresent(where -> terminal.message(what.formatted(where)));
    }

    @Override
    public void close() {
        if (shown) {
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
        }
    }
}

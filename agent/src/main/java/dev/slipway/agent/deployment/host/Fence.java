package dev.slipway.agent.deployment.host;

import dev.slipway.time.Timers;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// At most one writer at a time in a deployment's folder: a file under flock(2).
///
/// The lock is held by a program whose input this process holds open, so it ends with this process,
/// however that ends. Java's own file locks would not do: they are the whole JVM's, and closing any
/// channel of the file loses them.
final class Fence {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TRIES = 600;

    private final Path file;
    private final Timers timers;

    Fence(Path file, Timers timers) {
        this.file = file;
        this.timers = timers;
    }

    /// The lock, until it is closed.
    static final class Held implements AutoCloseable {
        private final Process holder;

        private Held(Process holder) {
            this.holder = holder;
        }

        @Override
        public void close() throws IOException {
            holder.getOutputStream().close();
            waitFor(holder);
        }
    }

    /// Waits for the lock, at most two minutes.
    Held take() throws IOException, InterruptedException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        for (int i = 0; i < TRIES; i++) {
            Process holder = start();
            try {
                String answer =
                        new BufferedReader(
                                        new InputStreamReader(
                                                holder.getInputStream(), StandardCharsets.UTF_8))
                                .readLine();
                if ("held".equals(answer)) {
                    return new Held(holder);
                }
                requireBusy(holder, answer);
            } catch (IOException | InterruptedException problem) {
                holder.destroy();
                throw problem;
            }
            timers.pause(PAUSE);
        }
        throw new IOException(
                "Another deployment has held %s for two minutes. See who with: fuser -v %s"
                        .formatted(file, file));
    }

    private Process start() throws IOException {
        try {
            return new ProcessBuilder(
                            "flock",
                            "--exclusive",
                            "--nonblock",
                            "--conflict-exit-code",
                            "75",
                            file.toString(),
                            "sh",
                            "-c",
                            "echo held; exec cat >/dev/null")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            throw new IOException(
                    "Cannot run flock (%s). Install the package util-linux on this agent."
                            .formatted(missing.getMessage()),
                    missing);
        }
    }

    private void requireBusy(Process holder, @Nullable String answer)
            throws IOException, InterruptedException {
        int code = holder.waitFor();
        if (code != 75) {
            throw new IOException(
                    "Cannot lock %s: %s"
                            .formatted(file, answer == null ? "flock ended with " + code : answer));
        }
    }

    /// The next holder must find the lock free, also when this thread is being stopped.
    private static void waitFor(Process holder) {
        boolean interrupted = false;
        while (holder.isAlive()) {
            try {
                holder.waitFor();
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

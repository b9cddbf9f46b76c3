package dev.slipway.agent.executor;

import dev.slipway.agent.docker.Containers;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// A container's output by offset. The engine keeps it from the first byte on and gives it in the
/// same order each time, so an offset is found again by counting.
///
/// One thread may read.
final class ContainerOutput implements AutoCloseable {
    /// Holds up the engine's stream, not the container: the engine writes to its own file.
    private static final int QUEUED_FRAMES = 64;

    private static final byte[] END = new byte[0];

    private final Containers containers;
    private final String container;
    private final Threads threads;
    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(QUEUED_FRAMES);
    private volatile @Nullable IOException problem;
    private volatile boolean closed;
    private volatile @Nullable Thread follower;

    private byte[] current = END;
    private int used;
    private boolean ended;

    ContainerOutput(Containers containers, String container, Threads threads) {
        this.containers = containers;
        this.container = container;
        this.threads = threads;
    }

    /// Reads on; the first call says from where.
    ///
    /// @return -1 at the end
    int read(long rawOffset, byte[] buffer) throws IOException, InterruptedException {
        if (follower == null) {
            follower = threads.start("output " + container, () -> follow(rawOffset));
        }
        while (used == current.length) {
            if (ended) {
                return -1;
            }
            current = frames.take();
            used = 0;
            if (current.length == 0) {
                ended = true;
                if (closed) {
                    throw new NotFollowedException(container);
                }
                IOException failed = problem;
                if (failed != null) {
                    throw failed;
                }
            }
        }
        int count = Math.min(buffer.length, current.length - used);
        System.arraycopy(current, used, buffer, 0, count);
        used += count;
        return count;
    }

    private void follow(long from) {
        var skipped = new long[] {0};
        try {
            containers.output(
                    container,
                    true,
                    bytes -> {
                        long skip = Math.min(from - skipped[0], bytes.length);
                        skipped[0] += Math.max(0, skip);
                        return offer(
                                skip <= 0
                                        ? bytes
                                        : Arrays.copyOfRange(bytes, (int) skip, bytes.length));
                    });
        } catch (DockerException failed) {
            problem = failed;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        put(END);
    }

    /// @return false when nobody reads any more
    private boolean offer(byte[] bytes) {
        return bytes.length == 0 || put(bytes);
    }

    private boolean put(byte[] bytes) {
        try {
            if (!closed) {
                frames.put(bytes);
            }
            return !closed;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        frames.clear();
        Thread running = follower;
        if (running != null) {
            running.interrupt();
        }
        // Whoever waits for more hears of the end.
        if (!frames.offer(END)) {
            frames.clear();
        }
    }
}

package dev.slipway.coordinator.backup;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Threads;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Takes orders for backups while a coordinator serves: a Unix socket in its data directory.
/// Whoever may look into that directory has all the data anyway; over the network nobody can make a
/// coordinator write files.
///
/// ```
/// → int version · UTF target folder · int keep
/// ← byte 0 · long files · long bytes                  how far it is, repeated
/// ← byte 1 · UTF folder · UTF backup.json             done
/// ← byte 2 · UTF error code · UTF message             failed
/// ```
public final class ControlSocket implements AutoCloseable {
    static final int VERSION = 1;
    static final int PROGRESS = 0;
    static final int DONE = 1;
    static final int FAILED = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final String NAME = "control.sock";
    private static final int CALLERS = 4;
    private static final long TELL_EVERY_BYTES = 8L << 20;
    private static final long TELL_EVERY_FILES = 500;

    private final Backups backups;
    private final Threads threads;
    private final Path socket;
    private final ServerSocketChannel server;
    private final Semaphore callers = new Semaphore(CALLERS);
    private final Set<Thread> serving = ConcurrentHashMap.newKeySet();
    private final Thread listener;

    /// Listens in a data directory that this process holds the lock of.
    public ControlSocket(Path data, Backups backups, Threads threads) throws IOException {
        this.backups = backups;
        this.threads = threads;
        this.socket = data.resolve(NAME);
        Files.deleteIfExists(socket);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (var address = new SocketPath(socket)) {
            server.bind(address.get());
        } catch (IOException problem) {
            server.close();
            throw problem;
        }
        this.listener = threads.start("slipway-control", this::listen);
    }

    private void listen() {
        while (true) {
            try {
                SocketChannel caller = server.accept();
                if (callers.tryAcquire()) {
                    threads.start("slipway-backup", () -> serve(caller));
                } else {
                    caller.close();
                }
            } catch (ClosedChannelException closing) {
                return;
            } catch (IOException problem) {
                LOG.warn(
                        "The control socket failed; backups need a restart. socket={}",
                        socket,
                        problem);
                return;
            }
        }
    }

    private void serve(SocketChannel caller) {
        serving.add(Thread.currentThread());
        if (!server.isOpen()) {
            Thread.currentThread().interrupt();
        }
        try (caller;
                var in = new DataInputStream(Channels.newInputStream(caller));
                var out = new DataOutputStream(Channels.newOutputStream(caller))) {
            int version = in.readInt();
            if (version != VERSION) {
                fail(
                        out,
                        new SlipwayException(
                                ErrorCode.INVALID_ARGUMENT,
                                "The coordinator and this command are of different versions. Use"
                                        + " the coordinator's own `slipway backup`."));
                return;
            }
            take(new Backups.Wanted(Path.of(in.readUTF()), in.readInt()), out);
        } catch (SlipwayException | IOException problem) {
            LOG.warn("A backup's caller has gone or spoke nonsense.", problem);
        } finally {
            serving.remove(Thread.currentThread());
            callers.release();
        }
    }

    private void take(Backups.Wanted wanted, DataOutputStream out) throws IOException {
        try {
            Backups.Taken taken = backups.take(wanted, new Teller(out));
            LOG.info(
                    "Took a backup. folder={} position={} files={} newBytes={}",
                    taken.folder(),
                    taken.info().position(),
                    taken.info().files(),
                    taken.info().newBytes());
            out.writeByte(DONE);
            out.writeUTF(taken.folder().toString());
            out.writeUTF(taken.info().json());
        } catch (SlipwayException problem) {
            LOG.warn("A backup failed. to={}", wanted.to(), problem);
            fail(out, problem);
        }
    }

    private static void fail(DataOutputStream out, SlipwayException problem) throws IOException {
        out.writeByte(FAILED);
        out.writeUTF(problem.code().name());
        out.writeUTF(String.valueOf(problem.getMessage()));
    }

    /// Tells the caller now and then how far it is; a caller that has gone does not end the backup.
    private static final class Teller implements java.util.function.Consumer<Backups.Progress> {
        private final DataOutputStream out;
        private long toldBytes;
        private long toldFiles;
        private @Nullable IOException gone;

        Teller(DataOutputStream out) {
            this.out = out;
        }

        @Override
        public void accept(Backups.Progress progress) {
            boolean news =
                    progress.bytes() - toldBytes >= TELL_EVERY_BYTES
                            || progress.files() - toldFiles >= TELL_EVERY_FILES;
            if (!news || gone != null) {
                return;
            }
            toldBytes = progress.bytes();
            toldFiles = progress.files();
            try {
                out.writeByte(PROGRESS);
                out.writeLong(progress.files());
                out.writeLong(progress.bytes());
            } catch (IOException left) {
                gone = left;
            }
        }
    }

    /// The socket of a data directory.
    static Path of(Path data) {
        return data.resolve(NAME);
    }

    /// A backup that is being taken is broken off.
    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        try {
            listener.join();
            serving.forEach(Thread::interrupt);
            callers.acquire(CALLERS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

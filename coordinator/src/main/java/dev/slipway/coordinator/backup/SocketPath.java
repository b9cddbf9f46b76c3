package dev.slipway.coordinator.backup;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The address of a Unix socket, however long its path is: an address holds at most 107 bytes, so a
/// longer path goes through a short link that lives only as long as this does.
final class SocketPath implements AutoCloseable {
    private static final int LONGEST = 100;

    private final Path socket;
    private final Path link;

    SocketPath(Path socket) throws IOException {
        this.socket = socket.toAbsolutePath();
        boolean fits = this.socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
        this.link =
                fits
                        ? this.socket
                        : Files.createSymbolicLink(
                                Files.createTempDirectory("slipway").resolve("d"),
                                this.socket.getParent());
    }

    UnixDomainSocketAddress get() {
        return UnixDomainSocketAddress.of(
                link.equals(socket) ? socket : link.resolve(socket.getFileName()));
    }

    @Override
    public void close() throws IOException {
        if (!link.equals(socket)) {
            Files.deleteIfExists(link);
            Path folder = link.getParent();
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        }
    }
}

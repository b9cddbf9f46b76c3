package dev.slipway.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/// Where the processes of a cluster live: what addresses they have, and how they are cut off.
interface Place extends AutoCloseable {
    /// The address of a process. Asking again gives the same.
    String host(String name);

    /// A port for a process that it keeps through restarts.
    int port(String name);

    /// What goes before a process's command.
    List<String> prefix(String name);

    /// Cuts a process off from all others, both ways and without a goodbye.
    void cut(String name);

    void mend(String name);

    @Override
    void close();

    /// All on this machine's loopback; nobody can be cut off.
    final class Loopback implements Place {
        @Override
        public String host(String name) {
            return "127.0.0.1";
        }

        @Override
        public int port(String name) {
            try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException problem) {
                throw new AssertionError(problem);
            }
        }

        @Override
        public List<String> prefix(String name) {
            return List.of();
        }

        @Override
        public void cut(String name) {
            throw new UnsupportedOperationException("cutting needs namespaces");
        }

        @Override
        public void mend(String name) {
            throw new UnsupportedOperationException("cutting needs namespaces");
        }

        @Override
        public void close() {
            // Nothing was made.
        }
    }
}

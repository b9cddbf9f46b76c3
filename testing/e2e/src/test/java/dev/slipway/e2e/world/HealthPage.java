package dev.slipway.e2e.world;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.IntSupplier;

/// Answers with the status that the test says.
public final class HealthPage implements AutoCloseable {
    private final HttpServer server;

    public HealthPage(IntSupplier status) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/health",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(status.getAsInt(), -1);
                    }
                });
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:%d/health".formatted(server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

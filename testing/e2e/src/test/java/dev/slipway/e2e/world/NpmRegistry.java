package dev.slipway.e2e.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;

/// A registry of npm packages: the real one's packages, and an audit service of its own that knows
/// of no vulnerability.
public final class NpmRegistry implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String upstream;

    /// @param upstream the registry that has the packages
    public NpmRegistry(String upstream) throws IOException {
        this.upstream = upstream.replaceAll("/$", "");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /// What `npm_config_registry` says.
    public String address() {
        return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getPath().contains("/-/npm/v1/security/")) {
                exchange.getRequestBody().readAllBytes();
                answer(exchange, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
                return;
            }
            var request = HttpRequest.newBuilder(URI.create(upstream + exchange.getRequestURI()));
            String accept = exchange.getRequestHeaders().getFirst("Accept");
            request.timeout(PATIENCE).header("Accept", accept == null ? "*/*" : accept);
            var found = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            String type = found.headers().firstValue("Content-Type").orElse("application/json");
            answer(exchange, found.statusCode(), type, found.body());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int code, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}

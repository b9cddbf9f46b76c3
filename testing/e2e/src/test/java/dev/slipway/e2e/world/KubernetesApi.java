package dev.slipway.e2e.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The API server of a cluster, as far as `kubectl set image`, `rollout status`, `rollout undo` and
/// `get`, and `slipway/deploy`, need one: discovery, and deployments and replica sets of the
/// namespace `default` with GET, LIST, WATCH, PATCH and PUT; there are no pods. The cluster behind
/// it is a {@link DeploymentController}.
public final class KubernetesApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String APPS = "/apis/apps/v1/namespaces/default/";
    private static final String NO_PODS =
            "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[]}";
    private static final long WATCH_SECONDS = 600;

    private final HttpServer server;
    private final DeploymentController cluster;

    public KubernetesApi(DeploymentController cluster) throws IOException {
        this.cluster = cluster;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /// Writes what `KUBECONFIG` names.
    public Path writeConfig(Path file) throws IOException {
        return Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: test, user: test}}]
                clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: test, user: {token: "not-checked"}}]
                """
                        .formatted(server.getAddress().getPort()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Map<String, String> query = query(exchange.getRequestURI().getQuery());
            switch (path) {
                case "/api" -> send(exchange, 200, Discovery.CORE_VERSIONS);
                case "/apis" -> send(exchange, 200, Discovery.GROUPS);
                case "/api/v1" -> send(exchange, 200, Discovery.CORE);
                case "/apis/apps/v1" -> send(exchange, 200, Discovery.APPS);
                case "/version" -> send(exchange, 200, Discovery.VERSION);
                case "/api/v1/namespaces/default/pods" -> send(exchange, 200, NO_PODS);
                default -> resource(exchange, path, query);
            }
        }
    }

    private void resource(HttpExchange exchange, String path, Map<String, String> query)
            throws IOException {
        if (!path.startsWith(APPS)) {
            send(exchange, 404, status(404, "the server could not find " + path));
            return;
        }
        String[] parts = path.substring(APPS.length()).split("/");
        String name = parts.length > 1 ? parts[1] : "";
        switch (exchange.getRequestMethod() + " " + parts[0] + (name.isEmpty() ? "" : "/")) {
            case "GET deployments" -> {
                String wanted =
                        query.getOrDefault("fieldSelector", "").replace("metadata.name=", "");
                if (query.getOrDefault("watch", "").matches("true|1")) {
                    watch(exchange, wanted);
                } else {
                    send(exchange, 200, cluster.deployments(wanted).toString());
                }
            }
            case "GET replicasets" -> send(exchange, 200, cluster.replicaSets().toString());
            case "GET deployments/" -> send(exchange, cluster.deployment(name));
            case "PATCH deployments/" -> patch(exchange, name);
            case "PUT deployments/" -> replace(exchange, name);
            default ->
                    send(
                            exchange,
                            405,
                            status(405, exchange.getRequestMethod() + " is not known for " + path));
        }
    }

    private void patch(HttpExchange exchange, String name) throws IOException {
        JsonNode patch = JSON.readTree(exchange.getRequestBody());
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        boolean dry = String.valueOf(exchange.getRequestURI().getQuery()).contains("dryRun");
        send(exchange, dry ? cluster.deployment(name) : cluster.patch(name, type, patch));
    }

    private void replace(HttpExchange exchange, String name) throws IOException {
        var wanted = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        if (cluster.replace(name, wanted)) {
            send(exchange, cluster.deployment(name));
        } else {
            send(exchange, 409, status(409, "the object has been modified"));
        }
    }

    /// Sends every change until the client goes.
    private void watch(HttpExchange exchange, String name) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        var changes = new LinkedBlockingQueue<ObjectNode>();
        try (var _ = cluster.listen(name, changes::add);
                OutputStream out = exchange.getResponseBody()) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCH_SECONDS);
            while (System.nanoTime() < end) {
                ObjectNode changed = changes.poll(1, TimeUnit.SECONDS);
                if (changed != null) {
                    ObjectNode event = JSON.createObjectNode().put("type", "MODIFIED");
                    event.set("object", changed);
                    out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            // The client has seen enough.
        }
    }

    private static void send(HttpExchange exchange, ObjectNode found) throws IOException {
        if (found == null) {
            send(exchange, 404, status(404, "deployments.apps was not found"));
        } else {
            send(exchange, 200, found.toString());
        }
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String status(int code, String message) {
        ObjectNode status = JSON.createObjectNode();
        status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
        return status.put("message", message).put("code", code).toString();
    }

    private static Map<String, String> query(String text) {
        var query = new TreeMap<String, String>();
        for (String one : text == null ? List.<String>of() : List.of(text.split("&"))) {
            int equals = one.indexOf('=');
            if (equals > 0) {
                query.put(one.substring(0, equals), one.substring(equals + 1));
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}

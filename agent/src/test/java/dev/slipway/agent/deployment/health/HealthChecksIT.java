package dev.slipway.agent.deployment.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.deployment.Release;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemTimers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/// The gate against real servers.
class HealthChecksIT {
    private final AtomicReference<String> body = new AtomicReference<>("version v7 is up");
    private final AtomicReference<Integer> status = new AtomicReference<>(200);
    private final Map<String, String> memory = new HashMap<>();
    private final SystemTimers timers = new SystemTimers("test-timers");
    private final Http http = new Http(timers);
    private final CountDownLatch over = new CountDownLatch(1);
    private final java.util.concurrent.ExecutorService workers =
            Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/healthz", exchange -> answer(exchange, body.get()));
        server.createContext(
                "/api/v1/query",
                exchange -> {
                    String query = exchange.getRequestURI().getQuery();
                    answer(
                            exchange,
                            query.equals("query=sum(errors)")
                                            && "Bearer t"
                                                    .equals(
                                                            exchange.getRequestHeaders()
                                                                    .getFirst("Authorization"))
                                    ? body.get()
                                    : "{\"status\":\"error\"}");
                });
        server.createContext("/drip", this::drip);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        http.close();
        server.stop(0);
        workers.close();
        timers.close();
    }

    private void answer(HttpExchange exchange, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Version", "7");
            exchange.sendResponseHeaders(status.get(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /// Headers at once, and then a body that does not end.
    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 100);
        exchange.getResponseBody().write('x');
        exchange.getResponseBody().flush();
        try (exchange) {
            over.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Optional<String> watch(Map<String, String> more) throws Exception {
        HealthGate gate = gate(more);
        gate.before();
        return gate.watch(new Release(7, "v7"), Optional::empty);
    }

    private HealthGate gate(Map<String, String> more) {
        var inputs = new HashMap<String, String>();
        inputs.put("health-url", url("/healthz"));
        inputs.put("health-interval", "50ms");
        inputs.put("health-deadline", "300ms");
        inputs.put("health-successes", "2");
        inputs.put("health-timeout", "200ms");
        inputs.putAll(more);
        return new GateInputs(new Inputs(name -> inputs.getOrDefault(name, "")))
                .gate(
                        new GateInputs.Parts(
                                http,
                                new SystemClock(),
                                timers,
                                line -> {},
                                value -> memory.put("before", value),
                                () -> Optional.ofNullable(memory.get("before"))));
    }

    @Test
    void answerThatIsAsWantedIsHealthy() throws Exception {
        assertThat(
                        watch(
                                Map.of(
                                        "health-contains", "version {version} is",
                                        "health-matches", "is\\s+up$",
                                        "health-headers", "x-version: ^7$")))
                .isEmpty();
    }

    @Test
    void wrongStatusBodyAndHeaderAreNamed() throws Exception {
        assertThat(watch(Map.of("health-contains", "other")).orElseThrow())
                .contains("does not contain 'other'", "version v7 is up");
        assertThat(watch(Map.of("health-matches", "^down")).orElseThrow()).contains("/^down/");
        assertThat(watch(Map.of("health-headers", "x-version: 8")).orElseThrow())
                .contains("x-version");
        status.set(503);
        assertThat(watch(Map.of()).orElseThrow()).contains("status 503 instead of 200-299");
        assertThat(watch(Map.of("health-status", "200,500-599"))).isEmpty();
    }

    @Test
    void serverThatIsNotThereIsNotHealthy() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThat(watch(Map.of("health-url", "http://127.0.0.1:" + port + "/")).orElseThrow())
                .contains("connection refused");
    }

    @Test
    void bodyThatDoesNotEndIsCutOff() throws Exception {
        assertThat(watch(Map.of("health-url", url("/drip"))).orElseThrow())
                .contains("did not come within");
    }

    @Test
    void metricIsAskedWithItsHeadersAndCompared() throws Exception {
        body.set(vector("0.5"));
        var inputs =
                Map.of(
                        "prometheus-url", url("/"),
                        "prometheus-query", "sum(errors)",
                        "prometheus-request-headers", "Authorization: Bearer t",
                        "prometheus-compare", "< 0.6",
                        "health-window", "100ms");

        assertThat(watch(inputs)).isEmpty();
        body.set(vector("0.7"));
        assertThat(watch(inputs).orElseThrow()).contains("the metric is 0.7", "< 0.6");
        body.set("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
        assertThat(watch(inputs).orElseThrow()).contains("no result");
        body.set("<html>not json</html>");
        assertThat(watch(inputs).orElseThrow()).contains("not understood");
    }

    @Test
    void metricMayBeComparedWithTheValueFromBefore() throws Exception {
        body.set(vector("2"));
        HealthGate gate =
                gate(
                        Map.of(
                                "prometheus-url", url(""),
                                "prometheus-query", "sum(errors)",
                                "prometheus-request-headers", "Authorization: Bearer t",
                                "prometheus-compare", "<= before * 2"));
        gate.before();
        body.set(vector("5"));

        assertThat(gate.watch(new Release(7, "v7"), Optional::empty).orElseThrow())
                .contains("the metric is 5", "<= 4 (before it was 2)");
    }

    private static String vector(String value) {
        return """
        {"status":"success","data":{"resultType":"vector",
         "result":[{"metric":{},"value":[1700000000.1,"%s"]}]}}
        """
                .formatted(value);
    }

    @Test
    void wrongInputsAreNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> gate(Map.of("health-url", "localhost:80/x")))
                .hasMessageContaining("health-url")
                .hasMessageContaining("http://");
        assertThatThrownBy(() -> gate(Map.of("health-interval", "soon")))
                .hasMessageContaining("health-interval")
                .hasMessageContaining("1m30s");
        assertThatThrownBy(() -> gate(Map.of("health-matches", "(")))
                .hasMessageContaining("regular expression");
        assertThatThrownBy(
                        () ->
                                gate(
                                        Map.of(
                                                "prometheus-query", "up",
                                                "prometheus-url", url(""),
                                                "prometheus-compare", "0.5")))
                .hasMessageContaining("prometheus-compare");
    }
}

package dev.slipway.coordinator.web;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// `/metrics` for Prometheus, `/healthz` (the process lives) and `/readyz` (it serves, and whether
/// it leads), and `POST /incidents` when there is a key for it. Handlers are plain code on virtual
/// threads.
public final class HttpPort implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";

    /// Held so that its level stays: the server tells of every start and stop otherwise.
    private static final java.util.logging.Logger HELIDON =
            java.util.logging.Logger.getLogger("io.helidon");

    private final WebServer server;
    private final Metrics metrics;
    private final Supplier<String> unready;
    private final BooleanSupplier leads;
    private final Optional<IncidentHook> incidents;

    /// @param address where to listen; port 0: any free one
    /// @param unready why this coordinator does not serve; empty when it does
    /// @param leads whether it leads its farm
    /// @param incidents takes messages about incidents; empty: nobody does
    public HttpPort(
            InetSocketAddress address,
            Metrics metrics,
            Supplier<String> unready,
            BooleanSupplier leads,
            Optional<IncidentHook> incidents) {
        HELIDON.setLevel(java.util.logging.Level.WARNING);
        this.metrics = metrics;
        this.unready = unready;
        this.leads = leads;
        this.incidents = incidents;
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The host of --http %s has no address. Check the name.".formatted(address));
        }
        this.server =
                WebServer.builder()
                        .address(host)
                        .port(address.getPort())
                        .shutdownHook(false)
                        .featuresDiscoverServices(false)
                        .routing(this::route)
                        .build();
    }

    private void route(HttpRouting.Builder routing) {
        routing.get("/metrics", this::metrics)
                .get("/healthz", (request, response) -> answer(response, Status.OK_200, "ok\n"))
                .get("/readyz", this::ready)
                .get(
                        "/",
                        (request, response) ->
                                answer(
                                        response,
                                        Status.OK_200,
                                        "Slipway coordinator: /metrics /healthz /readyz\n"));
        incidents.ifPresent(hook -> routing.post("/incidents", hook));
    }

    private void metrics(ServerRequest request, ServerResponse response) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = PrometheusTextFormatWriter.create();
        writer.write(bytes, metrics.registry().scrape());
        response.header(HeaderNames.CONTENT_TYPE, PrometheusTextFormatWriter.CONTENT_TYPE);
        response.send(bytes.toByteArray());
    }

    private void ready(ServerRequest request, ServerResponse response) {
        String why = unready.get();
        if (why.isEmpty()) {
            answer(response, Status.OK_200, leads.getAsBoolean() ? "leads\n" : "follows\n");
        } else {
            answer(response, Status.SERVICE_UNAVAILABLE_503, why + "\n");
        }
    }

    private static void answer(ServerResponse response, Status status, String text) {
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, TEXT);
        response.send(text);
    }

    /// Begins to listen.
    ///
    /// @return the port
    public int start() {
        try {
            server.start();
        } catch (RuntimeException problem) {
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot listen for HTTP (%s). Choose another address with --http."
                            .formatted(problem.getMessage()),
                    problem);
        }
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}

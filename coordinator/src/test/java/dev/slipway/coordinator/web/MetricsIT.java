package dev.slipway.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

class MetricsIT {
    private static final Metrics METRICS =
            new Metrics(
                    new Metrics.Sources(
                            () -> new Metrics.Farm(3, 41, 2, 1, 8, 5, 4, 7, 5, 6, 2),
                            () -> 10,
                            () -> 1000,
                            () -> 5,
                            () -> 77,
                            () -> 100,
                            () -> 1,
                            () -> Map.of(new Metrics.Call("RunService/GetRun", "OK"), 6L),
                            () ->
                                    List.of(
                                            new Metrics.Delivery(
                                                    "acme/shop",
                                                    "production",
                                                    4,
                                                    6,
                                                    2,
                                                    0,
                                                    Map.of("0.5", 36_000.0),
                                                    Map.of("0.9", 18_000.0))),
                            new Metrics.Notified(() -> 9, () -> 4, () -> 2, () -> 1),
                            () -> 1.5));

    @Test
    void metricsAndHealthAreServed() throws Exception {
        String[] why = {""};
        try (var port =
                        new HttpPort(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                METRICS,
                                () -> why[0],
                                () -> true,
                                Optional.empty());
                var client = HttpClient.newHttpClient()) {
            String base = "http://127.0.0.1:" + port.start();

            assertThat(get(client, base + "/metrics").body())
                    .contains("slipway_coordinator_agent_slots{state=\"free\"} 3.0")
                    .contains("code=\"OK\",method=\"RunService/GetRun\"} 6.0")
                    .contains(
                            "slipway_delivery_failed_changes{environment=\"production\","
                                    + "project=\"acme/shop\"} 2.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(get(client, base + "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(client, base + "/readyz").statusCode()).isEqualTo(200);
            why[0] = "starting";
            assertThat(get(client, base + "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(client, base + "/nothing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void documentationNamesEveryMetric() throws Exception {
        Path page = Path.of("../docs/operating/metrics.md");
        if (!Files.exists(page)) {
            page = Path.of("docs/operating/metrics.md");
        }
        var documented = new TreeSet<String>();
        var names =
                Pattern.compile("`(slipway_(?:coordinator|delivery)_\\w+)`")
                        .matcher(Files.readString(page));
        while (names.find()) {
            documented.add(names.group(1));
        }

        var served = new TreeSet<String>();
        METRICS.registry()
                .scrape(name -> name.startsWith("slipway_"))
                .forEach(
                        snapshot -> {
                            String name = snapshot.getMetadata().getPrometheusName();
                            boolean counter =
                                    snapshot
                                            instanceof
                                            io.prometheus.metrics.model.snapshots.CounterSnapshot;
                            served.add(counter ? name + "_total" : name);
                        });

        assertThat(documented).isEqualTo(served);
    }

    private static HttpResponse<String> get(HttpClient client, String url) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

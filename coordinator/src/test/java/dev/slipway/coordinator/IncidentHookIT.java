package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.api.v1.ConfigureEnvironmentRequest;
import dev.slipway.api.v1.EnvironmentServiceGrpc;
import dev.slipway.api.v1.Incident;
import dev.slipway.api.v1.ListIncidentsRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Incidents told from outside, over real HTTP to a real coordinator.
@Timeout(60)
class IncidentHookIT {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String OPEN =
            "{\"action\":\"open\",\"key\":\"PD-81\",\"environment\":\"production\","
                    + "\"title\":\"checkout is slow\"}";
    private static final String CLOSE = "{\"action\":\"close\",\"key\":\"PD-81\"}";

    @TempDir Path folder;
    private Path keyFile;

    @BeforeEach
    void writeKey() throws Exception {
        keyFile = Files.writeString(folder.resolve("incident.key"), KEY + "\n");
    }

    @Test
    void signedMessagesOpenAndCloseAnIncidentOnce() throws Exception {
        try (TestFarm farm = farm(Map.of("incident-key-file", keyFile.toString()))) {
            assertThat(signed(farm, OPEN).body()).contains("\"id\":1,\"open\":true");
            assertThat(signed(farm, OPEN).body()).contains("\"id\":1,\"open\":true");
            assertThat(signed(farm, CLOSE).body()).contains("\"id\":1,\"open\":false");
            assertThat(signed(farm, CLOSE).body()).contains("\"id\":1,\"open\":false");
        }

        try (TestFarm farm = farm(Map.of("incident-key-file", keyFile.toString()))) {
            assertThat(signed(farm, OPEN).body()).contains("\"id\":1,\"open\":false");
            assertThat(incidents(farm))
                    .singleElement()
                    .satisfies(one -> assertThat(one.getTitle()).isEqualTo("checkout is slow"))
                    .satisfies(one -> assertThat(one.getKey()).isEqualTo("PD-81"));
        }
    }

    @Test
    void whatIsNotSignedWithTheKeyChangesNothing() throws Exception {
        try (TestFarm farm = farm(Map.of("incident-key-file", keyFile.toString()))) {
            String other = signature(CLOSE, KEY);

            assertThat(post(farm, OPEN, "X-Other", "x").statusCode()).isEqualTo(403);
            assertThat(post(farm, OPEN, "X-Hub-Signature-256", other).statusCode()).isEqualTo(403);
            assertThat(incidents(farm)).isEmpty();
            String right = signature(OPEN, KEY);
            assertThat(post(farm, OPEN, "X-Hub-Signature-256", right).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void wrongMessagesAreExplained() throws Exception {
        try (TestFarm farm = farm(Map.of("incident-key-file", keyFile.toString()))) {
            var elsewhere = signed(farm, OPEN.replace("production", "staging"));
            assertThat(elsewhere.statusCode()).isEqualTo(404);
            assertThat(elsewhere.body()).contains("no environment 'staging'");
            assertThat(signed(farm, CLOSE).statusCode()).isEqualTo(404);
            var action = signed(farm, OPEN.replace("\"open\"", "\"begin\""));
            assertThat(action.statusCode()).isEqualTo(400);
            assertThat(action.body()).contains("'begin'; it may be open or close");
            assertThat(signed(farm, "{").statusCode()).isEqualTo(400);
            assertThat(signed(farm, "{}").body()).contains("`key` is missing");
            assertThat(signed(farm, " ".repeat(70_000)).statusCode()).isEqualTo(413);
        }
    }

    @Test
    void withoutAKeyThereIsNoSuchPlace() throws Exception {
        try (TestFarm farm = farm(Map.of())) {
            assertThat(signed(farm, OPEN).statusCode()).isEqualTo(404);
            assertThat(incidents(farm)).isEmpty();
        }
    }

    @Test
    void shortKeyIsRefusedAtTheStart() throws Exception {
        Files.writeString(keyFile, "short\n");

        assertThatThrownBy(() -> farm(Map.of("incident-key-file", keyFile.toString())).close())
                .hasMessageContaining("has 5 bytes; it may have 16 to 4096");
    }

    private TestFarm farm(Map<String, String> more) throws Exception {
        var flags = new TreeMap<>(more);
        flags.put("http", "127.0.0.1:0");
        var farm = new TestFarm(folder.resolve("data"), folder.resolve("keys"), flags);
        EnvironmentServiceGrpc.newBlockingStub(farm.channel())
                .configureEnvironment(
                        ConfigureEnvironmentRequest.newBuilder()
                                .setProject("shop")
                                .setEnvironment("production")
                                .build());
        return farm;
    }

    private static List<Incident> incidents(TestFarm farm) {
        return EnvironmentServiceGrpc.newBlockingStub(farm.channel())
                .listIncidents(ListIncidentsRequest.getDefaultInstance())
                .getIncidentsList();
    }

    private static HttpResponse<String> signed(TestFarm farm, String body) throws Exception {
        return post(farm, body, "X-Slipway-Signature-256", signature(body, KEY));
    }

    private static String signature(String body, String key) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
    }

    private static HttpResponse<String> post(
            TestFarm farm, String body, String header, String value) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(farm.http() + "/incidents"))
                            .header(header, value)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}

package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Messages of steps, to a server that takes them over real HTTP.
@Timeout(60)
class NotificationsIT {
    private final FakeFarm farm = new FakeFarm();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger troubles = new AtomicInteger();
    private HttpServer server;
    private String base;
    private String attempt = "";

    @TempDir private Path work;

    private record Received(String path, Map<String, String> headers, String body) {}

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    var headers = new java.util.TreeMap<String, String>();
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name, values.getFirst()));
                    received.add(new Received(exchange.getRequestURI().getPath(), headers, body));
                    boolean trouble = troubles.getAndDecrement() > 0;
                    byte[] answer =
                            "{\"ok\":true,\"ts\":\"17.5\",\"channel\":\"C1\"}".getBytes(UTF_8);
                    exchange.sendResponseHeaders(trouble ? 503 : 200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private AttemptState run(Map<String, String> environment, String steps) throws Exception {
        String workflow =
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    steps:
                %s
                """
                        .formatted(steps.indent(6));
        try (var _ = AgentFixture.start(farm, work, environment)) {
            attempt =
                    farm.submit(
                            new Submission(
                                    workflow,
                                    "job",
                                    Map.of(
                                            "github",
                                            "{\"sha\":\"abc\",\"actor\":\"ann\",\"repository\":"
                                                    + "\"acme/shop\"}"),
                                    Map.of()));
            return farm.awaitEnd(attempt);
        }
    }

    /// The step of the seed, word for word.
    private static final String SEED =
            """
            - name: Notify Team
              if: always()
              uses: slackapi/slack-github-action@v1
              with:
                payload: |
                  {
                    "status": "${{ job.status }}",
                    "version": "${{ github.sha }}",
                    "author": "${{ github.actor }}"
                  }
            """;

    @Test
    void seedsStepSendsItsPayloadThroughTheWebhookOfTheAgentsEnvironment() throws Exception {
        assertEnded(run(Map.of("SLACK_WEBHOOK_URL", base + "/hook"), SEED), true);

        assertThat(received).hasSize(1);
        assertThat(received.getFirst().path()).isEqualTo("/hook");
        assertThat(received.getFirst().body())
                .isEqualTo("{\"status\":\"success\",\"version\":\"abc\",\"author\":\"ann\"}");
    }

    @Test
    void stepWithoutADestinationFailsAndSaysWhatIsMissing() throws Exception {
        assertEnded(run(Map.of(), SEED), false);

        assertThat(received).isEmpty();
        assertThat(farm.meta(attempt)).anyMatch(line -> line.contains("SLACK_WEBHOOK_URL"));
    }

    @Test
    void operatorMayLetAStepWithoutADestinationPass() throws Exception {
        assertEnded(run(Map.of("NOTIFY_WITHOUT_DESTINATION", "warn"), SEED), true);

        assertThat(farm.meta(attempt)).anyMatch(line -> line.contains("SLACK_WEBHOOK_URL"));
    }

    @Test
    void secondVersionCallsTheApiWithItsToken() throws Exception {
        var state =
                run(
                        Map.of(),
                        """
                        - id: slack
                          uses: slackapi/slack-github-action@v2.1.0
                          with:
                            api: %s/api
                            method: chat.postMessage
                            token: xoxb-1
                            payload: |
                              channel: C1
                              text: "shipped: ${{ github.sha }}"
                        - run: echo "${{ steps.slack.outputs.ts }} ${{ steps.slack.outputs.ok }}"
                        """
                                .formatted(base));

        assertEnded(state, true);
        assertThat(received.getFirst().path()).isEqualTo("/api/chat.postMessage");
        assertThat(received.getFirst().headers()).containsEntry("Authorization", "Bearer xoxb-1");
        assertThat(received.getFirst().body())
                .isEqualTo("{\"channel\":\"C1\",\"text\":\"shipped: abc\"}");
        assertThat(farm.output(attempt)).containsExactly("17.5 true");
    }

    @Test
    void messageIsSentAgainWhenTheServerIsInTroubleAndSigned() throws Exception {
        troubles.set(1);

        var state =
                run(
                        Map.of(),
                        """
                        - uses: slipway/notify@v1
                          with: {to: webhook, url: "%s/hook", secret: s3cret, payload: '{"a":1}'}
                        """
                                .formatted(base));

        assertEnded(state, true);
        assertThat(received).hasSize(2);
        // printf '{"a":1}' | openssl dgst -sha256 -hmac s3cret
        assertThat(received.get(1).headers())
                .containsEntry(
                        "X-slipway-signature-256",
                        "sha256=5910e62016ef5034272c926c27071992a465c2335cecf41851bda071577f4f6d");
        assertThat(received.get(0).headers().get("Idempotency-key"))
                .isEqualTo(received.get(1).headers().get("Idempotency-key"));
    }

    @Test
    void pagerDutyAndTeamsGetWhatTheyTake() throws Exception {
        var state =
                run(
                        Map.of(),
                        """
                        - uses: slipway/notify@v1
                          with: {to: pagerduty, url: "%1$s/pd", routing-key: R1, key: K1, title: down}
                        - uses: slipway/notify@v1
                          with: {to: teams, url: "%1$s/teams", title: down, message: again}
                        """
                                .formatted(base));

        assertEnded(state, true);
        assertThat(received.get(0).body())
                .contains("\"routing_key\":\"R1\"", "\"dedup_key\":\"K1\"", "\"summary\":\"down\"");
        assertThat(received.get(1).body())
                .contains("application/vnd.microsoft.card.adaptive", "\"text\":\"again\"");
    }

    private void assertEnded(AttemptState state, boolean well) {
        assertThat(state.getResult().getConclusion())
                .as("%s %s", farm.meta(attempt), state.getResult().getCauseDetail())
                .isEqualTo(well ? Conclusion.CONCLUSION_SUCCESS : Conclusion.CONCLUSION_FAILURE);
    }
}

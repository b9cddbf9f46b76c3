package dev.slipway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.Token;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.ListNotificationsRequest;
import dev.slipway.api.v1.ListNotificationsResponse;
import dev.slipway.api.v1.NotificationRule;
import dev.slipway.api.v1.NotificationServiceGrpc;
import dev.slipway.api.v1.NotificationServiceGrpc.NotificationServiceBlockingStub;
import dev.slipway.api.v1.SetNotificationRuleRequest;
import dev.slipway.api.v1.SettleNotificationsRequest;
import dev.slipway.api.v1.TestNotificationRuleRequest;
import dev.slipway.testkit.MailServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What a real coordinator owes reaches a real receiver, through the receiver's troubles and the
/// coordinator's restarts.
@Timeout(90)
class NotifierIT {
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private HttpServer server;
    private String url;

    @TempDir Path folder;

    private record Received(String key, String signature, String body) {}

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    var headers = exchange.getRequestHeaders();
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    exchange.sendResponseHeaders(status.get(), -1);
                    exchange.close();
                    received.add(
                            new Received(
                                    headers.getFirst("Idempotency-Key"),
                                    headers.getFirst("X-Slipway-Signature-256"),
                                    body));
                });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/t0ken";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private TestFarm farm() throws Exception {
        return new TestFarm(folder.resolve("data"), folder.resolve("keys"), Map.of());
    }

    private static NotificationServiceBlockingStub api(TestFarm farm) {
        return NotificationServiceGrpc.newBlockingStub(farm.channel());
    }

    private void rule(TestFarm farm, String... on) {
        api(farm)
                .setNotificationRule(
                        SetNotificationRuleRequest.newBuilder()
                                .setRule(
                                        NotificationRule.newBuilder()
                                                .setName("team")
                                                .addAllOn(List.of(on))
                                                .setDestination("webhook"))
                                .putSecrets("URL", url)
                                .putSecrets("SECRET", "s3cret-of-the-hook")
                                .build());
    }

    private static void fail(TestFarm farm, ScriptedAgent agent) throws Exception {
        farm.submit("x");
        Token token = agent.await(Action.ACTION_RUN).getToken();
        agent.tell(agent.running(token));
        AttemptState.Builder end = agent.finished(token, 0).toBuilder();
        end.getResultBuilder()
                .setConclusion(Conclusion.CONCLUSION_FAILURE)
                .setCause(Cause.CAUSE_USER_FAILURE);
        agent.tell(end.build());
        agent.await(Action.ACTION_FORGET);
    }

    private Received next() throws InterruptedException {
        Received next = received.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a message within 30 s").isNotNull();
        return next;
    }

    private static ListNotificationsResponse await(TestFarm farm, int waiting, int dead)
            throws InterruptedException {
        while (true) {
            var page = api(farm).listNotifications(ListNotificationsRequest.getDefaultInstance());
            if (page.getWaiting() == waiting && page.getDead() == dead) {
                return page;
            }
            Thread.sleep(20);
        }
    }

    @Test
    void messageIsTriedAgainWithTheSameKeyUntilItIsTaken() throws Exception {
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            rule(farm, "failure");
            status.set(503);

            fail(farm, agent);
            Received first = next();
            status.set(200);
            Received second = next();

            assertThat(second).isEqualTo(first);
            assertThat(first.key()).endsWith("/run-1-1/failure/team");
            assertThat(first.body()).contains("\"occasion\":\"failure\"", "\"project\":\"shop\"");
            assertThat(first.signature()).startsWith("sha256=");
            await(farm, 0, 0);
        }
    }

    @Test
    void whatWasCommittedBeforeAnEndIsDeliveredByTheNextCoordinator() throws Exception {
        Received before;
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            rule(farm, "failure");
            status.set(503);
            fail(farm, agent);
            before = next();
        }
        status.set(200);

        try (TestFarm farm = farm()) {
            assertThat(next()).isEqualTo(before);
            await(farm, 0, 0);
        }
    }

    @Test
    void refusedMessageIsADeadLetterThatIsReplayed() throws Exception {
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            rule(farm, "failure");
            status.set(410);
            fail(farm, agent);
            String key = next().key();

            var dead = await(farm, 0, 1).getNotifications(0);
            assertThat(dead.getProblem()).contains("HTTP 410").doesNotContain("t0ken");
            status.set(200);
            api(farm)
                    .settleNotifications(
                            SettleNotificationsRequest.newBuilder().setAll(true).build());

            assertThat(next().key()).isEqualTo(key);
            await(farm, 0, 0);
        }
    }

    @Test
    void ruleIsTriedOutAndItsSecretsAreKeptAsCiphertextOnly() throws Exception {
        try (TestFarm farm = farm()) {
            rule(farm, "failure");
            var test = TestNotificationRuleRequest.newBuilder().setName("team").build();

            assertThat(api(farm).testNotificationRule(test).getProblem()).isEmpty();
            assertThat(next().body()).contains("a test of the rule team");
            status.set(500);
            assertThat(api(farm).testNotificationRule(test).getProblem()).contains("HTTP 500");
        }

        try (var files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content =
                        Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                assertThat(content.contains("s3cret-of-the-hook") || content.contains("t0ken"))
                        .as(file.toString())
                        .isFalse();
            }
        }
    }

    @Test
    void mailGoesOverStartTlsWithThePasswordOfTheRule() throws Exception {
        try (TestFarm farm = farm();
                var mail = new MailServer(MailServer.Kind.STARTTLS_AND_PASSWORD, folder)) {
            api(farm)
                    .setNotificationRule(
                            SetNotificationRuleRequest.newBuilder()
                                    .setRule(
                                            NotificationRule.newBuilder()
                                                    .setName("mail")
                                                    .addOn("failure")
                                                    .setDestination("email")
                                                    .putSettings("server", "127.0.0.1")
                                                    .putSettings("port", "" + mail.port())
                                                    .putSettings("security", "starttls")
                                                    .putSettings("username", MailServer.USER)
                                                    .putSettings("from", "farm@example.org")
                                                    .putSettings("recipients", "ann@example.org")
                                                    .putSettings(
                                                            "ca-certificate", mail.certificate()))
                                    .putSecrets("PASSWORD", MailServer.PASSWORD)
                                    .build());
            var test = TestNotificationRuleRequest.newBuilder().setName("mail").build();

            assertThat(api(farm).testNotificationRule(test).getProblem()).isEmpty();
            assertThat(mail.received()).hasSize(1);
            assertThat(mail.received().getFirst().raw())
                    .contains("Subject: Slipway: a test of the rule mail")
                    .containsPattern("Message-ID: <[0-9a-f]{32}@slipway>");
        }
    }

    @Test
    void recoveryResolvesTheAlertThatTheFailureTriggered() throws Exception {
        try (TestFarm farm = farm();
                ScriptedAgent agent = farm.agent("a1", "one")) {
            agent.join(List.of());
            api(farm)
                    .setNotificationRule(
                            SetNotificationRuleRequest.newBuilder()
                                    .setRule(
                                            NotificationRule.newBuilder()
                                                    .setName("pager")
                                                    .addOn("failure")
                                                    .addOn("recovery")
                                                    .setDestination("pagerduty"))
                                    .putSecrets("URL", url)
                                    .putSecrets("ROUTING_KEY", "R1")
                                    .build());

            fail(farm, agent);
            farm.submit("y");
            Token token = agent.await(Action.ACTION_RUN).getToken();
            agent.tell(agent.running(token));
            agent.tell(agent.finished(token, 0));

            String alert = "\"dedup_key\":\"pager/shop/.github/workflows/ci.yml/main\"";
            assertThat(next().body()).contains("\"event_action\":\"trigger\"", alert);
            assertThat(next().body()).contains("\"event_action\":\"resolve\"", alert);
        }
    }

    @Test
    void wrongRulesAreExplained() throws Exception {
        try (TestFarm farm = farm()) {
            assertThatThrownBy(() -> rule(farm, "failures"))
                    .hasMessageContaining("'failures' is no occasion");
            url = "ftp://x/t0ken";
            assertThatThrownBy(() -> rule(farm, "failure"))
                    .hasMessageContaining("no http or https URL")
                    .hasMessageNotContaining("t0ken");
        }
    }
}

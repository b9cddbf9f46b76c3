package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.testkit.MailServer;
import dev.slipway.testkit.MailServer.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/// `slipway/notify@v1` with `to: email`, to a real SMTP server.
@Timeout(60)
class MailIT {
    private final FakeFarm farm = new FakeFarm();
    private String attempt = "";

    @TempDir private Path work;
    @TempDir private Path keys;

    private AttemptState send(MailServer server, String... inputs) throws Exception {
        var with = new StringBuilder();
        for (String input : inputs) {
            with.append("    ").append(input).append('\n');
        }
        String step =
                """
                - uses: slipway/notify@v1
                  with:
                    to: email
                    server: 127.0.0.1
                    port: %d
                    ca-certificate: |
                %s
                """
                                .formatted(server.port(), server.certificate().indent(6))
                        + with;
        String workflow =
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    steps:
                %s
                """
                        .formatted(step.indent(6));
        try (var _ = AgentFixture.start(farm, work, Map.of())) {
            attempt =
                    farm.submit(
                            new Submission(
                                    workflow,
                                    "job",
                                    Map.of("github", "{\"repository\":\"acme/shop\"}"),
                                    Map.of("MAIL", password)));
            return farm.awaitEnd(attempt);
        }
    }

    private static final String FROM = "from: Farm <farm@example.org>";
    private static final String TO = "recipients: ann@example.org, bob@example.org";
    private static final String USER = "username: " + MailServer.USER;
    private static final String PASSWORD = "password: ${{ secrets.MAIL }}";

    private String password = MailServer.PASSWORD;

    @Test
    void mailGoesOverStartTlsWithAPasswordToAllRecipients() throws Exception {
        try (var server = new MailServer(Kind.STARTTLS_AND_PASSWORD, keys)) {
            var state =
                    send(
                            server,
                            "security: starttls",
                            USER,
                            PASSWORD,
                            FROM,
                            TO,
                            "subject: Käse ist da",
                            "text: shipped");

            assertEnded(state, true);
            assertThat(server.received()).hasSize(1);
            assertThat(server.received().getFirst().to())
                    .containsExactly("ann@example.org", "bob@example.org");
            assertThat(server.received().getFirst().raw())
                    .contains("Subject: =?UTF-8?Q?K=C3=A4se_ist_da?=")
                    .contains("From: Farm <farm@example.org>")
                    .contains("Auto-Submitted: auto-generated")
                    .containsPattern("Message-ID: <[0-9a-f]{32}@slipway>")
                    .contains("shipped");
        }
    }

    @Test
    void mailGoesOverTls() throws Exception {
        try (var server = new MailServer(Kind.TLS_AND_PASSWORD, keys)) {
            assertEnded(send(server, "security: tls", USER, PASSWORD, FROM, TO), true);

            assertThat(server.received()).hasSize(1);
        }
    }

    @Test
    void mailIsSentAgainWithTheSameIdWhenTheServerIsBusy() throws Exception {
        try (var server = new MailServer(Kind.CLEAR, keys)) {
            server.busy(1);

            assertEnded(send(server, "security: none", FROM, "recipients: ann@example.org"), true);

            assertThat(server.received()).hasSize(1);
            assertThat(farm.meta(attempt)).anyMatch(line -> line.contains("451 come back later"));
        }
    }

    @Test
    void wrongPasswordFailsAtOnceAndIsNotShown() throws Exception {
        try (var server = new MailServer(Kind.STARTTLS_AND_PASSWORD, keys)) {
            password = "wrong-secret-77";

            var state = send(server, "security: starttls", USER, PASSWORD, FROM, TO);

            assertEnded(state, false);
            assertThat(farm.meta(attempt))
                    .anyMatch(line -> line.contains("does not let 'farm' in"))
                    .noneMatch(line -> line.contains("wrong-secret-77"))
                    .noneMatch(line -> line.contains("trying again"));
        }
    }

    @Test
    void clearTextServerIsRefusedWhereStartTlsIsAskedFor() throws Exception {
        try (var server = new MailServer(Kind.CLEAR, keys)) {
            var state = send(server, "security: starttls", FROM, TO);

            assertEnded(state, false);
            assertThat(server.received()).isEmpty();
            assertThat(farm.meta(attempt)).anyMatch(line -> line.contains("STARTTLS"));
        }
    }

    @Test
    void passwordIsNotSentInClearText() throws Exception {
        try (var server = new MailServer(Kind.CLEAR, keys)) {
            assertEnded(send(server, "security: none", USER, PASSWORD, FROM, TO), false);

            assertThat(farm.meta(attempt)).anyMatch(line -> line.contains("Use starttls or tls"));
        }
    }

    @Test
    void unknownRecipientFailsAtOnce() throws Exception {
        try (var server = new MailServer(Kind.CLEAR, keys)) {
            var state = send(server, "security: none", FROM, "recipients: nobody@example.org");

            assertEnded(state, false);
            assertThat(farm.meta(attempt))
                    .anyMatch(line -> line.contains("no such mailbox"))
                    .noneMatch(line -> line.contains("trying again"));
        }
    }

    @Test
    void missingSecurityIsSaid() throws Exception {
        try (var server = new MailServer(Kind.CLEAR, keys)) {
            assertEnded(send(server, FROM, TO), false);

            assertThat(farm.meta(attempt)).anyMatch(line -> line.contains("security: starttls"));
        }
    }

    private void assertEnded(AttemptState state, boolean well) {
        assertThat(state.getResult().getConclusion())
                .as("%s %s", farm.meta(attempt), state.getResult().getCauseDetail())
                .isEqualTo(well ? Conclusion.CONCLUSION_SUCCESS : Conclusion.CONCLUSION_FAILURE);
    }
}

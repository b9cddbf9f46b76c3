package dev.slipway.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// What is checked before anything goes out.
class MailTest {
    private static Mail.Server server(Mail.Security security, String user, String password) {
        return new Mail.Server("smtp.example.org", security.port(), security, user, password, "");
    }

    private static Mail mail(List<String> to, String subject) {
        return new Mail(
                server(Mail.Security.TLS, "", ""), "farm@example.org", to, subject, "", "<1@x>");
    }

    @Test
    void passwordNeedsAProtectedConnection() {
        assertThatThrownBy(() -> server(Mail.Security.NONE, "farm", "s3cret"))
                .hasMessageContaining("clear text")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> server(Mail.Security.TLS, "farm", ""))
                .hasMessageContaining("go together");
    }

    @Test
    void serverDoesNotTellItsPassword() {
        assertThat(server(Mail.Security.TLS, "farm", "s3cret").toString())
                .isEqualTo("smtp.example.org:465");
    }

    @Test
    void subjectCannotBringHeadersOfItsOwn() {
        assertThat(mail(List.of("a@example.org"), "hi\r\nBcc: b@example.org").subject())
                .isEqualTo("hi Bcc: b@example.org");
    }

    @Test
    void recipientsAreCountedWithoutBlanks() {
        assertThat(mail(List.of(" a@example.org", " ", "b@example.org "), "").to())
                .containsExactly("a@example.org", "b@example.org");
        assertThatThrownBy(() -> mail(List.of(" "), "")).hasMessageContaining("no recipient");
        assertThatThrownBy(() -> mail(Collections.nCopies(51, "a@example.org"), ""))
                .hasMessageContaining("51 recipients");
    }

    @Test
    void securityMustBeOneOfThree() {
        assertThat(Mail.Security.of("starttls")).isEqualTo(Mail.Security.STARTTLS);
        assertThatThrownBy(() -> Mail.Security.of("ssl")).hasMessageContaining("'ssl'");
    }

    @Test
    void sameKeyIsTheSameMessage() {
        assertThat(Mail.id("a"))
                .isEqualTo(Mail.id("a"))
                .isNotEqualTo(Mail.id("b"))
                .matches("<[0-9a-f]{32}@slipway>");
    }

    @Test
    void signatureIsThatOfOpenssl() {
        // printf '{"a":1}' | openssl dgst -sha256 -hmac s3cret
        assertThat(Bodies.signature("s3cret", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(
                        "sha256=5910e62016ef5034272c926c27071992a465c2335cecf41851bda071577f4f6d");
    }

    @Test
    void destinationIsNotShownWhenItIsWrong() {
        assertThatThrownBy(() -> WebPost.destination("htp://hooks.example.org/t0ken"))
                .hasMessageNotContaining("t0ken");
        assertThatThrownBy(() -> WebPost.destination("https://x/ t0ken"))
                .hasMessageNotContaining("t0ken");
    }

    @Test
    void proxyIsThatOfTheEnvironment() {
        Map<String, String> environment =
                Map.of("HTTPS_PROXY", "http://proxy:3128", "no_proxy", "example.org, .local");

        assertThat(proxy("https://hooks.slack.com/x", environment).toString())
                .contains("proxy")
                .contains("3128");
        assertThat(proxy("https://a.example.org/", environment)).isEqualTo(Proxy.NO_PROXY);
        assertThat(proxy("http://hooks.slack.com/x", environment)).isEqualTo(Proxy.NO_PROXY);
    }

    private static Proxy proxy(String to, Map<String, String> environment) {
        return WebPost.proxy(URI.create(to), environment, "");
    }
}

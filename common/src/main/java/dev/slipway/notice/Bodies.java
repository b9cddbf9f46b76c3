package dev.slipway.notice;

import dev.slipway.expression.Value;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The JSON that each kind of receiver takes. Pure.
public final class Bodies {
    /// Where PagerDuty takes events of its API, version 2.
    public static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

    /// What PagerDuty calls a severity.
    public static final List<String> SEVERITIES = List.of("critical", "error", "warning", "info");

    /// Carries the key by which a receiver knows a message that it has already.
    public static final String KEY_HEADER = "Idempotency-Key";

    /// Carries {@link #signature}.
    public static final String SIGNATURE_HEADER = "X-Slipway-Signature-256";

    private Bodies() {}

    /// For an incoming webhook of Slack.
    public static Value slack(Notice notice) {
        return object("text", Value.of("*" + notice.title() + "*\n" + notice.text()));
    }

    /// An adaptive card, which a Teams workflow's webhook takes.
    public static Value teams(Notice notice) {
        Value title =
                object(
                        "type", Value.of("TextBlock"),
                        "text", Value.of(notice.title()),
                        "weight", Value.of("Bolder"),
                        "wrap", Value.of(true));
        Value text =
                object(
                        "type", Value.of("TextBlock"),
                        "text", Value.of(notice.text()),
                        "wrap", Value.of(true));
        Value card =
                object(
                        "$schema", Value.of("http://adaptivecards.io/schemas/adaptive-card.json"),
                        "type", Value.of("AdaptiveCard"),
                        "version", Value.of("1.4"),
                        "body", Value.array(title, text));
        Value attachment =
                object(
                        "contentType",
                        Value.of("application/vnd.microsoft.card.adaptive"),
                        "content",
                        card);
        return object("type", Value.of("message"), "attachments", Value.array(attachment));
    }

    /// What a receiver of our own kind gets.
    public static Value webhook(Notice notice) {
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put("key", Value.of(notice.key()));
        entries.put("title", Value.of(notice.title()));
        entries.put("message", Value.of(notice.text()));
        entries.put("status", Value.of(notice.status()));
        entries.putAll(notice.facts());
        return Value.caseSensitiveObject(entries);
    }

    /// An event for PagerDuty.
    ///
    /// @param alert PagerDuty's `dedup_key`: events with the same one are one alert
    /// @param severity one of {@link #SEVERITIES}
    /// @param resolve whether it ends the alert rather than begins it
    public static Value pagerDuty(
            Notice notice, String routingKey, String alert, String severity, boolean resolve) {
        Value payload =
                object(
                        "summary", Value.of(notice.title()),
                        "source", Value.of(notice.source()),
                        "severity", Value.of(severity),
                        "custom_details", webhook(notice));
        return object(
                "routing_key", Value.of(routingKey),
                "event_action", Value.of(resolve ? "resolve" : "trigger"),
                "dedup_key", Value.of(alert),
                "payload", payload);
    }

    /// `sha256=` and the HMAC-SHA256 of the body in hexadecimal, as GitHub signs its webhooks.
    public static String signature(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }

    private static Value object(Object... namesAndValues) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            entries.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        }
        return Value.caseSensitiveObject(entries);
    }
}

package dev.slipway.agent.actions;

import dev.slipway.agent.actions.Messenger.Answer;
import dev.slipway.expression.Json;
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

/// `slipway/notify@v1`: tells a channel how the job went. One message per step: after a restart of
/// the agent a message that was sent is not sent again, and one whose sending was cut is, with the
/// same idempotency key.
final class Notify implements BuiltIn {
    private static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";
    private static final List<String> SEVERITIES = List.of("critical", "error", "warning", "info");

    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        inputs.put("to", "");
        inputs.put("url", "");
        inputs.put("title", "");
        inputs.put("message", "");
        inputs.put("status", "");
        inputs.put("routing-key", "");
        inputs.put("severity", "");
        inputs.put("resolve", "false");
        inputs.put("key", "");
        inputs.put("secret", "");
        inputs.put("payload", "");
        return inputs;
    }

    /// What is said.
    ///
    /// @param key the same for the same message
    private record Message(String title, String text, String status, String key) {}

    @Override
    public void main(ActionCall call) throws InterruptedException {
        if (call.recall("sent").isPresent()) {
            call.say("The message was sent before the agent was started again.");
            return;
        }
        ActionCall.JobFacts job = call.job();
        String status = or(call.input("status"), job.status());
        var message =
                new Message(
                        or(call.input("title"), job.project() + ": " + status),
                        or(
                                call.input("message"),
                                "Run %d of %s (%s): %s"
                                        .formatted(job.run(), job.project(), job.ref(), status)),
                        status,
                        or(
                                call.input("key"),
                                job.trackingId() + ":" + call.scratch().getFileName()));
        boolean sent =
                switch (call.input("to")) {
                    case "slack" -> post(call, message, slack(message));
                    case "teams" -> post(call, message, teams(message));
                    case "webhook" -> webhook(call, message, job);
                    case "pagerduty" -> pagerduty(call, message, job);
                    case String other ->
                            throw new ActionFailure(
                                    "The input `to` is '%s'; it may be slack, teams, pagerduty or"
                                                    .formatted(other)
                                            + " webhook.");
                };
        if (sent) {
            call.record("sent", "yes");
            call.say("The message is sent (" + call.input("to") + ").");
        }
    }

    private static String or(String said, String otherwise) {
        return said.isEmpty() ? otherwise : said;
    }

    private static Value slack(Message message) {
        return object("text", Value.of("*" + message.title + "*\n" + message.text));
    }

    /// An adaptive card, which a Teams workflow's webhook takes.
    private static Value teams(Message message) {
        Value title =
                object(
                        "type", Value.of("TextBlock"),
                        "text", Value.of(message.title),
                        "weight", Value.of("Bolder"),
                        "wrap", Value.of(true));
        Value text =
                object(
                        "type", Value.of("TextBlock"),
                        "text", Value.of(message.text),
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

    private static boolean post(ActionCall call, Message message, Value body)
            throws InterruptedException {
        if (missing(call, "url")) {
            return false;
        }
        taken(
                call,
                new Messenger(call)
                        .post(call.input("url"), Map.of("Idempotency-Key", message.key), body));
        return true;
    }

    /// The receiver can check that the body is signed with the shared secret, and knows by the key
    /// a message that it has already.
    private static boolean webhook(ActionCall call, Message message, ActionCall.JobFacts job)
            throws InterruptedException {
        if (missing(call, "url")) {
            return false;
        }
        byte[] body =
                Json.compact(call.input("payload").isEmpty() ? facts(message, job) : payload(call))
                        .getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Idempotency-Key", message.key);
        if (!call.input("secret").isEmpty()) {
            call.masks().add(call.input("secret"));
            headers.put("X-Slipway-Signature-256", "sha256=" + hmac(call.input("secret"), body));
        }
        taken(call, new Messenger(call).post(call.input("url"), headers, body));
        return true;
    }

    private static Value facts(Message message, ActionCall.JobFacts job) {
        return object(
                "key", Value.of(message.key),
                "title", Value.of(message.title),
                "message", Value.of(message.text),
                "status", Value.of(message.status),
                "project", Value.of(job.project()),
                "run", Value.of((double) job.run()),
                "ref", Value.of(job.ref()),
                "sha", Value.of(job.sha()));
    }

    private static Value payload(ActionCall call) {
        try {
            return Json.parseCaseSensitive(call.input("payload"));
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure("The payload is no JSON: " + wrong.getMessage(), wrong);
        }
    }

    private static boolean pagerduty(ActionCall call, Message message, ActionCall.JobFacts job)
            throws InterruptedException {
        if (missing(call, "routing-key")) {
            return false;
        }
        call.masks().add(call.input("routing-key"));
        String severity = or(call.input("severity"), "error");
        if (!SEVERITIES.contains(severity)) {
            throw new ActionFailure(
                    "The input `severity` is '%s'; it may be %s."
                            .formatted(severity, String.join(", ", SEVERITIES)));
        }
        Value payload =
                object(
                        "summary", Value.of(message.title),
                        "source", Value.of(job.project()),
                        "severity", Value.of(severity),
                        "custom_details", facts(message, job));
        Value event =
                object(
                        "routing_key", Value.of(call.input("routing-key")),
                        "event_action", Value.of(call.flag("resolve") ? "resolve" : "trigger"),
                        "dedup_key", Value.of(message.key),
                        "payload", payload);
        String url = or(call.input("url"), PAGERDUTY);
        taken(call, new Messenger(call).post(url, Map.of(), event));
        return true;
    }

    private static boolean missing(ActionCall call, String input) {
        if (!call.input(input).isEmpty()) {
            return false;
        }
        new Messenger(call)
                .withoutDestination(
                        ("No destination for the message: the input `%s` is empty. Give it, e.g."
                                        + " %s: ${{ secrets.NOTIFY_%s }}, and set that secret.")
                                .formatted(
                                        input,
                                        input,
                                        input.replace('-', '_')
                                                .toUpperCase(java.util.Locale.ROOT)));
        return true;
    }

    private static void taken(ActionCall call, Answer answer) {
        if (!answer.ok()) {
            String body = answer.body().strip().replaceAll("\\s+", " ");
            throw new ActionFailure(
                    "%s did not take the message: HTTP %d %s"
                            .formatted(
                                    call.input("to"),
                                    answer.status(),
                                    body.substring(0, Math.min(300, body.length()))));
        }
    }

    private static String hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
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

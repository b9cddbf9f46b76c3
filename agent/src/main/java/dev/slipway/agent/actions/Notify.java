package dev.slipway.agent.actions;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.notice.Bodies;
import dev.slipway.notice.Mail;
import dev.slipway.notice.Notice;
import dev.slipway.notice.WebPost.Answer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `slipway/notify@v1`: tells a channel how the job went. One message per step: after a restart of
/// the agent a message that was sent is not sent again, and one whose sending was cut is, with the
/// same idempotency key.
final class Notify implements BuiltIn {
    private static final List<String> INPUTS =
            List.of(
                    "to",
                    "url",
                    "title",
                    "message",
                    "status",
                    "routing-key",
                    "severity",
                    "key",
                    "secret",
                    "payload",
                    // E-mail.
                    "server",
                    "port",
                    "security",
                    "username",
                    "password",
                    "ca-certificate",
                    "from",
                    "recipients",
                    "subject",
                    "text");

    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        INPUTS.forEach(name -> inputs.put(name, ""));
        inputs.put("resolve", "false");
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws InterruptedException {
        if (call.recall("sent").isPresent()) {
            call.say("The message was sent before the agent was started again.");
            return;
        }
        Notice notice = notice(call);
        boolean sent =
                switch (call.input("to")) {
                    case "slack" -> post(call, notice, Bodies.slack(notice));
                    case "teams" -> post(call, notice, Bodies.teams(notice));
                    case "webhook" -> webhook(call, notice);
                    case "pagerduty" -> pagerduty(call, notice);
                    case "email" -> email(call, notice);
                    case String other ->
                            throw new ActionFailure(
                                    "The input `to` is '%s'; it may be slack, teams, pagerduty,"
                                                    .formatted(other)
                                            + " email or webhook.");
                };
        if (sent) {
            call.record("sent", "yes");
            call.say("The message is sent (" + call.input("to") + ").");
        }
    }

    private static Notice notice(ActionCall call) {
        ActionCall.JobFacts job = call.job();
        String status = or(call.input("status"), job.status());
        Map<String, Value> facts = new LinkedHashMap<>();
        facts.put("project", Value.of(job.project()));
        facts.put("run", Value.of((double) job.run()));
        facts.put("ref", Value.of(job.ref()));
        facts.put("sha", Value.of(job.sha()));
        return new Notice(
                or(call.input("key"), job.trackingId() + ":" + call.scratch().getFileName()),
                or(call.input("title"), job.project() + ": " + status),
                or(
                        call.input("message"),
                        "Run %d of %s (%s): %s"
                                .formatted(job.run(), job.project(), job.ref(), status)),
                status,
                job.project(),
                facts);
    }

    private static String or(String said, String otherwise) {
        return said.isEmpty() ? otherwise : said;
    }

    private static boolean post(ActionCall call, Notice notice, Value body)
            throws InterruptedException {
        if (missing(call, "url")) {
            return false;
        }
        taken(
                call,
                new Messenger(call)
                        .post(call.input("url"), Map.of(Bodies.KEY_HEADER, notice.key()), body));
        return true;
    }

    /// The receiver can check that the body is signed with the shared secret, and knows by the key
    /// a message that it has already.
    private static boolean webhook(ActionCall call, Notice notice) throws InterruptedException {
        if (missing(call, "url")) {
            return false;
        }
        byte[] body =
                Json.compact(
                                call.input("payload").isEmpty()
                                        ? Bodies.webhook(notice)
                                        : payload(call))
                        .getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(Bodies.KEY_HEADER, notice.key());
        if (!call.input("secret").isEmpty()) {
            call.masks().add(call.input("secret"));
            headers.put(Bodies.SIGNATURE_HEADER, Bodies.signature(call.input("secret"), body));
        }
        taken(call, new Messenger(call).post(call.input("url"), headers, body));
        return true;
    }

    private static Value payload(ActionCall call) {
        try {
            return Json.parseCaseSensitive(call.input("payload"));
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure("The payload is no JSON: " + wrong.getMessage(), wrong);
        }
    }

    private static boolean pagerduty(ActionCall call, Notice notice) throws InterruptedException {
        if (missing(call, "routing-key")) {
            return false;
        }
        call.masks().add(call.input("routing-key"));
        String severity = or(call.input("severity"), "error");
        if (!Bodies.SEVERITIES.contains(severity)) {
            throw new ActionFailure(
                    "The input `severity` is '%s'; it may be %s."
                            .formatted(severity, String.join(", ", Bodies.SEVERITIES)));
        }
        Value event =
                Bodies.pagerDuty(
                        notice,
                        call.input("routing-key"),
                        notice.key(),
                        severity,
                        call.flag("resolve"));
        String url = or(call.input("url"), Bodies.PAGERDUTY);
        taken(call, new Messenger(call).post(url, Map.of(), event));
        return true;
    }

    private static boolean email(ActionCall call, Notice notice) throws InterruptedException {
        if (!call.input("password").isEmpty()) {
            call.masks().add(call.input("password"));
        }
        for (String needed : List.of("server", "security", "from", "recipients")) {
            if (missing(call, needed)) {
                return false;
            }
        }
        new Messenger(call).mail(mail(call, notice));
        return true;
    }

    private static Mail mail(ActionCall call, Notice notice) {
        try {
            Mail.Security security = Mail.Security.of(call.input("security"));
            var server =
                    new Mail.Server(
                            call.input("server"),
                            port(call, security),
                            security,
                            call.input("username"),
                            call.input("password"),
                            call.input("ca-certificate"));
            return new Mail(
                    server,
                    call.input("from"),
                    Arrays.asList(call.input("recipients").split("[,\n]")),
                    or(call.input("subject"), notice.title()),
                    or(call.input("text"), notice.text()),
                    Mail.id(notice.key()));
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static int port(ActionCall call, Mail.Security security) {
        String port = call.input("port");
        if (port.isEmpty()) {
            return security.port();
        }
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException wrong) {
            throw new ActionFailure("The input `port` is '%s', no number.".formatted(port), wrong);
        }
    }

    private static boolean missing(ActionCall call, String input) {
        if (!call.input(input).isEmpty()) {
            return false;
        }
        String secret = input.replace('-', '_').toUpperCase(Locale.ROOT);
        String example =
                switch (input) {
                    case "server" -> "smtp.example.org";
                    case "security" -> "starttls (or tls, or none)";
                    case "from" -> "farm@example.org";
                    case "recipients" -> "team@example.org";
                    default -> "${{ secrets.NOTIFY_%s }}, and set that secret".formatted(secret);
                };
        new Messenger(call)
                .withoutDestination(
                        ("No destination for the message: the input `%s` is empty. Give it, e.g."
                                        + " %s: %s.")
                                .formatted(input, input, example));
        return true;
    }

    private static void taken(ActionCall call, Answer answer) {
        if (!answer.ok()) {
            throw new ActionFailure(
                    "%s did not take the message: HTTP %d %s"
                            .formatted(call.input("to"), answer.status(), answer.line()));
        }
    }
}

package dev.slipway.coordinator.notify;

import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.error.SlipwayException;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.notice.Bodies;
import dev.slipway.notice.Mail;
import dev.slipway.notice.MailRefused;
import dev.slipway.notice.Notice;
import dev.slipway.notice.Smtp;
import dev.slipway.notice.WebPost;
import dev.slipway.time.Clock;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Sends one message once. Blocks for as long as the destination takes, at most some minutes. Any
/// thread may call it.
public final class Sender {
    private final SecretBox box;
    private final Smtp smtp;
    private final Map<String, String> environment;

    /// @param environment whose proxies are used
    public Sender(SecretBox box, Clock clock, Map<String, String> environment) {
        this.box = box;
        this.smtp = new Smtp(clock);
        this.environment = Map.copyOf(environment);
    }

    /// Checks a rule's destination without sending anything.
    ///
    /// @throws IllegalArgumentException saying what is missing or wrong
    public static void check(NotificationRule rule, Map<String, String> secrets) {
        new Destination(rule.channel(), rule.settings(), secrets).check();
    }

    /// @param notification of this rule
    public Outcome send(NotificationRule rule, Notification notification) {
        Destination to;
        try {
            byte[] sealed = rule.secrets().ciphertext().toArray();
            to = new Destination(rule.channel(), rule.settings(), box.open(rule.owner(), sealed));
        } catch (SlipwayException locked) {
            return new Outcome.Never(String.valueOf(locked.getMessage()));
        }
        try {
            Notice notice = notice(notification);
            return switch (to.channel()) {
                case SLACK -> post(to, notice, Bodies.slack(notice));
                case TEAMS -> post(to, notice, Bodies.teams(notice));
                case WEBHOOK -> post(to, notice, Bodies.webhook(notice));
                case PAGERDUTY -> post(to, notice, pagerDuty(to, notice, notification));
                case EMAIL -> mail(to.mail(notice));
            };
        } catch (IllegalArgumentException wrong) {
            return new Outcome.Never(to.masked(String.valueOf(wrong.getMessage())));
        } catch (IOException problem) {
            return new Outcome.NotNow(
                    to.masked(String.valueOf(problem.getMessage())), Optional.empty());
        }
    }

    private Outcome mail(Mail mail) throws IOException {
        try {
            smtp.send(mail);
            return new Outcome.Taken();
        } catch (MailRefused refused) {
            return new Outcome.Never(String.valueOf(refused.getMessage()));
        }
    }

    private Outcome post(Destination to, Notice notice, Value value) throws IOException {
        byte[] body = Json.compact(value).getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(Bodies.KEY_HEADER, notice.key());
        if (!to.secret(Destination.SECRET).isEmpty()) {
            headers.put(
                    Bodies.SIGNATURE_HEADER, Bodies.signature(to.secret(Destination.SECRET), body));
        }
        URI url = to.url();
        WebPost.Answer answer =
                WebPost.send(url, WebPost.proxy(url, environment, ""), headers, body);
        if (answer.ok()) {
            return new Outcome.Taken();
        }
        String why =
                to.masked(
                        "%s answered HTTP %d %s"
                                .formatted(url.getHost(), answer.status(), answer.line()));
        return answer.passing()
                ? new Outcome.NotNow(why, answer.retryAfter())
                : new Outcome.Never(why);
    }

    /// Of a run's end, the alert is that of its line: so a recovery ends what failures began.
    private static Value pagerDuty(Destination to, Notice notice, Notification about) {
        Notification.Subject subject = about.subject();
        String alert =
                about.occasion().ofDeployment()
                        ? about.key()
                        : "%s/%s/%s/%s"
                                .formatted(
                                        about.rule(),
                                        subject.project(),
                                        subject.workflow(),
                                        subject.branch());
        return Bodies.pagerDuty(
                notice,
                to.secret(Destination.ROUTING_KEY),
                alert,
                to.severity(),
                about.occasion() == Occasion.RECOVERY);
    }

    private static Notice notice(Notification about) {
        Notification.Subject subject = about.subject();
        Map<String, Value> facts = new LinkedHashMap<>();
        facts.put("occasion", Value.of(about.occasion().label()));
        facts.put("rule", Value.of(about.rule()));
        facts.put("project", Value.of(subject.project()));
        facts.put("workflow", Value.of(subject.workflow()));
        facts.put("branch", Value.of(subject.branch()));
        facts.put("sha", Value.of(subject.sha()));
        facts.put("run", Value.of((double) subject.run()));
        if (about.occasion().ofDeployment()) {
            facts.put("environment", Value.of(subject.environment()));
            facts.put("deployment", Value.of((double) subject.deployment()));
        }
        facts.put("at", Value.of(about.at().toString()));
        return new Notice(
                about.key(),
                about.said().title(),
                about.said().text(),
                about.said().status(),
                subject.project(),
                facts);
    }
}

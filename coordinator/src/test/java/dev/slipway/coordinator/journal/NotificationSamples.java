package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Channel;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.coordinator.model.SealedSecrets;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// One event of each kind about notifications. What is in the golden file never changes.
final class NotificationSamples {
    private static final Instant AT = Instant.parse("2026-11-24T03:00:00.123Z");

    private NotificationSamples() {}

    static List<Event> events() {
        var rule =
                new NotificationRule(
                        "team",
                        Set.of(Occasion.FAILURE, Occasion.DEPLOYMENT_ROLLED_BACK),
                        new NotificationRule.Where(
                                List.of("acme/*"),
                                List.of(".github/workflows/ci.yml"),
                                List.of("main", "!main-*"),
                                List.of("production")),
                        Channel.EMAIL,
                        new TreeMap<>(Map.of("server", "smtp.example.org", "port", "587")),
                        new SealedSecrets(List.of("PASSWORD"), Bytes.utf8("sealed")));
        var subject =
                new Notification.Subject(
                        "acme/app", ".github/workflows/ci.yml", "main", "abc", 41, "prod", 12);
        var notification =
                new Notification(
                        77,
                        "team",
                        "farm/run-41-1/failure/team",
                        Occasion.FAILURE,
                        subject,
                        new Notification.Said("it failed", "all of it", "failure"),
                        AT,
                        3,
                        true,
                        "HTTP 503");
        return List.of(
                new Event.NotificationRuleSet(rule, "op", AT),
                new Event.NotificationRuleRemoved("team", "op", AT),
                new Event.NotificationQueued(notification, AT),
                new Event.NotificationDropped("team", "key", AT),
                new Event.NotificationDelivered(77, AT),
                new Event.NotificationFailed(77, "HTTP 503", true, AT),
                new Event.NotificationsReplayed(List.of(77L, 78L), "op", AT),
                new Event.NotificationsDiscarded(List.of(77L), "op", AT),
                new Event.LineBroken(subject.line(), 41, AT),
                new Event.LineMended(subject.line(), 42, AT));
    }
}

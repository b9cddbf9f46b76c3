package dev.slipway.coordinator.journal;

import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.storage.NotificationCodec;
import dev.slipway.journal.v1.LineBroken;
import dev.slipway.journal.v1.LineMended;
import dev.slipway.journal.v1.NotificationDelivered;
import dev.slipway.journal.v1.NotificationDropped;
import dev.slipway.journal.v1.NotificationFailed;
import dev.slipway.journal.v1.NotificationQueued;
import dev.slipway.journal.v1.NotificationRuleRemoved;
import dev.slipway.journal.v1.NotificationRuleSet;
import dev.slipway.journal.v1.NotificationsDiscarded;
import dev.slipway.journal.v1.NotificationsReplayed;

import java.time.Instant;

/// The events of notifications, in both directions.
final class NotificationEvents {
    private NotificationEvents() {}

    static void write(Event.OfNotification event, dev.slipway.journal.v1.Event.Builder to) {
        switch (event) {
            case Event.NotificationRuleSet e ->
                    to.setNotificationRuleSet(
                            NotificationRuleSet.newBuilder()
                                    .setRule(NotificationCodec.toProto(e.rule()))
                                    .setBy(e.by()));
            case Event.NotificationRuleRemoved e ->
                    to.setNotificationRuleRemoved(
                            NotificationRuleRemoved.newBuilder().setRule(e.rule()).setBy(e.by()));
            case Event.NotificationQueued e ->
                    to.setNotificationQueued(
                            NotificationQueued.newBuilder()
                                    .setNotification(NotificationCodec.toProto(e.notification())));
            case Event.NotificationDropped e ->
                    to.setNotificationDropped(
                            NotificationDropped.newBuilder().setRule(e.rule()).setKey(e.key()));
            case Event.NotificationDelivered e ->
                    to.setNotificationDelivered(NotificationDelivered.newBuilder().setId(e.id()));
            case Event.NotificationFailed e ->
                    to.setNotificationFailed(
                            NotificationFailed.newBuilder()
                                    .setId(e.id())
                                    .setProblem(e.problem())
                                    .setDead(e.dead()));
            case Event.NotificationsReplayed e ->
                    to.setNotificationsReplayed(
                            NotificationsReplayed.newBuilder().addAllIds(e.ids()).setBy(e.by()));
            case Event.NotificationsDiscarded e ->
                    to.setNotificationsDiscarded(
                            NotificationsDiscarded.newBuilder().addAllIds(e.ids()).setBy(e.by()));
            case Event.LineBroken e ->
                    to.setLineBroken(
                            LineBroken.newBuilder()
                                    .setLine(NotificationCodec.toProto(e.line()))
                                    .setFailedRun(e.run()));
            case Event.LineMended e ->
                    to.setLineMended(
                            LineMended.newBuilder()
                                    .setLine(NotificationCodec.toProto(e.line()))
                                    .setGoodRun(e.run()));
        }
    }

    static Event read(dev.slipway.journal.v1.Event from, Instant at) {
        return switch (from.getKindCase()) {
            case NOTIFICATION_RULE_SET -> {
                var set = from.getNotificationRuleSet();
                yield new Event.NotificationRuleSet(
                        NotificationCodec.fromProto(set.getRule()), set.getBy(), at);
            }
            case NOTIFICATION_RULE_REMOVED -> {
                var removed = from.getNotificationRuleRemoved();
                yield new Event.NotificationRuleRemoved(removed.getRule(), removed.getBy(), at);
            }
            case NOTIFICATION_QUEUED ->
                    new Event.NotificationQueued(
                            NotificationCodec.fromProto(
                                    from.getNotificationQueued().getNotification()),
                            at);
            case NOTIFICATION_DROPPED -> {
                var dropped = from.getNotificationDropped();
                yield new Event.NotificationDropped(dropped.getRule(), dropped.getKey(), at);
            }
            case NOTIFICATION_DELIVERED ->
                    new Event.NotificationDelivered(from.getNotificationDelivered().getId(), at);
            case NOTIFICATION_FAILED -> {
                var failed = from.getNotificationFailed();
                yield new Event.NotificationFailed(
                        failed.getId(), failed.getProblem(), failed.getDead(), at);
            }
            case NOTIFICATIONS_REPLAYED -> {
                var replayed = from.getNotificationsReplayed();
                yield new Event.NotificationsReplayed(replayed.getIdsList(), replayed.getBy(), at);
            }
            case NOTIFICATIONS_DISCARDED -> {
                var gone = from.getNotificationsDiscarded();
                yield new Event.NotificationsDiscarded(gone.getIdsList(), gone.getBy(), at);
            }
            case LINE_BROKEN -> {
                var broken = from.getLineBroken();
                yield new Event.LineBroken(
                        NotificationCodec.fromProto(broken.getLine()), broken.getFailedRun(), at);
            }
            case LINE_MENDED -> {
                var mended = from.getLineMended();
                yield new Event.LineMended(
                        NotificationCodec.fromProto(mended.getLine()), mended.getGoodRun(), at);
            }
            default -> throw new IllegalStateException("not reached: " + from.getKindCase());
        };
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.NotificationView;
import dev.slipway.error.ErrorCode;

import java.util.List;
import java.util.Optional;

/// Decides on notification rules, and on what became of the messages that they owe.
final class Notifying {
    private Notifying() {}

    static Decision<Command.Done> set(
            FarmView view, Command.SetNotificationRule command, Turn turn) {
        NotificationView known = view.notifications();
        boolean more = known.rule(command.rule().name()).isEmpty();
        if (more && known.rules().size() >= NotificationRule.MAX_RULES) {
            return Decision.refused(
                    ErrorCode.QUOTA_EXCEEDED,
                    "The farm has %d notification rules already. Remove one first: slipway"
                                    .formatted(NotificationRule.MAX_RULES)
                            + " notifications remove NAME");
        }
        return done(
                List.of(new Event.NotificationRuleSet(command.rule(), command.by(), turn.now())));
    }

    static Decision<Command.Done> remove(
            FarmView view, Command.RemoveNotificationRule command, Turn turn) {
        if (view.notifications().rule(command.rule()).isEmpty()) {
            return noRule(command.rule());
        }
        return done(
                List.of(
                        new Event.NotificationRuleRemoved(
                                command.rule(), command.by(), turn.now())));
    }

    static <A> Decision<A> noRule(String rule) {
        return Decision.refused(
                ErrorCode.NOTIFICATION_NOT_FOUND,
                "There is no notification rule '%s'; `slipway notifications rules` lists them."
                        .formatted(rule));
    }

    static Decision<Command.Settled> settle(
            FarmView view, Command.SettleNotifications command, Turn turn) {
        NotificationView known = view.notifications();
        for (long id : command.ids()) {
            Optional<Notification> one = known.notification(id);
            if (one.filter(Notification::dead).isEmpty()) {
                return Decision.refused(
                        ErrorCode.NOTIFICATION_NOT_FOUND,
                        "%s; `slipway notifications dead` lists those that were given up."
                                .formatted(
                                        one.isEmpty()
                                                ? "There is no notification " + id
                                                : "Notification %d still waits".formatted(id)));
            }
        }
        List<Long> ids =
                command.ids().isEmpty()
                        ? known.dead().stream().map(Notification::id).toList()
                        : command.ids();
        if (ids.isEmpty()) {
            return new Decision.Accepted<>(List.of(), new Command.Settled(0));
        }
        Event event =
                command.discard()
                        ? new Event.NotificationsDiscarded(ids, command.by(), turn.now())
                        : new Event.NotificationsReplayed(ids, command.by(), turn.now());
        return new Decision.Accepted<>(List.of(event), new Command.Settled(ids.size()));
    }

    static Decision<Command.Done> tried(
            FarmView view, Command.NotificationTried command, Turn turn) {
        Optional<Notification> known =
                view.notifications().notification(command.id()).filter(one -> !one.dead());
        if (known.isEmpty()) {
            return done(List.of());
        }
        if (command.problem().isEmpty()) {
            return done(List.of(new Event.NotificationDelivered(command.id(), turn.now())));
        }
        boolean dead = command.forGood() || known.get().tries() + 1 >= Notification.MAX_TRIES;
        String why = command.problem();
        String cut = why.substring(0, Math.min(Notification.MAX_PROBLEM, why.length()));
        return done(List.of(new Event.NotificationFailed(command.id(), cut, dead, turn.now())));
    }

    private static Decision<Command.Done> done(List<Event> events) {
        return new Decision.Accepted<>(events, new Command.Done());
    }
}

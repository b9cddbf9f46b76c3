package dev.slipway.coordinator.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Notifications as they are now, read-only. For the engine's thread, as {@link FarmView} is.
public interface NotificationView {
    /// By name.
    Collection<NotificationRule> rules();

    Optional<NotificationRule> rule(String name);

    /// All that are kept, waiting and dead, by id.
    Collection<Notification> kept();

    Optional<Notification> notification(long id);

    /// The first that waits, of each rule: they are told of in order.
    List<Notification> heads();

    int waiting();

    /// Those that were given up, by id.
    Collection<Notification> dead();

    /// How often a rule told nobody, because too much was kept.
    long dropped(String rule);

    /// The run with which a line began to fail, if it does.
    Optional<Long> brokenBy(Notification.Line line);
}

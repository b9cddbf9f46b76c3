package dev.slipway.coordinator.model;

import java.util.List;
import java.util.Map;

/// The notifications of the tables: what {@link Archive} is for runs. All of it is held in memory.
public interface NotificationArchive {
    /// A rule, and how often it told nobody.
    record KnownRule(NotificationRule rule, long dropped) {}

    List<KnownRule> rules();

    List<Notification> notifications();

    /// Lines that fail, and since which run.
    Map<Notification.Line, Long> lines();

    /// An archive that holds nothing.
    NotificationArchive EMPTY =
            new NotificationArchive() {
                @Override
                public List<KnownRule> rules() {
                    return List.of();
                }

                @Override
                public List<Notification> notifications() {
                    return List.of();
                }

                @Override
                public Map<Notification.Line, Long> lines() {
                    return Map.of();
                }
            };
}

package dev.slipway.coordinator.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The part of {@link FarmState} that is about notifications: rules, what they owe, which lines
/// fail, and what changed since the last write. For one thread.
final class NotificationBook implements NotificationView {
    /// How many failing lines are remembered; the one that has failed longest is forgotten first.
    private static final int MAX_LINES = 10_000;

    private final NavigableMap<String, NotificationRule> rules = new TreeMap<>();
    private final NavigableMap<String, Long> dropped = new TreeMap<>();
    private final NavigableMap<Long, Notification> kept = new TreeMap<>();
    private final NavigableMap<Long, Notification> dead = new TreeMap<>();
    private final Map<String, NavigableMap<Long, Notification>> waiting = new TreeMap<>();
    private final NavigableMap<Notification.Line, Long> lines = new TreeMap<>();
    private final NavigableMap<Long, Notification.Line> linesByRun = new TreeMap<>();

    private final Map<String, Optional<NotificationArchive.KnownRule>> changedRules =
            new TreeMap<>();
    private final Map<Long, Optional<Notification>> changed = new TreeMap<>();
    private final Map<Notification.Line, Optional<Long>> changedLines = new TreeMap<>();

    NotificationBook(NotificationArchive archive) {
        for (NotificationArchive.KnownRule known : archive.rules()) {
            rules.put(known.rule().name(), known.rule());
            dropped.put(known.rule().name(), known.dropped());
        }
        archive.notifications().forEach(this::index);
        archive.lines().forEach(this::indexLine);
    }

    void apply(Event.OfNotification event) {
        switch (event) {
            case Event.NotificationRuleSet e -> set(e.rule());
            case Event.NotificationRuleRemoved e -> remove(e.rule());
            case Event.NotificationQueued e -> put(e.notification());
            case Event.NotificationDropped e -> drop(e.rule());
            case Event.NotificationDelivered e -> forget(e.id());
            case Event.NotificationFailed e ->
                    notification(e.id())
                            .ifPresent(known -> put(known.failed(e.problem(), e.dead())));
            case Event.NotificationsReplayed e ->
                    e.ids().forEach(id -> notification(id).ifPresent(one -> put(one.replayed())));
            case Event.NotificationsDiscarded e -> e.ids().forEach(this::forget);
            case Event.LineBroken e -> broken(e.line(), e.run());
            case Event.LineMended e -> mended(e.line());
        }
    }

    private void set(NotificationRule rule) {
        rules.put(rule.name(), rule);
        dropped.putIfAbsent(rule.name(), 0L);
        changed(rule.name());
    }

    /// With all that it owes.
    private void remove(String name) {
        rules.remove(name);
        dropped.remove(name);
        changedRules.put(name, Optional.empty());
        kept.values().stream()
                .filter(known -> known.rule().equals(name))
                .map(Notification::id)
                .toList()
                .forEach(this::forget);
    }

    private void drop(String rule) {
        if (rules.containsKey(rule)) {
            dropped.merge(rule, 1L, Long::sum);
            changed(rule);
        }
    }

    private void changed(String rule) {
        NotificationRule known = java.util.Objects.requireNonNull(rules.get(rule));
        changedRules.put(
                rule, Optional.of(new NotificationArchive.KnownRule(known, dropped(rule))));
    }

    private void put(Notification notification) {
        unindex(notification.id());
        index(notification);
        changed.put(notification.id(), Optional.of(notification));
    }

    private void forget(long id) {
        unindex(id);
        changed.put(id, Optional.empty());
    }

    private void index(Notification notification) {
        kept.put(notification.id(), notification);
        if (notification.dead()) {
            dead.put(notification.id(), notification);
        } else {
            waiting.computeIfAbsent(notification.rule(), unknown -> new TreeMap<>())
                    .put(notification.id(), notification);
        }
    }

    private void unindex(long id) {
        Notification known = kept.remove(id);
        if (known == null) {
            return;
        }
        dead.remove(id);
        NavigableMap<Long, Notification> line = waiting.get(known.rule());
        if (line != null && line.remove(id) != null && line.isEmpty()) {
            waiting.remove(known.rule());
        }
    }

    private void broken(Notification.Line line, long run) {
        indexLine(line, run);
        changedLines.put(line, Optional.of(run));
        if (lines.size() > MAX_LINES) {
            mended(linesByRun.firstEntry().getValue());
        }
    }

    private void mended(Notification.Line line) {
        Long run = lines.remove(line);
        if (run != null) {
            linesByRun.remove(run);
        }
        changedLines.put(line, Optional.empty());
    }

    private void indexLine(Notification.Line line, long run) {
        lines.put(line, run);
        linesByRun.put(run, line);
    }

    @Override
    public Collection<NotificationRule> rules() {
        return Collections.unmodifiableCollection(rules.values());
    }

    @Override
    public Optional<NotificationRule> rule(String name) {
        return Optional.ofNullable(rules.get(name));
    }

    @Override
    public Collection<Notification> kept() {
        return Collections.unmodifiableCollection(kept.values());
    }

    @Override
    public Optional<Notification> notification(long id) {
        return Optional.ofNullable(kept.get(id));
    }

    @Override
    public List<Notification> heads() {
        return waiting.values().stream().map(line -> line.firstEntry().getValue()).toList();
    }

    @Override
    public int waiting() {
        return kept.size() - dead.size();
    }

    @Override
    public Collection<Notification> dead() {
        return Collections.unmodifiableCollection(dead.values());
    }

    @Override
    public long dropped(String rule) {
        return dropped.getOrDefault(rule, 0L);
    }

    @Override
    public Optional<Long> brokenBy(Notification.Line line) {
        return Optional.ofNullable(lines.get(line));
    }

    Changes.Notifications drain() {
        var changes =
                new Changes.Notifications(
                        new TreeMap<>(changedRules),
                        new TreeMap<>(changed),
                        new TreeMap<>(changedLines));
        changedRules.clear();
        changed.clear();
        changedLines.clear();
        return changes;
    }
}

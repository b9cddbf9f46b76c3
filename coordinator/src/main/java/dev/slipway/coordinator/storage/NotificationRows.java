package dev.slipway.coordinator.storage;

import dev.slipway.coordinator.model.Changes;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.NotificationArchive;
import dev.slipway.journal.v1.BrokenLine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Notification rules, what they owe, and which lines fail, as recorded; what changes them are
/// events.
public final class NotificationRows implements NotificationArchive {
    static final Table<String, KnownRule> RULES =
            new Table<>(
                    "notification_rules",
                    KeyCodec.TEXT,
                    ProtoCodec.of(
                            row ->
                                    NotificationCodec.toProto(row.rule()).toBuilder()
                                            .setDropped(row.dropped())
                                            .build()
                                            .toByteArray(),
                            NotificationRows::rule));

    /// By id.
    static final Table<Long, Notification> NOTIFICATIONS =
            new Table<>(
                    "notifications",
                    KeyCodec.NUMBER,
                    ProtoCodec.of(
                            row -> NotificationCodec.toProto(row).toByteArray(),
                            bytes ->
                                    NotificationCodec.fromProto(
                                            dev.slipway.journal.v1.Notification.parseFrom(bytes))));

    static final Table<Notification.Line, Long> LINES =
            new Table<>(
                    "broken_lines",
                    new LineKey(),
                    ProtoCodec.of(
                            run -> BrokenLine.newBuilder().setRun(run).build().toByteArray(),
                            bytes -> BrokenLine.parseFrom(bytes).getRun()));

    private final Database database;

    public NotificationRows(Database database) {
        this.database = database;
    }

    private static KnownRule rule(byte[] bytes)
            throws com.google.protobuf.InvalidProtocolBufferException {
        var row = dev.slipway.journal.v1.NotificationRule.parseFrom(bytes);
        return new KnownRule(NotificationCodec.fromProto(row), row.getDropped());
    }

    @Override
    public List<KnownRule> rules() {
        var all = new ArrayList<KnownRule>();
        RULES.scan(database, every -> {}, (name, row) -> all.add(row));
        return all;
    }

    @Override
    public List<Notification> notifications() {
        var all = new ArrayList<Notification>();
        NOTIFICATIONS.scan(database, every -> {}, (id, row) -> all.add(row));
        return all;
    }

    @Override
    public Map<Notification.Line, Long> lines() {
        var all = new TreeMap<Notification.Line, Long>();
        LINES.scan(database, every -> {}, (line, run) -> all.put(line, run) == null);
        return all;
    }

    /// Adds to a batch what a batch of events changed.
    void write(Batch batch, Changes.Notifications changes) {
        changes.rules()
                .forEach(
                        (name, now) ->
                                now.ifPresentOrElse(
                                        row -> RULES.put(batch, name, row),
                                        () -> RULES.delete(batch, name)));
        changes.notifications()
                .forEach(
                        (id, now) ->
                                now.ifPresentOrElse(
                                        row -> NOTIFICATIONS.put(batch, id, row),
                                        () -> NOTIFICATIONS.delete(batch, id)));
        changes.lines()
                .forEach(
                        (line, now) ->
                                now.ifPresentOrElse(
                                        run -> LINES.put(batch, line, run),
                                        () -> LINES.delete(batch, line)));
    }

    private static final class LineKey implements KeyCodec<Notification.Line> {
        @Override
        public void write(Notification.Line key, KeyWriter to) {
            to.text(key.project()).text(key.workflow()).text(key.branch());
        }

        @Override
        public Notification.Line read(KeyReader from) {
            return new Notification.Line(from.text(), from.text(), from.text());
        }
    }
}

package dev.slipway.agent.output;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Keeps what it was told by id, as a real sink does: telling again changes nothing.
final class RecordingSink implements CommandSink {
    private final Map<String, String> events = new LinkedHashMap<>();

    private void keep(CommandId id, String event) {
        events.putIfAbsent(id.toString(), event);
    }

    /// What was told, without ids.
    List<String> events() {
        return List.copyOf(events.values());
    }

    Map<String, String> byId() {
        return events;
    }

    @Override
    public void annotation(Annotation a) {
        Annotation.Place p = a.place();
        keep(
                a.id(),
                "%s '%s' title=%s %s:%d-%d:%d-%d"
                        .formatted(
                                a.level().label(),
                                a.message(),
                                a.title(),
                                p.file(),
                                p.line(),
                                p.endLine(),
                                p.column(),
                                p.endColumn()));
    }

    @Override
    public void output(CommandId id, String name, String value) {
        keep(id, "output " + name + "=" + value);
    }

    @Override
    public void state(CommandId id, String name, String value) {
        keep(id, "state " + name + "=" + value);
    }

    @Override
    public void env(CommandId id, String name, String value) {
        keep(id, "env " + name + "=" + value);
    }

    @Override
    public void path(CommandId id, String path) {
        keep(id, "path " + path);
    }

    @Override
    public void mask(CommandId id, String secret) {
        keep(id, "mask " + secret);
    }

    @Override
    public void matchers(CommandId id, Value matchers) {
        keep(id, "matchers " + Json.compact(matchers));
    }

    @Override
    public void fail(CommandId id, String why) {
        keep(id, "fail " + why);
    }
}

package dev.slipway.workflow;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the `on` key.
final class TriggerParser {

    private final ValueReader values;
    private final Problems problems;
    private final InputParser inputs;

    TriggerParser(ValueReader values) {
        this.values = values;
        this.problems = values.problems();
        this.inputs = new InputParser(values);
    }

    List<Trigger> parse(YamlNode node) {
        List<Trigger> triggers = new ArrayList<>();
        switch (node) {
            case YamlScalar scalar -> named(scalar).ifPresent(triggers::add);
            case YamlSequence sequence -> {
                Set<String> seen = new HashSet<>();
                for (YamlNode item : sequence.items()) {
                    if (item instanceof YamlScalar scalar) {
                        named(scalar).filter(t -> seen.add(t.event())).ifPresent(triggers::add);
                    } else {
                        values.wrongType(item, "an entry of 'on'", "the name of an event");
                    }
                }
            }
            case YamlMapping mapping -> {
                for (YamlMapping.Entry entry : mapping.entries()) {
                    configured(entry).ifPresent(triggers::add);
                }
            }
        }
        boolean empty =
                switch (node) {
                    case YamlSequence sequence -> sequence.items().isEmpty();
                    case YamlMapping mapping -> mapping.entries().isEmpty();
                    case YamlScalar _ -> false;
                };
        if (empty) {
            problems.error(node.position(), "'on' names no event; write for example 'on: push'");
        }
        return triggers;
    }

    private Optional<Trigger> named(YamlScalar name) {
        String event = name.asString();
        if (!known(event, name.position())) {
            return Optional.empty();
        }
        return switch (event) {
            case "schedule" -> {
                problems.error(
                        name.position(),
                        "'schedule' needs a list of cron lines: 'schedule: [{cron: \"0 5 * *"
                                + " *\"}]'");
                yield Optional.empty();
            }
            case "workflow_call" ->
                    Optional.of(new Trigger.Call(List.of(), List.of(), List.of(), name.position()));
            case "workflow_dispatch" ->
                    Optional.of(new Trigger.Dispatch(List.of(), name.position()));
            default -> Optional.of(new Trigger.Event(event, Filters.NONE, name.position()));
        };
    }

    private Optional<Trigger> configured(YamlMapping.Entry entry) {
        String event = entry.key().text();
        if (!known(event, entry.key().position())) {
            return Optional.empty();
        }
        if (entry.value() instanceof YamlScalar scalar
                && scalar.isNull()
                && !event.equals("schedule")) {
            return named(entry.key());
        }
        Position at = entry.key().position();
        return switch (event) {
            case "schedule" -> Optional.of(schedule(entry.value(), at));
            case "workflow_dispatch" ->
                    MappingReader.of(
                                    entry.value(),
                                    "'on.workflow_dispatch'",
                                    List.of("inputs"),
                                    problems)
                            .map(
                                    reader ->
                                            new Trigger.Dispatch(
                                                    inputs.dispatchInputs(reader.get("inputs")),
                                                    at));
            case "workflow_call" -> inputs.call(entry.value(), at);
            default -> filtered(event, entry.value(), at);
        };
    }

    private boolean known(String event, Position at) {
        if (!Events.exists(event)) {
            problems.error(
                    at,
                    "unknown event '" + event + "' in 'on'" + Suggest.hint(event, Events.names()));
        }
        return Events.exists(event);
    }

    private Optional<Trigger> filtered(String event, YamlNode node, Position at) {
        Events.Definition definition = Events.definition(event);
        List<String> keys = definition.filters().stream().map(Filters.Kind::key).toList();
        String where = "'on." + event + "'";
        Map<Filters.Kind, List<Located<String>>> lists = new EnumMap<>(Filters.Kind.class);
        MappingReader.of(node, where, keys, problems)
                .ifPresent(
                        reader -> {
                            for (Filters.Kind kind : definition.filters()) {
                                reader.get(kind.key())
                                        .ifPresent(
                                                value ->
                                                        lists.put(
                                                                kind,
                                                                patterns(kind, value, where)));
                            }
                            exclusive(
                                    reader,
                                    Filters.Kind.BRANCHES,
                                    Filters.Kind.BRANCHES_IGNORE,
                                    where);
                            exclusive(reader, Filters.Kind.TAGS, Filters.Kind.TAGS_IGNORE, where);
                            exclusive(reader, Filters.Kind.PATHS, Filters.Kind.PATHS_IGNORE, where);
                        });
        checkTypes(event, definition, lists.getOrDefault(Filters.Kind.TYPES, List.of()));
        if (event.equals("workflow_run") && !lists.containsKey(Filters.Kind.WORKFLOWS)) {
            problems.warning(
                    at,
                    "'on.workflow_run' names no 'workflows' to wait for, so it never starts a"
                            + " run");
        }
        return Optional.of(new Trigger.Event(event, new Filters(lists), at));
    }

    private List<Located<String>> patterns(Filters.Kind kind, YamlNode value, String where) {
        List<Located<String>> patterns =
                values.plainList(value, "'" + kind.key() + "' of " + where);
        if (kind != Filters.Kind.TYPES && kind != Filters.Kind.WORKFLOWS) {
            for (Located<String> pattern : patterns) {
                GlobPattern.problem(pattern.value())
                        .ifPresent(
                                problem ->
                                        problems.error(
                                                pattern.position(),
                                                "bad pattern '"
                                                        + pattern.value()
                                                        + "': "
                                                        + problem));
            }
            boolean includes =
                    kind == Filters.Kind.BRANCHES
                            || kind == Filters.Kind.TAGS
                            || kind == Filters.Kind.PATHS;
            if (includes
                    && !patterns.isEmpty()
                    && patterns.stream().allMatch(p -> p.value().startsWith("!"))) {
                problems.warning(
                        value.position(),
                        "'"
                                + kind.key()
                                + "' of "
                                + where
                                + " only excludes, so nothing ever matches; add a pattern without"
                                + " '!', or use '"
                                + kind.key()
                                + "-ignore'");
            }
        }
        return patterns;
    }

    private void exclusive(
            MappingReader reader, Filters.Kind one, Filters.Kind other, String where) {
        if (reader.has(one.key()) && reader.has(other.key())) {
            problems.error(
                    reader.keyPosition(other.key()),
                    "'"
                            + one.key()
                            + "' and '"
                            + other.key()
                            + "' cannot both be used in "
                            + where
                            + "; use '!' patterns in '"
                            + one.key()
                            + "' instead");
        }
    }

    private void checkTypes(
            String event, Events.Definition definition, List<Located<String>> types) {
        for (Located<String> type : types) {
            if (!definition.types().contains("*") && !definition.types().contains(type.value())) {
                problems.warning(
                        type.position(),
                        "unknown activity type '"
                                + type.value()
                                + "' of '"
                                + event
                                + "'"
                                + Suggest.hint(
                                        type.value(),
                                        definition.types().stream().sorted().toList()));
            }
        }
    }

    private Trigger.Schedule schedule(YamlNode node, Position at) {
        List<Trigger.ScheduleEntry> entries = new ArrayList<>();
        if (!(node instanceof YamlSequence sequence) || sequence.items().isEmpty()) {
            problems.error(node.position(), "'on.schedule' must be a list of '- cron: …' entries");
            return new Trigger.Schedule(entries, at);
        }
        for (YamlNode item : sequence.items()) {
            MappingReader.of(
                            item,
                            "an entry of 'on.schedule'",
                            List.of("cron", "timezone"),
                            problems)
                    .ifPresent(reader -> scheduleEntry(reader).ifPresent(entries::add));
        }
        return new Trigger.Schedule(entries, at);
    }

    private Optional<Trigger.ScheduleEntry> scheduleEntry(MappingReader reader) {
        Optional<String> timezone =
                reader.get("timezone")
                        .flatMap(node -> values.plainNonEmpty(node, "'timezone' of 'on.schedule'"))
                        .map(this::checkedZone);
        return reader.require("cron")
                .flatMap(node -> values.plainNonEmpty(node, "'cron' of 'on.schedule'"))
                .map(
                        cron -> {
                            CronExpression.problem(cron.value())
                                    .ifPresent(
                                            problem ->
                                                    problems.error(
                                                            cron.position(),
                                                            "bad cron line '"
                                                                    + cron.value()
                                                                    + "': "
                                                                    + problem));
                            warnAboutPace(cron);
                            return new Trigger.ScheduleEntry(
                                    cron.value(), timezone, cron.position());
                        });
    }

    private void warnAboutPace(Located<String> cron) {
        if (CronExpression.isTooFrequent(cron.value())) {
            problems.warning(
                    cron.position(),
                    "the cron line '"
                            + cron.value()
                            + "' asks for a run more often than every 5 minutes, which GitHub does"
                            + " not do");
        }
    }

    private String checkedZone(Located<String> zone) {
        try {
            ZoneId.of(zone.value());
            if (!zone.value().contains("/") && !zone.value().equals("UTC")) {
                problems.warning(
                        zone.position(),
                        "'"
                                + zone.value()
                                + "' is not an IANA time zone such as 'Europe/Rome'; GitHub may"
                                + " refuse it");
            }
        } catch (DateTimeException e) {
            problems.error(
                    zone.position(),
                    "unknown time zone '"
                            + zone.value()
                            + "'"
                            + Suggest.closest(zone.value(), ZoneId.getAvailableZoneIds())
                                    .map(best -> "; did you mean '" + best + "'?")
                                    .orElse("; use an IANA name such as 'Europe/Rome'"));
        }
        return zone.value();
    }
}

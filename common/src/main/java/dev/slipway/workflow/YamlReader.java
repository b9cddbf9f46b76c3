package dev.slipway.workflow;

import dev.slipway.expression.Value;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads one YAML document into {@link YamlNode}s by GitHub's rules: the 1.2 core schema, anchors
/// and aliases, no merge keys, keys unique ignoring case, and the {@link YamlLimits}.
///
/// Every limit is checked before the thing that it limits is built. A file with broken YAML gives
/// exactly one problem, since nothing after it can be trusted.
final class YamlReader {

    private static final String SCHEMA = "tag:yaml.org,2002:";

    private final Problems problems;
    private final YamlLimits limits;
    private final SourceText source;
    private final ParserImpl parser;
    private final Map<Anchor, Optional<YamlNode>> anchors = new HashMap<>();
    private long events;
    private long weight;
    private int depth;

    private YamlReader(String text, YamlLimits limits, Problems problems) {
        this.problems = problems;
        this.limits = limits;
        this.source = new SourceText(text);
        LoadSettings settings =
                LoadSettings.builder().setUseMarks(true).setParseComments(false).build();
        this.parser = new ParserImpl(settings, new StreamReader(settings, text));
    }

    /// The root node, or nothing when the file cannot be read; `problems` then says why.
    static Optional<YamlNode> read(byte[] bytes, YamlLimits limits, Problems problems) {
        Optional<String> text = SourceDecoder.decode(bytes, limits, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return new YamlReader(text.get(), limits, problems).document();
        } catch (UnreadableException e) {
            problems.error(e.position, e.text);
        } catch (MarkedYamlEngineException e) {
            Position at =
                    e.getProblemMark()
                            .or(e::getContextMark)
                            .map(YamlReader::position)
                            .orElse(Position.START);
            problems.error(at, YamlErrors.explain(e));
        } catch (YamlEngineException e) {
            problems.error(Position.START, "invalid YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private Optional<YamlNode> document() {
        parser.next();
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            return Optional.empty();
        }
        parser.next();
        YamlNode root = node(parser.next());
        parser.next();
        if (!parser.checkEvent(Event.ID.StreamEnd)) {
            throw new UnreadableException(
                    position(parser.peekEvent()),
                    "a second YAML document starts here; keep one document per file and remove"
                            + " the '---' line");
        }
        return Optional.of(root);
    }

    private YamlNode node(Event event) {
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        if (!(event instanceof NodeEvent start)) {
            throw new UnreadableException(position(event), "invalid YAML: expected a value here");
        }
        count(1, 0, position(event));
        start.getAnchor().ifPresent(anchor -> anchors.put(anchor, Optional.empty()));
        if (++depth > limits.maxDepth()) {
            throw new UnreadableException(
                    position(event),
                    "values are nested deeper than the limit of " + limits.maxDepth() + " levels");
        }
        YamlNode node = content(start);
        depth--;
        start.getAnchor().ifPresent(anchor -> anchors.put(anchor, Optional.of(node)));
        return node;
    }

    private YamlNode content(NodeEvent start) {
        return switch (start) {
            case ScalarEvent scalar -> scalar(scalar);
            case CollectionStartEvent collection -> {
                collection.getTag().ifPresent(tag -> refuseTag(tag, position(start)));
                yield collection.getEventId() == Event.ID.MappingStart
                        ? mapping(position(start))
                        : sequence(position(start));
            }
            default ->
                    throw new UnreadableException(
                            position(start), "invalid YAML: expected a value here");
        };
    }

    private YamlNode alias(AliasEvent event) {
        Anchor anchor = event.getAlias();
        Optional<YamlNode> node = anchors.get(anchor);
        if (node == null) {
            throw new UnreadableException(
                    position(event),
                    "alias '*"
                            + anchor.getValue()
                            + "' has no anchor; write '&"
                            + anchor.getValue()
                            + "' before the value to repeat, above this line");
        }
        if (node.isEmpty()) {
            throw new UnreadableException(
                    position(event),
                    "alias '*"
                            + anchor.getValue()
                            + "' repeats a value that contains the alias"
                            + " itself");
        }
        count(node.get().events(), node.get().weight(), position(event));
        return node.get();
    }

    private YamlSequence sequence(Position at) {
        long eventsBefore = events;
        long weightBefore = weight;
        List<YamlNode> items = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            items.add(node(parser.next()));
        }
        parser.next();
        count(1, 0, at);
        return new YamlSequence(at, items, events - eventsBefore + 1, weight - weightBefore + 24);
    }

    private YamlMapping mapping(Position at) {
        long eventsBefore = events;
        long weightBefore = weight;
        List<YamlMapping.Entry> entries = new ArrayList<>();
        Map<String, Position> seen = new HashMap<>();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Event keyEvent = parser.next();
            YamlNode key = node(keyEvent);
            YamlNode value = node(parser.next());
            if (!(key instanceof YamlScalar name)) {
                problems.error(
                        position(keyEvent), "a key must be plain text, not " + key.kindName());
            } else if (name.style() == YamlScalar.Style.PLAIN && name.text().equals("<<")) {
                problems.error(
                        name.position(),
                        "merge keys ('<<') are not supported in workflow"
                                + " files; repeat the whole value with an alias instead");
            } else {
                Position first =
                        seen.putIfAbsent(name.text().toUpperCase(Locale.ROOT), name.position());
                if (first == null || isInsert(name.text())) {
                    entries.add(new YamlMapping.Entry(name, value));
                } else {
                    problems.error(
                            name.position(),
                            "'"
                                    + name.text()
                                    + "' is already defined on line "
                                    + first.line()
                                    + " (keys are compared ignoring case)");
                }
            }
        }
        parser.next();
        count(1, 0, at);
        return new YamlMapping(at, entries, events - eventsBefore + 1, weight - weightBefore + 24);
    }

    private static boolean isInsert(String key) {
        return key.startsWith("${{");
    }

    private YamlScalar scalar(ScalarEvent event) {
        Position at = position(event);
        String text = event.getValue();
        count(0, 2L * text.length() + 24, at);
        YamlScalar.Style style =
                switch (event.getScalarStyle()) {
                    case PLAIN -> YamlScalar.Style.PLAIN;
                    case SINGLE_QUOTED -> YamlScalar.Style.SINGLE_QUOTED;
                    case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> YamlScalar.Style.DOUBLE_QUOTED;
                    case LITERAL, FOLDED -> YamlScalar.Style.BLOCK;
                };
        Value value =
                event.getTag()
                        .map(tag -> tagged(tag, text, style, at))
                        .orElseGet(
                                () ->
                                        style == YamlScalar.Style.PLAIN
                                                ? CoreSchema.plain(text)
                                                : Value.of(text));
        return new YamlScalar(at, text, value, style, source);
    }

    private static Value tagged(String tag, String text, YamlScalar.Style style, Position at) {
        boolean isText = tag.equals(SCHEMA + "str") || tag.equals("!");
        if (!isText && tag.startsWith(SCHEMA) && style != YamlScalar.Style.PLAIN) {
            throw new UnreadableException(
                    at,
                    "the tag '!!"
                            + tag.substring(SCHEMA.length())
                            + "' needs a value without quotes");
        }
        Optional<Value> value =
                switch (tag) {
                    case SCHEMA + "str" -> Optional.of(Value.of(text));
                    case SCHEMA + "bool" -> CoreSchema.bool(text);
                    case SCHEMA + "int" -> CoreSchema.integer(text);
                    case SCHEMA + "float" -> CoreSchema.number(text);
                    case SCHEMA + "null" ->
                            CoreSchema.isNull(text) ? Optional.of(Value.NULL) : Optional.empty();
                    case "!" -> Optional.of(Value.of(text));
                    default -> throw new UnreadableException(at, unknownTag(tag));
                };
        return value.orElseThrow(
                () ->
                        new UnreadableException(
                                at,
                                "'"
                                        + YamlScalar.abbreviate(text)
                                        + "' is not a valid value for the tag '!!"
                                        + tag.substring(SCHEMA.length())
                                        + "'"));
    }

    private static void refuseTag(String tag, Position at) {
        if (!tag.equals(SCHEMA + "map") && !tag.equals(SCHEMA + "seq") && !tag.equals("!")) {
            throw new UnreadableException(at, unknownTag(tag));
        }
    }

    private static String unknownTag(String tag) {
        String shown = tag.startsWith(SCHEMA) ? "!!" + tag.substring(SCHEMA.length()) : tag;
        return "the tag '"
                + shown
                + "' is not supported; allowed are !!str, !!bool, !!int,"
                + " !!float and !!null";
    }

    private void count(long moreEvents, long moreWeight, Position at) {
        events += moreEvents;
        weight += moreWeight;
        if (events > limits.maxEvents()) {
            throw new UnreadableException(
                    at,
                    "the file has more than "
                            + limits.maxEvents()
                            + " values when aliases are written out; make it smaller");
        }
        if (weight > limits.maxResultBytes()) {
            throw new UnreadableException(
                    at,
                    "the file takes more than "
                            + limits.maxResultBytes() / (1024 * 1024)
                            + " MiB when aliases are written out; make it smaller");
        }
    }

    private static Position position(Event event) {
        return event.getStartMark().map(YamlReader::position).orElse(Position.START);
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    /// Ends the reading of a file at its first unreadable place.
    private static final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Position position;
        private final String text;

        UnreadableException(Position position, String text) {
            super(text, null, false, false);
            this.position = position;
            this.text = text;
        }
    }
}

package dev.slipway.expression;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/// Values from JSON and to JSON.
public final class Json {
    /// How deep JSON may be nested.
    public static final int MAX_DEPTH = 1000;

    /// GitHub's limit for `fromJSON`.
    private static final int MAX_EXPRESSION_DEPTH = 100;

    private static final JsonFactory FACTORY = factory(MAX_DEPTH);
    private static final JsonFactory EXPRESSION_FACTORY = factory(MAX_EXPRESSION_DEPTH);

    private static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(depth)
                                .maxStringLength(Integer.MAX_VALUE)
                                .maxNameLength(Integer.MAX_VALUE)
                                .maxNumberLength(Integer.MAX_VALUE)
                                .build())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
    }

    private Json() {}

    /// Reads one JSON value. Of a key that is there twice (ignoring case) the first counts.
    ///
    /// @throws IllegalArgumentException when the text is not JSON; the message says where
    public static Value parse(String text) {
        return parse(text, false, FACTORY);
    }

    /// Reads one JSON value whose objects are all case-sensitive, so that no key is lost.
    ///
    /// @throws IllegalArgumentException when the text is not JSON; the message says where
    public static Value parseCaseSensitive(String text) {
        return parse(text, true, FACTORY);
    }

    /// The function `fromJSON`.
    static Value parseInExpression(String text) {
        return parse(text, false, EXPRESSION_FACTORY);
    }

    private static Value parse(String text, boolean caseSensitive, JsonFactory factory) {
        try (JsonParser parser = factory.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new IllegalArgumentException("Expected a JSON value but found nothing");
            }
            Value value = new Reader(parser, caseSensitive).read(first);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException(
                        "Expected the end of the JSON text but found more" + where(parser));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(describe(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading a text in memory failed", e);
        }
    }

    private record Reader(JsonParser parser, boolean caseSensitive) {
        Value read(JsonToken token) throws IOException {
            return switch (token) {
                case START_OBJECT -> {
                    var entries = new LinkedHashMap<String, Value>();
                    for (String key = parser.nextFieldName();
                            key != null;
                            key = parser.nextFieldName()) {
                        entries.putIfAbsent(key, read(parser.nextToken()));
                    }
                    yield caseSensitive
                            ? Value.caseSensitiveObject(entries)
                            : Value.object(entries);
                }
                case START_ARRAY -> {
                    var items = new ArrayList<Value>();
                    for (JsonToken item = parser.nextToken();
                            item != JsonToken.END_ARRAY;
                            item = parser.nextToken()) {
                        items.add(read(item));
                    }
                    yield Value.array(items);
                }
                case VALUE_STRING -> Value.of(parser.getText());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        Value.of(Double.parseDouble(parser.getText()));
                case VALUE_TRUE -> Value.of(true);
                case VALUE_FALSE -> Value.of(false);
                case VALUE_NULL -> Value.NULL;
                case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                        throw new IllegalArgumentException("Unexpected " + token + where(parser));
            };
        }
    }

    private static String describe(JsonProcessingException e) {
        var location = e.getLocation();
        String message =
                String.valueOf(e.getOriginalMessage())
                        .replaceFirst(" \\(start marker at \\[Source: .*?\\)", "");
        return location == null
                ? message
                : "%s (line %d, column %d)"
                        .formatted(message, location.getLineNr(), location.getColumnNr());
    }

    private static String where(JsonParser parser) {
        var location = parser.currentTokenLocation();
        return " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

    /// One line without spaces, with all digits of every number. NaN and the infinities, which JSON
    /// cannot hold, become null, as in JavaScript.
    public static String compact(Value value) {
        var out = new StringBuilder();
        new JsonWriter(out, _ -> {}).compact(value, (text, _) -> text.append("null"));
        return out.toString();
    }

    /// The form of the `toJSON` function: two spaces, numbers with 15 digits.
    public static String pretty(Value value) {
        var out = new StringBuilder();
        new JsonWriter(out, _ -> {}).pretty(value);
        return out.toString();
    }
}

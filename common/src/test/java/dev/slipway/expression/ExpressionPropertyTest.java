package dev.slipway.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Random;

/// Random inputs; every failure prints its seed.
class ExpressionPropertyTest {
    private static final String[] PIECES = {
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "*",
        "!",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        "=",
        "&",
        "'a'",
        "'it''s'",
        "'",
        "1",
        "-2.5",
        "0x1F",
        "true",
        "null",
        "NaN",
        "github",
        "env",
        "a-b",
        "event",
        "format('{0}', ",
        "contains(",
        "toJSON(",
        "fromJSON(",
        "join(",
        "case(",
        "success()",
        " ",
        "${{",
        "}}",
        "{",
        "\"",
        "\\",
        "é",
        "\n",
        "always("
    };

    private final Value context =
            Json.parse("{\"github\": {\"event\": [1, {\"a\": \"x\"}]}, \"env\": {\"A\": \"b\"}}");

    @Test
    void anyTextEitherWorksOrFailsAsAnExpression() {
        for (long seed = 0; seed < 20_000; seed++) {
            var random = new Random(seed);
            var text = new StringBuilder();
            int pieces = random.nextInt(12);
            for (int i = 0; i < pieces; i++) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }

            String answer =
                    new Evaluation(patterns -> String.join(",", patterns))
                            .answer(text.toString(), context);

            assertThat(answer)
                    .as("seed %d: %s", seed, text)
                    .matches("(?s)\\{\"(value|error)\":.*}");
            assertThat(Json.parse(answer).kind()).isEqualTo(Value.Kind.OBJECT);
        }
    }

    @Test
    void jsonComesBackAsItWas() {
        for (long seed = 0; seed < 2_000; seed++) {
            Value value = randomValue(new Random(seed), 4);

            assertThat(Json.parse(Json.compact(value))).as("seed %d", seed).isEqualTo(value);
            assertThat(Json.parse(Json.pretty(value))).as("seed %d", seed).isEqualTo(value);
        }
    }

    private static Value randomValue(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> Value.NULL;
            case 1 -> Value.of(random.nextBoolean());
            case 2 -> Value.of(random.nextInt() / 8.0);
            case 3 -> Value.of(randomText(random));
            case 4 -> {
                var items = new ArrayList<Value>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(randomValue(random, depth - 1));
                }
                yield Value.array(items);
            }
            default -> {
                var entries = new LinkedHashMap<String, Value>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    entries.put(randomText(random), randomValue(random, depth - 1));
                }
                yield Value.object(entries);
            }
        };
    }

    private static String randomText(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(
                    (char) (random.nextInt(4) == 0 ? random.nextInt(0x3000) : random.nextInt(128)));
        }
        return text.toString();
    }
}

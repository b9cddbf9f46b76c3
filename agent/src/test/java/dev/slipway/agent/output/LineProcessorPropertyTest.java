package dev.slipway.agent.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The same bytes give the same lines and commands in whatever portions they come and however often
/// the agent is killed between them.
class LineProcessorPropertyTest {
    private static final String MATCHER =
            """
            {"problemMatcher": [{"owner": "m", "pattern": [
              {"regexp": "^F (\\\\S+)$", "file": 1},
              {"regexp": "^ (\\\\d+) (.*)$", "line": 1, "message": 2, "loop": true}]},
              {"owner": "n", "pattern": {"regexp": "^E (.*)$", "message": 1}}]}
            """;

    private static final String[] LINES = {
        "plain",
        "",
        "plain with s3cret inside",
        "carriage return\r",
        "F a.c",
        " 3 first problem",
        " 4 second problem",
        "E single",
        "\u001b[1mE coloured\u001b[0m",
        "::add-matcher::m.json",
        "::remove-matcher owner=n::",
        "::add-mask::later",
        "this came later",
        "::add-mask::" + "long".repeat(100),
        "x" + "long".repeat(100) + "y",
        "::error file=a.c,line=1::broken s3cret",
        "::warning::a%0Ab",
        "::group::G",
        "##[endgroup]",
        "::set-output name=o::value",
        "::save-state name=s::value",
        "::set-env name=e::value",
        "::stop-commands::resume",
        "::resume::",
        "::echo::on",
        "::echo::off",
        "::debug::d",
        "ünïcödé",
        "::notice title=t::",
        "z".repeat(LineProcessor.MAX_LINE - 2) + "s3cret" + "w".repeat(100),
        "é".repeat(LineProcessor.MAX_LINE / 2 + 3) + "::group::in the middle"
    };

    @Test
    void portionsAndRestartsChangeNothing() {
        for (long seed = 0; seed < 400; seed++) {
            var random = new Random(seed);
            byte[] output = randomOutput(random);
            var whole = new Run();
            whole.feed(output, 0, output.length);
            whole.processor.end();

            var restarted = new Run();
            restarted.feedWithRestarts(output, random);
            restarted.processor.end();

            assertThat(restarted.lines).as("seed %d", seed).isEqualTo(whole.lines);
            assertThat(restarted.sink.byId()).as("seed %d", seed).isEqualTo(whole.sink.byId());
            assertThat(String.join("\n", whole.lines)).doesNotContain("s3cret");
        }
    }

    private static byte[] randomOutput(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            // The two long lines cost time: rarely.
            int kinds = random.nextInt(20) == 0 ? LINES.length : LINES.length - 2;
            text.append(LINES[random.nextInt(kinds)]).append('\n');
        }
        if (random.nextBoolean()) {
            text.append("no end");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static final class Run {
        private final RecordingSink sink = new RecordingSink();
        private final List<String> lines = new ArrayList<>();
        private LineProcessor processor = newProcessor();

        private LineProcessor newProcessor() {
            var masks = new Masks();
            masks.add("s3cret");
            var files = new FakeFiles(Map.of("m.json", MATCHER, "a.c", ""));
            var context = new StepContext(masks, new ProblemMatchers(), files, sink);
            return new LineProcessor(
                    new CommandSettings(1, false, false, false),
                    context,
                    (bytes, from, to) ->
                            lines.add(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        }

        void feed(byte[] output, int from, int to) {
            processor.accept(output, from, to);
        }

        void feedWithRestarts(byte[] output, Random random) {
            long checkpoint = 0;
            int checkpointLines = 0;
            String state = "";
            int at = 0;
            while (at < output.length) {
                int size = 1 + random.nextInt(random.nextBoolean() ? 10 : 100_000);
                int end = Math.min(output.length, at + size);
                byte[] portion = Arrays.copyOfRange(output, at, end);
                feed(portion, 0, portion.length);
                at = end;
                switch (random.nextInt(4)) {
                    case 0 -> {
                        checkpoint = processor.consumed();
                        checkpointLines = lines.size();
                        state = Json.compact(processor.state());
                    }
                    case 1 -> {
                        lines.subList(checkpointLines, lines.size()).clear();
                        processor = newProcessor();
                        Value restored =
                                state.isEmpty() ? Value.NULL : Json.parseCaseSensitive(state);
                        processor.restore(checkpoint, restored);
                        at = (int) checkpoint;
                    }
                    default -> {}
                }
            }
        }
    }
}

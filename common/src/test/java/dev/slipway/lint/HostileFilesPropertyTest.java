package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Value;
import dev.slipway.planning.EventFacts;
import dev.slipway.planning.PlanReporter;
import dev.slipway.planning.WorkflowSource;
import dev.slipway.workflow.Problem;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/// Whatever a file holds, reading it gives a workflow or problems, and never anything else.
class HostileFilesPropertyTest {

    private static final int ROUNDS = 400;
    private static final List<String> SNIPPETS =
            List.of(
                    "${{ ",
                    " }}",
                    "'",
                    "\"",
                    "[",
                    "]",
                    "{",
                    "}",
                    ": ",
                    "- ",
                    "&a ",
                    "*a",
                    "!!int ",
                    "<<: ",
                    "|\n",
                    ">-\n",
                    "\t",
                    "# ",
                    "---\n",
                    "...\n",
                    "%YAML 1.3\n",
                    "\u0085",
                    "\u2028",
                    "\ufeff",
                    "\ud83d\ude00",
                    "null",
                    "~",
                    "true",
                    "0x",
                    "1e999",
                    "always()",
                    "matrix.",
                    "needs: ",
                    "uses: ",
                    "include",
                    "on: ",
                    "? ");

    private static String everyKey() throws IOException {
        String name = "/workflows/every-key.yml";
        try (InputStream in = HostileFilesPropertyTest.class.getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void brokenFilesGiveProblemsAndNeverExceptions() throws IOException {
        String valid =
                everyKey()
                        .replaceAll("(?s)  deploy:\n.*?  dynamic:", "  dynamic:")
                        .replace("${{ jobs.deploy.outputs.url }}", "x");
        List<String> lines = valid.lines().toList();
        for (int seed = 0; seed < ROUNDS; seed++) {
            String text = mutate(valid, lines, new Random(seed));
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                forecast(bytes);
                List<Problem> problems =
                        new Linter(WorkflowSource.NONE).workflow("f", Optional.empty(), bytes);
                assertThat(problems)
                        .as("seed %d", seed)
                        .allSatisfy(
                                problem -> {
                                    assertThat(problem.line())
                                            .isBetween(1, text.split("\n", -1).length + 1);
                                    assertThat(problem.column()).isPositive();
                                    assertThat(problem.message()).isNotBlank();
                                });
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + " broke the linter with:\n" + text, e);
            }
        }
    }

    /// Plans what is still valid, whatever it became.
    private static void forecast(byte[] bytes) {
        for (String event : List.of("push", "workflow_dispatch")) {
            new PlanReporter(
                            WorkflowSource.NONE,
                            EventFacts.of(event, "refs/heads/main"),
                            Value.NULL,
                            Value.NULL)
                    .report(List.of(new PlanReporter.WorkflowFile("f", bytes)));
        }
    }

    private static String mutate(String valid, List<String> lines, Random random) {
        StringBuilder text = new StringBuilder(valid);
        if (random.nextInt(3) == 0) {
            List<String> shuffled = new ArrayList<>(lines);
            for (int i = 0; i < 3; i++) {
                shuffled.set(
                        random.nextInt(shuffled.size()), lines.get(random.nextInt(lines.size())));
                shuffled.remove(random.nextInt(shuffled.size()));
            }
            text = new StringBuilder(String.join("\n", shuffled));
        }
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, SNIPPETS.get(random.nextInt(SNIPPETS.size())));
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
                default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
            }
        }
        return text.toString();
    }
}

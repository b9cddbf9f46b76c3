package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;

class SlipwayTest {
    private final TestTerminal terminal = new TestTerminal();

    private int run(String... arguments) {
        return Slipway.run(List.of(arguments), terminal.terminal());
    }

    @Test
    void versionIsOneLineOnStdout() {
        assertThat(run("--version")).isZero();
        assertThat(terminal.out()).startsWith("slipway ").hasLineCount(1);
    }

    @Test
    void helpListsAllVisibleCommands() {
        assertThat(run("--help")).isZero();
        for (CommandTable entry : CommandTable.visible()) {
            assertThat(terminal.out()).contains("  " + entry.commandName() + " ");
        }
        assertThat(terminal.out()).doesNotContain("  farm ");
    }

    @ParameterizedTest
    @EnumSource(CommandTable.class)
    void everyCommandHasHelpWithExamples(CommandTable entry) {
        assertThat(run(entry.commandName(), "--help")).isZero();
        assertThat(terminal.out())
                .contains("Usage: slipway " + entry.commandName(), entry.summary(), "Examples:");
    }

    @Test
    void unknownCommandGetsASuggestionAndExitsWithTwo() {
        assertThat(run("rnu")).isEqualTo(2);
        assertThat(terminal.err()).contains("no command 'rnu'", "Did you mean `slipway run`?");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void unknownOptionGetsASuggestionAndExitsWithTwo() {
        assertThat(run("runs", "--jsom")).isEqualTo(2);
        assertThat(terminal.err()).contains("'--jsom'", "Did you mean `--json`?");
    }

    @Test
    void wrongValuesAreNamedWithoutTheWordsOfJava() {
        assertThat(run("show", "x")).isEqualTo(2);
        assertThat(run("runs", "--conclusion", "x")).isEqualTo(2);
        assertThat(terminal.err())
                .contains("(RUN): 'x' is not a whole number")
                .contains("expected one of [success, failure, cancelled, skipped, timed_out]");
    }

    @Test
    void serverMayStandBeforeTheCommand() {
        assertThat(run("--server", "not an address", "runs")).isEqualTo(2);
        assertThat(terminal.err()).contains("'not an address' is not a server address");
    }

    @Test
    void evalAnswersLinesInOrder() {
        var lines =
                new TestTerminal(
                        "{\"expr\":\"1 == 1.0\"}\nnot json\n{\"expr\":\"a.b\",\"context\":{}}\n",
                        Map.of());

        assertThat(Slipway.run(List.of("eval", "--batch"), lines.terminal())).isZero();

        List<String> answers = lines.out().lines().toList();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0)).isEqualTo("{\"value\":true}");
        assertThat(answers.get(1)).contains("\"kind\":\"syntax\"");
        assertThat(answers.get(2)).contains("\"error\":");
    }

    @Test
    void evalSkipsAByteOrderMarkBeforeTheFirstLine() {
        var lines = new TestTerminal("\uFEFF{\"expr\":\"1\"}\n", Map.of());

        assertThat(Slipway.run(List.of("eval", "--batch"), lines.terminal())).isZero();

        assertThat(lines.out()).isEqualTo("{\"value\":1}\n");
    }

    @Test
    void lintReadsStdinForADash() {
        var input =
                new TestTerminal("on: psh\njobs: {a: {runs-on: x, steps: [{run: a}]}}", Map.of());

        assertThat(Slipway.run(List.of("lint", "-"), input.terminal())).isEqualTo(2);

        assertThat(input.out()).startsWith("-:1:5: error: unknown event 'psh'");
    }

    @Test
    void evalThatFailsExitsWithTwo() {
        assertThat(run("eval", "fromJSON('{')")).isEqualTo(2);
        assertThat(terminal.err()).startsWith("error: ");
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(run("completion", "bash")).isZero();
        assertThat(terminal.out()).contains("artifacts", "--download");
    }
}

package dev.slipway.agent.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class EnvironmentFilesTest {
    @Test
    void linesAndHeredocsAreRead() {
        Map<String, String> pairs =
                parse(
                        String.join(
                                "\n",
                                List.of(
                                        "A=1",
                                        "",
                                        "B==x=y<<z",
                                        "C=",
                                        "A=2",
                                        "D<<E O=F",
                                        "one",
                                        "",
                                        "two \r",
                                        "E O=F",
                                        "E<<X",
                                        "X",
                                        "F= v \r",
                                        "G=last")));

        assertThat(pairs)
                .containsExactly(
                        Map.entry("A", "2"),
                        Map.entry("B", "=x=y<<z"),
                        Map.entry("C", ""),
                        Map.entry("D", "one\n\ntwo \r"),
                        Map.entry("E", ""),
                        Map.entry("F", " v \r"),
                        Map.entry("G", "last"));
    }

    @Test
    void closingDelimiterNeedsNoLineEnd() {
        assertThat(parse("A<<EOF\nx\nEOF")).containsExactly(Map.entry("A", "x"));
        assertThat(parse("A<<<EOF\nx\n<EOF\n")).containsExactly(Map.entry("A", "x"));
        assertThat(parse("A<<EOF\n\nEOF\n")).containsExactly(Map.entry("A", ""));
        assertThat(parse("A<<EOF\n\n\nEOF\n")).containsExactly(Map.entry("A", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    nothing   | Invalid format 'nothing'
                    =x        | Invalid format '=x'. Name must not be empty
                    "<<E"     | "Invalid format '<<E'. Name must not be empty and \
                    delimiter must not be empty"
                    "A<<"     | "Invalid format 'A<<'. Name must not be empty and \
                    delimiter must not be empty"
                    """)
    void mistakesHaveGitHubsMessages(String text, String message) {
        assertThatThrownBy(() -> parse(text)).hasMessage(message);
    }

    @Test
    void missingDelimitersAreTold() {
        assertThatThrownBy(() -> parse("A<<EOF\nx\n"))
                .hasMessage("Invalid value. Matching delimiter not found 'EOF'");
        assertThatThrownBy(() -> parse("A<<EOF\nxEOF"))
                .hasMessage("Invalid value. EOF marker missing new line.");
        assertThatThrownBy(() -> parse("A<<EOF"))
                .hasMessage("Invalid value. Matching delimiter not found 'EOF'");
    }

    @Test
    void whatStandsBeforeAMistakeCounts() {
        var pairs = new LinkedHashMap<String, String>();

        assertThatThrownBy(() -> EnvironmentFiles.parsePairs("A=1\nbad\nB=2\n", pairs))
                .hasMessage("Invalid format 'bad'");
        assertThat(pairs).containsExactly(Map.entry("A", "1"));
    }

    private static Map<String, String> parse(String text) {
        var pairs = new LinkedHashMap<String, String>();
        EnvironmentFiles.parsePairs(text, pairs);
        return pairs;
    }
}

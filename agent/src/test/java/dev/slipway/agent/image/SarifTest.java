package dev.slipway.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SarifTest {
    @TempDir private Path folder;

    private List<Finding> read(String text) throws IOException {
        Path file = folder.resolve("results.sarif");
        Files.writeString(file, text);
        return Sarif.read(file);
    }

    private List<Finding> results(String rules, String results) throws IOException {
        return read(
                """
                {"version": "2.1.0", "runs": [{
                  "tool": {"driver": {"name": "scanner", "rules": [%s]}},
                  "results": [%s]
                }]}
                """
                        .formatted(rules, results));
    }

    @Test
    void scoreOfTheRuleSaysHowBadAFindingIs() throws IOException {
        List<Finding> findings =
                results(
                        """
                        {"id": "CVE-1", "properties": {"security-severity": "9.8"}},
                        {"id": "CVE-2", "properties": {"security-severity": "7.0"}},
                        {"id": "CVE-3", "properties": {"security-severity": "6.9"}},
                        {"id": "CVE-4", "properties": {"security-severity": "3.9"}}
                        """,
                        """
                        {"ruleId": "CVE-4", "level": "error", "message": {"text": "d"}},
                        {"ruleId": "CVE-2", "level": "note", "message": {"text": "b"}},
                        {"ruleIndex": 0, "message": {"text": "a"}},
                        {"ruleId": "CVE-3", "message": {"text": "c"}}
                        """);

        assertThat(findings)
                .extracting(Finding::severity)
                .containsExactly(Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW);
        assertThat(findings).extracting(Finding::rule).startsWith("CVE-1", "CVE-2");
    }

    @Test
    void withoutAScoreTheLevelDoes() throws IOException {
        List<Finding> findings =
                results(
                        "{\"id\": \"r\", \"defaultConfiguration\": {\"level\": \"error\"}}",
                        """
                        {"ruleId": "r", "message": {"text": "by the rule"}},
                        {"ruleId": "r", "level": "note", "message": {"text": "by itself"}},
                        {"ruleId": "r", "level": "none", "message": {"text": "nothing"}},
                        {"ruleId": "unknown", "message": {"text": "by default"}}
                        """);

        assertThat(findings)
                .extracting(Finding::text)
                .containsExactly("by the rule", "by default", "by itself");
        assertThat(findings)
                .extracting(Finding::severity)
                .containsExactly(Severity.HIGH, Severity.MEDIUM, Severity.LOW);
    }

    @Test
    void reportOfAFailedScanProvesNothing() {
        assertThatIOException()
                .isThrownBy(
                        () ->
                                read(
                                        """
                                        {"runs": [{"results": [],
                                          "invocations": [{"executionSuccessful": false}]}]}
                                        """))
                .withMessageContaining("the scan itself has failed");
    }

    @Test
    void whatPassedOrIsSuppressedIsNoFinding() throws IOException {
        assertThat(
                        results(
                                "",
                                """
                                {"ruleId": "a", "kind": "pass", "message": {"text": "fine"}},
                                {"ruleId": "b", "suppressions": [{"kind": "external"}]},
                                {"ruleId": "c", "suppressions": [{"status": "rejected"}]}
                                """))
                .extracting(Finding::rule)
                .containsExactly("c");
    }

    @Test
    void findingNamesItsPlace() throws IOException {
        Finding finding =
                results(
                                "",
                                """
                                {"ruleId": "r", "level": "error", "message": {"text": "bad\\nmore"},
                                 "locations": [{"physicalLocation": {
                                   "artifactLocation": {"uri": "usr/lib/libssl.so"},
                                   "region": {"startLine": 3}}}]}
                                """)
                        .getFirst();

        assertThat(finding.line()).isEqualTo("high: r in usr/lib/libssl.so:3: bad");
    }

    @Test
    void whatIsNoSarifIsSaid() {
        assertThatThrownBy(() -> read("{\"results\": []}"))
                .hasMessageContaining("is no SARIF file: it has no list 'runs'");
        assertThatThrownBy(() -> read("not json")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class);
    }
}

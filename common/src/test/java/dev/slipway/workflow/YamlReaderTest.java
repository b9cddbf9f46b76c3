package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class YamlReaderTest {

    private final Problems problems = new Problems("f.yml");

    private Optional<YamlNode> read(String yaml) {
        return read(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<YamlNode> read(byte[] bytes) {
        return YamlReader.read(bytes, YamlLimits.GITHUB, problems);
    }

    private Value scalar(String yaml) {
        YamlNode node = read("k: " + yaml).orElseThrow();
        return ((YamlScalar) ((YamlMapping) node).get("k").orElseThrow()).value();
    }

    private String onlyProblem() {
        assertThat(problems.sorted()).hasSize(1);
        return problems.sorted().getFirst().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"~", "null", "Null", "NULL", ""})
    void nullHasFiveSpellings(String text) {
        assertThat(scalar(text)).isEqualTo(Value.NULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE"})
    void trueHasThreeSpellings(String text) {
        assertThat(scalar(text)).isEqualTo(Value.of(true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "yes", "off", "no", "y", "tRUE", "nULL", "1_000", "1.2.3", "0b1"})
    void otherWordsAreText(String text) {
        assertThat(scalar(text)).isEqualTo(Value.of(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "012,12",
        "+5,5",
        "-7,-7",
        "0x1F,31",
        "0o17,15",
        "1.10,1.1",
        "1e3,1000",
        ".5,0.5",
        "-.5,-0.5",
        "5.,5",
        "1.5E-2,0.015"
    })
    void numbersFollowTheCoreSchema(String text, double expected) {
        assertThat(scalar(text)).isEqualTo(Value.of(expected));
    }

    @Test
    void infinitiesAndNanAreNumbers() {
        assertThat(scalar(".inf").number()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(scalar("-.Inf").number()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(scalar(".NaN").number()).isNaN();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1'", "\"true\"", "|\n  1", ">\n  null", "!!str 1"})
    void quotedAndBlockScalarsAreText(String text) {
        assertThat(scalar(text)).isInstanceOf(Value.StringValue.class);
    }

    @Test
    void allowedTagsConvert() {
        assertThat(scalar("!!int 3")).isEqualTo(Value.of(3));
        assertThat(scalar("!!float 3")).isEqualTo(Value.of(3));
        assertThat(scalar("!!bool true")).isEqualTo(Value.of(true));
        assertThat(scalar("!!null")).isEqualTo(Value.NULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!int '3'", "!!bool \"true\"", "!!null ''", "!!float |\n  1"})
    void tagsOfOtherTypesNeedPlainValues(String text) {
        assertThat(read("k: " + text)).isEmpty();

        assertThat(onlyProblem()).startsWith("f.yml:1:4: error: the tag '!!");
    }

    @Test
    void otherTagsAreRefused() {
        assertThat(read("k: !!binary aGk=")).isEmpty();

        assertThat(onlyProblem()).startsWith("f.yml:1:4: error: the tag '!!binary'");
    }

    @Test
    void aliasRepeatsItsValue() {
        YamlMapping root = (YamlMapping) read("a: &x [1, 2]\nb: *x\n").orElseThrow();

        assertThat(root.get("b")).isEqualTo(root.get("a"));
    }

    @Test
    void aliasWithoutAnchorIsRefused() {
        assertThat(read("a: *x\n")).isEmpty();

        assertThat(onlyProblem()).contains("1:4").contains("alias '*x' has no anchor");
    }

    @Test
    void aliasInsideItsOwnValueIsRefused() {
        assertThat(read("a: &x [*x]\n")).isEmpty();

        assertThat(onlyProblem()).contains("contains the alias itself");
    }

    @Test
    void aliasesThatMultiplyAreRefusedBeforeTheyAreBuilt() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            String alias = "*a" + (i - 1);
            yaml.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(String.join(", ", List.of(alias, alias, alias, alias)))
                    .append("]\n");
        }

        assertThat(read(yaml.toString())).isEmpty();
        assertThat(onlyProblem()).contains("aliases are written out");
    }

    @Test
    void duplicateKeysAreFoundIgnoringCase() {
        read("a: 1\nB: 2\nA: 3\n");

        assertThat(onlyProblem()).startsWith("f.yml:3:1: error: 'A' is already defined on line 1");
    }

    @Test
    void mergeKeysAreRefused() {
        read("a: &x {b: 1}\nc:\n  <<: *x\n");

        assertThat(onlyProblem()).startsWith("f.yml:3:3: error: merge keys");
    }

    @Test
    void keysMustBeScalars() {
        read("? [a]\n: 1\n");

        assertThat(onlyProblem()).contains("a key must be plain text, not a list");
    }

    @Test
    void secondDocumentIsRefused() {
        assertThat(read("a: 1\n---\nb: 2\n")).isEmpty();

        assertThat(onlyProblem()).startsWith("f.yml:2:1: error: a second YAML document");
    }

    @Test
    void nestingHasALimit() {
        assertThat(read("[".repeat(60) + "]".repeat(60))).isEmpty();

        assertThat(onlyProblem()).contains("nested deeper than the limit of 50");
    }

    @Test
    void largeFileIsRefusedByItsSize() {
        assertThat(read(new byte[20 * 1024 * 1024])).isEmpty();

        assertThat(onlyProblem())
                .isEqualTo(
                        "f.yml:1:1: error: the file is 20.0 MiB; the limit is 1.0 MiB."
                                + " Is this the right file?");
    }

    @Test
    void binaryFileIsRefusedAtItsFirstBadByte() {
        byte[] bytes = new byte[4096];
        new Random(7).nextBytes(bytes);
        bytes[0] = 'a';
        bytes[1] = 0;

        assertThat(read(bytes)).isEmpty();
        assertThat(onlyProblem()).startsWith("f.yml:1:2: error: the file is not text");
    }

    @Test
    void otherEncodingsAreRefused() {
        assertThat(read("name: Bäcker\n".getBytes(StandardCharsets.ISO_8859_1))).isEmpty();

        assertThat(onlyProblem()).contains("1:8").contains("not UTF-8").contains("0xe4");
    }

    @Test
    void byteOrderMarkIsSkipped() {
        byte[] text = "a: 1".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[text.length + 3];
        bytes[0] = (byte) 0xef;
        bytes[1] = (byte) 0xbb;
        bytes[2] = (byte) 0xbf;
        System.arraycopy(text, 0, bytes, 3, text.length);

        assertThat(((YamlMapping) read(bytes).orElseThrow()).get("a")).isPresent();
    }

    @Test
    void tabsAreExplained() {
        assertThat(read("a:\n\tb: 1\n")).isEmpty();

        assertThat(onlyProblem()).startsWith("f.yml:2:1").contains("never tabs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [1", "a: 'x", "a: b: c", "a:\n  - b\n c: d", "a: @x", "{", "a: *"})
    void brokenYamlGivesOneProblem(String yaml) {
        assertThat(read(yaml)).isEmpty();

        assertThat(onlyProblem()).contains("invalid YAML");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "k: ab${{x}}|2|1:6",
                "k: 'it''s ${{x}}'|5|1:11",
                "k: \"a ${{x}}\"|2|1:7",
            })
    void placesInsideScalarsAreFound(String yaml, int offset, String expected) {
        YamlMapping root = (YamlMapping) read(yaml).orElseThrow();
        YamlScalar scalar = (YamlScalar) root.get("k").orElseThrow();

        assertThat(scalar.locate(offset)).hasToString(expected);
    }

    @Test
    void placesInsideBlocksAreFound() {
        YamlMapping root =
                (YamlMapping) read("k:\n  r: |\n    one\n\n      two ${{x}}\n").orElseThrow();
        YamlMapping inner = (YamlMapping) root.get("k").orElseThrow();
        YamlScalar block = (YamlScalar) inner.get("r").orElseThrow();

        assertThat(block.locate(block.text().indexOf("${{"))).isEqualTo(new Position(5, 11));
    }
}

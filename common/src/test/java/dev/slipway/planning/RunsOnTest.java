package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.expression.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class RunsOnTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"x\"|x",
                "[\"self-hosted\",\"Linux\",\"linux\"]|self-hosted, Linux",
                "{\"group\":\"org/big\"}|(group big)",
                "{\"group\":\"big\",\"labels\":\"a\"}|a (group big)",
                "{\"labels\":[\"a\",\"b\"]}|a, b",
                "7|7",
            })
    void allFormsAreRead(String json, String expected) {
        assertThat(RunsOn.of(Json.parse(json))).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"\"|holds an empty label",
                "null|'runs-on' is empty",
                "[]|'runs-on' is empty",
                "[[\"a\"]]|'runs-on' must be text, not a list",
                "{}|names no label and no group",
                "{\"label\":\"a\"}|unknown key 'label'",
            })
    void wrongFormsAreExplained(String json, String expected) {
        assertThatThrownBy(() -> RunsOn.of(Json.parse(json))).hasMessageContaining(expected);
    }

    @Test
    void aliasesReplaceLabels() {
        assertThat(
                        new RunsOn(List.of("Ubuntu-Latest", "x"), Optional.empty())
                                .withAliases(Map.of("ubuntu-latest", "mine"))
                                .labels())
                .containsExactly("mine", "x");
    }

    @Test
    void concurrencyNamesAreComparedIgnoringCase() {
        assertThat(ConcurrencyGroup.of(Json.parse("\"Deploy\"")).key()).isEqualTo("deploy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\" \"|is empty after evaluation",
                "{\"cancel-in-progress\":true}|is empty after evaluation",
                "{\"group\":\"a\",\"queue\":\"x\"}|must be 'single' or 'max', not 'x'",
                "{\"group\":\"a\",\"cancel-in-progress\":\"true\"}|must be true or false",
            })
    void wrongConcurrencyIsExplained(String json, String expected) {
        assertThatThrownBy(() -> ConcurrencyGroup.of(Json.parse(json)))
                .hasMessageContaining(expected);
    }

    @Test
    void concurrencyNamesHaveALimit() {
        assertThatThrownBy(() -> ConcurrencyGroup.of(Json.parse("\"" + "x".repeat(401) + "\"")))
                .hasMessageContaining("may have at most 400");
    }
}

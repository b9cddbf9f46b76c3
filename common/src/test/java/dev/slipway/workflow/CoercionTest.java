package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;

import java.util.Map;

class CoercionTest {

    @Test
    void textIsNeverTakenAsANumber() {
        assertThatThrownBy(() -> Coercion.number(Value.of("10"), "timeout-minutes"))
                .hasMessage(
                        "'timeout-minutes' must be a number, not the text '10'; an expression"
                                + " that gives text needs fromJSON(…) around it");
    }

    @Test
    void textIsNeverTakenAsABoolean() {
        assertThatThrownBy(() -> Coercion.bool(Value.of("true"), "continue-on-error"))
                .hasMessageContaining("must be true or false, not the text 'true'");
    }

    @Test
    void minutesAreAboveZero() {
        assertThat(Coercion.minutes(Value.of(0.5), "t")).isEqualTo(0.5);
        assertThatThrownBy(() -> Coercion.minutes(Value.of(0), "t"))
                .hasMessageContaining("must be above 0");
        assertThatThrownBy(() -> Coercion.minutes(Value.of(Double.NaN), "t"))
                .hasMessageContaining("must be a number");
    }

    @Test
    void mappingsOfTextsWriteOutPrimitives() {
        assertThat(Coercion.textMap(Value.object(Map.of("a", Value.of(1.5))), "env"))
                .isEqualTo(Map.of("a", "1.5"));
        assertThat(Coercion.textMap(Value.NULL, "env")).isEmpty();
        assertThatThrownBy(() -> Coercion.textMap(Value.object(Map.of("a", Value.array())), "env"))
                .hasMessage("'env.a' must be text, not a list");
        assertThatThrownBy(() -> Coercion.textMap(Value.of("x"), "env"))
                .hasMessageContaining("'env' must be a mapping, not the text 'x'");
    }

    @Test
    void suggestionsAreCloseWordsOnly() {
        assertThat(Suggest.closest("braches", java.util.List.of("branches", "tags")))
                .contains("branches");
        assertThat(Suggest.closest("nedes", java.util.List.of("needs"))).contains("needs");
        assertThat(Suggest.closest("xyz", java.util.List.of("branches", "tags"))).isEmpty();
    }
}

package dev.slipway.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class TemplateTest {
    private final Map<String, Boolean> status =
            new HashMap<>(Map.of("success", true, "always", true));
    private final Value github = Json.parse("{\"ref\": \"main\", \"n\": 3}");

    private final Scope scope =
            new Scope() {
                @Override
                public Value context(String name) {
                    return name.equals("github") ? github : Value.NULL;
                }

                @Override
                public Value call(String function, List<Value> arguments) {
                    return Value.of(status.getOrDefault(function, false));
                }
            };

    @Test
    void textWithoutExpressionsStandsForItself() {
        var template = Template.parse("a {0} ${ } $ {{ '", Vocabulary.ANY);

        assertThat(template.isLiteral()).isTrue();
        assertThat(template.evaluate(scope)).isEqualTo(Value.of("a {0} ${ } $ {{ '"));
    }

    @Test
    void singleExpressionKeepsItsType() {
        assertThat(evaluate("${{ github.n }}")).isEqualTo(Value.of(3));
        assertThat(evaluate("${{github}}")).isSameAs(github);
        assertThat(evaluate("${{ '}}' }}")).isEqualTo(Value.of("}}"));
    }

    @Test
    void mixedTextBecomesText() {
        assertThat(evaluate(" ${{ github.n }}")).isEqualTo(Value.of(" 3"));
        assertThat(evaluate("${{ 1 }}${{ 2 }}")).isEqualTo(Value.of("12"));
        assertThat(evaluate("v{0}-${{ github.ref }}-${{ null }}x"))
                .isEqualTo(Value.of("v{0}-main-x"));
    }

    @Test
    void positionsCountInTheWholeText() {
        var template = Template.parse("ab ${{  github.n }} ${{ 'x' }}", Vocabulary.ANY);

        assertThat(template.expressions())
                .extracting(
                        Template.Embedded::start, Template.Embedded::end, Template.Embedded::offset)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3, 19, 8),
                        org.assertj.core.groups.Tuple.tuple(20, 30, 24));
        assertThatThrownBy(() -> Template.parse("ab ${{ 1 + 2 }}", Vocabulary.ANY))
                .hasMessage(
                        "Unexpected symbol: '+'. Located at position 3 within expression: 1 + 2")
                .extracting(e -> ((ExpressionException) e).position())
                .isEqualTo(9);
        assertThatThrownBy(() -> evaluate("ab ${{ fromJSON('') }}"))
                .extracting(e -> ((ExpressionException) e).position())
                .isEqualTo(7);
    }

    @Test
    void unclosedExpressionIsAnError() {
        for (String text : List.of("x ${{ github", "x ${{ '}}'", "x ${{ 'it''s }}")) {
            assertThatThrownBy(() -> Template.parse(text, Vocabulary.ANY))
                    .hasMessageStartingWith("The expression is not closed.")
                    .extracting(e -> ((ExpressionException) e).position())
                    .isEqualTo(2);
        }
        assertThatThrownBy(() -> Template.parse("${{ }}", Vocabulary.ANY))
                .hasMessage("An expression was expected");
    }

    @Test
    void conditionImpliesSuccess() {
        assertThat(holds("")).isTrue();
        assertThat(holds("github.ref == 'main'")).isTrue();
        assertThat(holds("${{ github.ref == 'other' }}")).isFalse();

        status.put("success", false);
        status.put("failure", true);

        assertThat(holds("")).isFalse();
        assertThat(holds("true")).isFalse();
        assertThat(holds("${{ 'text' }}")).isFalse();
        assertThat(holds("always()")).isTrue();
        assertThat(holds("!success()")).isTrue();
        assertThat(holds("${{ failure() && github.n == 3 }}")).isTrue();
        assertThat(holds("github.n == 3 || always()")).isTrue();
    }

    @Test
    void textAroundAnExpressionAlwaysHolds() {
        var condition = Condition.parse("${{ false }} == 'x'", Vocabulary.ANY);

        assertThat(condition.evaluate(scope)).isTrue();
        assertThat(condition.isAlwaysTrueText()).isTrue();
        assertThat(Condition.parse("false", Vocabulary.ANY).isAlwaysTrueText()).isFalse();
        assertThat(Condition.parse(" ", Vocabulary.ANY).isAlwaysTrueText()).isFalse();
    }

    private Value evaluate(String text) {
        return Template.parse(text, Vocabulary.ANY).evaluate(scope);
    }

    private boolean holds(String text) {
        return Condition.parse(text, Vocabulary.ANY).evaluate(scope);
    }
}

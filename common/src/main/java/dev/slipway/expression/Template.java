package dev.slipway.expression;

import dev.slipway.expression.ExpressionException.Kind;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A YAML scalar that may hold `${{ … }}`. A text that is exactly one `${{ e }}` has the type of
/// `e`; anything else is a text in which the expressions are replaced. Immutable.
public final class Template {
    private static final String OPEN = "${{";
    private static final String CLOSE = "}}";

    /// An expression inside the text.
    ///
    /// @param start where its `${{` starts in the text, zero-based
    /// @param end right behind its `}}`
    /// @param offset where the expression itself starts in the text
    public record Embedded(int start, int end, int offset, Expression expression) {}

    private final String text;
    private final List<Embedded> expressions;

    private Template(String text, List<Embedded> expressions) {
        this.text = text;
        this.expressions = List.copyOf(expressions);
    }

    /// Parses a scalar. White space around an expression does not count; quotes are respected when
    /// its end is looked for.
    ///
    /// @throws ExpressionException of kind SYNTAX; its position counts in `text`
    public static Template parse(String text, Vocabulary vocabulary) {
        var found = new ArrayList<Embedded>();
        int start = text.indexOf(OPEN);
        while (start >= 0) {
            int close = findClose(text, start + OPEN.length());
            found.add(embedded(text, start, close, vocabulary));
            start = text.indexOf(OPEN, close + CLOSE.length());
        }
        return new Template(text, found);
    }

    /// Parses an `if`: like {@link #parse}, but a text without `${{` is an expression as a whole.
    static Template parseCondition(String text, Vocabulary vocabulary) {
        return text.contains(OPEN) ? parse(text, vocabulary) : parseWhole(text, vocabulary);
    }

    /// Takes the whole text as one expression.
    static Template parseWhole(String text, Vocabulary vocabulary) {
        Expression expression = Expression.parse(text, vocabulary);
        return new Template(text, List.of(new Embedded(0, text.length(), 0, expression)));
    }

    private static int findClose(String text, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && c == '}' && text.startsWith(CLOSE, i)) {
                return i;
            }
        }
        throw new ExpressionException(
                Kind.SYNTAX,
                from - OPEN.length(),
                "",
                "The expression is not closed. An unescaped ${{ sequence was found, but the"
                        + " closing }} sequence was not found.");
    }

    private static Embedded embedded(String text, int start, int close, Vocabulary vocabulary) {
        int from = start + OPEN.length();
        int to = close;
        while (from < to && OrdinalText.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && OrdinalText.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        if (from == to) {
            throw new ExpressionException(Kind.SYNTAX, start, "", "An expression was expected");
        }
        try {
            Expression expression = Expression.parse(text.substring(from, to), vocabulary);
            return new Embedded(start, close + CLOSE.length(), from, expression);
        } catch (ExpressionException e) {
            throw e.within(from);
        }
    }

    /// Whether the text holds no expression: it stands for itself.
    public boolean isLiteral() {
        return expressions.isEmpty();
    }

    /// Whether the text is exactly one expression, whose type it has.
    public boolean isSingleExpression() {
        return expressions.size() == 1
                && expressions.getFirst().start() == 0
                && expressions.getFirst().end() == text.length();
    }

    public String text() {
        return text;
    }

    /// The expressions in their order.
    public List<Embedded> expressions() {
        return expressions;
    }

    /// The contexts named in any of the expressions, in lower case, sorted.
    public Set<String> contextsUsed() {
        var used = new TreeSet<String>();
        expressions.forEach(embedded -> used.addAll(embedded.expression().contextsUsed()));
        return Collections.unmodifiableSet(used);
    }

    /// Whether a status function is called in any of the expressions.
    public boolean callsStatusFunction() {
        return expressions.stream().anyMatch(e -> e.expression().callsStatusFunction());
    }

    /// The value in this scope.
    ///
    /// @throws ExpressionException of kind EVALUATION; its position counts in the text
    public Value evaluate(Scope scope) {
        if (isSingleExpression()) {
            return evaluate(expressions.getFirst(), scope);
        }
        var budget = new Budget(text);
        var out = new StringBuilder(text.length() + 16);
        int at = 0;
        for (Embedded embedded : expressions) {
            out.append(text, at, embedded.start());
            out.append(evaluate(embedded, scope).text());
            budget.ensureText(out.length());
            at = embedded.end();
        }
        return Value.of(out.append(text, at, text.length()).toString());
    }

    private static Value evaluate(Embedded embedded, Scope scope) {
        try {
            return embedded.expression().evaluate(scope);
        } catch (ExpressionException e) {
            throw e.within(embedded.offset());
        }
    }

    @Override
    public String toString() {
        return text;
    }
}

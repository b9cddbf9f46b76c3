package dev.slipway.expression;

import java.util.List;

/// The value of an `if` key. `${{ }}` may be left out; without any status function it holds only if
/// `success()` does too; an empty one is `success()`. A text around `${{ }}` makes it a text that
/// is never empty, which always holds (lint warns). Immutable.
public final class Condition {
    private final Template template;
    private final boolean implicitSuccess;

    private Condition(Template template) {
        this.template = template;
        implicitSuccess = !template.callsStatusFunction();
    }

    /// Parses a condition.
    ///
    /// @throws ExpressionException of kind SYNTAX; its position counts in `text`
    public static Condition parse(String text, Vocabulary vocabulary) {
        return new Condition(Template.parseCondition(text, vocabulary));
    }

    /// Whether what it guards may run.
    ///
    /// @throws ExpressionException of kind EVALUATION
    public boolean evaluate(Scope scope) {
        if (implicitSuccess && !scope.call("success", List.of()).truthy()) {
            return false;
        }
        return isEmpty() || template.evaluate(scope).truthy();
    }

    private boolean isEmpty() {
        return OrdinalText.trim(template.text()).isEmpty();
    }

    /// Whether it is a text around expressions, and so always true.
    public boolean isAlwaysTrueText() {
        return !template.isSingleExpression();
    }

    /// Whether a status function is called in it, so that `success()` is not implied.
    public boolean callsStatusFunction() {
        return !implicitSuccess;
    }

    /// The parsed text, for inspection.
    public Template template() {
        return template;
    }
}

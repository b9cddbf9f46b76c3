package dev.slipway.expression;

import java.util.List;
import java.util.Map;

/// What an expression is evaluated in: the values of its contexts, and the functions that depend on
/// where it runs.
///
/// Arrays and objects compare by reference, so a context must be the same instance each time.
public interface Scope {
    /// The value of a context that the vocabulary allowed.
    Value context(String lowerCaseName);

    /// The result of `always`, `cancelled`, `success`, `failure` or `hashfiles`.
    ///
    /// @throws ExpressionException when the function fails; it fails the expression
    Value call(String lowerCaseFunction, List<Value> arguments);

    /// A scope of fixed contexts (named in lower case; others are null) without functions.
    static Scope of(Map<String, ? extends Value> contexts) {
        var copy = Map.<String, Value>copyOf(contexts);
        return new Scope() {
            @Override
            public Value context(String lowerCaseName) {
                return copy.getOrDefault(lowerCaseName, Value.NULL);
            }

            @Override
            public Value call(String lowerCaseFunction, List<Value> arguments) {
                throw new ExpressionException(
                        "The function '%s' is not available here".formatted(lowerCaseFunction));
            }
        };
    }
}

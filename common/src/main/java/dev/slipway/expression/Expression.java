package dev.slipway.expression;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// One parsed expression: what stands between `${{` and `}}`. Immutable and reusable; it follows
/// GitHub's language in everything, limits included (21,000 characters, depth 50, 10 MiB).
public final class Expression {
    private final String source;
    private final Node root;
    private final Set<String> contexts;
    private final Set<String> functions;

    private Expression(String source, Node root) {
        this.source = source;
        this.root = root;
        var contexts = new TreeSet<String>();
        var functions = new TreeSet<String>();
        root.walk(
                node -> {
                    if (node instanceof Node.Context context) {
                        contexts.add(context.name());
                    } else if (node instanceof Node.Call call) {
                        functions.add(call.function());
                    }
                });
        this.contexts = Collections.unmodifiableSet(contexts);
        this.functions = Collections.unmodifiableSet(functions);
    }

    /// Parses an expression. Nothing but white space is the expression null.
    ///
    /// @throws ExpressionException of kind SYNTAX; its position counts in `source`
    public static Expression parse(String source, Vocabulary vocabulary) {
        return new Expression(source, Parser.parse(source, vocabulary));
    }

    /// The value in this scope. Arrays that come out of filters are plain arrays.
    ///
    /// @throws ExpressionException of kind EVALUATION
    public Value evaluate(Scope scope) {
        Value value = new Evaluator(scope, new Budget(source)).evaluate(root);
        return value instanceof Value.ArrayValue array && array.isFiltered()
                ? Value.array(array.items())
                : value;
    }

    public String source() {
        return source;
    }

    /// The tree, for inspection.
    public Node root() {
        return root;
    }

    /// The contexts named anywhere in it, in lower case, sorted.
    public Set<String> contextsUsed() {
        return contexts;
    }

    /// The functions called anywhere in it, in lower case, sorted.
    public Set<String> functionsUsed() {
        return functions;
    }

    /// Whether `always`, `cancelled`, `success` or `failure` is called anywhere in it.
    public boolean callsStatusFunction() {
        return !Collections.disjoint(functions, Functions.STATUS);
    }

    @Override
    public String toString() {
        return source;
    }
}

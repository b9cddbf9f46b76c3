package dev.slipway.expression;

import java.util.List;
import java.util.function.Consumer;

/// A parsed expression, immutable. Each node knows where in the source it starts (zero-based).
public sealed interface Node {
    int position();

    /// `true`, `42`, `'text'`; also the name in `a.name`.
    record Literal(Value value, int position) implements Node {}

    /// A named value such as `github`, in lower case.
    record Context(String name, int position) implements Node {}

    /// A function call; the name is in lower case.
    record Call(String function, List<Node> arguments, int position) implements Node {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// `target[key]` or `target.key`; at the position of the bracket or the point.
    record Index(Node target, Node key, int position) implements Node {}

    /// `target.*` or `target[*]`.
    record Filter(Node target, int position) implements Node {}

    /// `!operand`.
    record Not(Node operand, int position) implements Node {}

    /// A comparison.
    record Compare(Operator operator, Node left, Node right, int position) implements Node {}

    /// `a && b && …` or `a || b || …`, chains flattened.
    record Logical(Operator operator, List<Node> operands, int position) implements Node {
        public Logical {
            operands = List.copyOf(operands);
        }
    }

    /// The operators with two sides; a higher precedence binds tighter.
    enum Operator {
        OR("||", 1),
        AND("&&", 2),
        EQUAL("==", 3),
        NOT_EQUAL("!=", 3),
        LESS("<", 4),
        LESS_OR_EQUAL("<=", 4),
        GREATER(">", 4),
        GREATER_OR_EQUAL(">=", 4);

        private final String sign;
        private final int precedence;

        Operator(String sign, int precedence) {
            this.sign = sign;
            this.precedence = precedence;
        }

        public String sign() {
            return sign;
        }

        int precedence() {
            return precedence;
        }

        boolean isLogical() {
            return this == OR || this == AND;
        }
    }

    /// The nodes right below this one, from left to right.
    default List<Node> children() {
        return switch (this) {
            case Literal _, Context _ -> List.of();
            case Call call -> call.arguments();
            case Index index -> List.of(index.target(), index.key());
            case Filter filter -> List.of(filter.target());
            case Not not -> List.of(not.operand());
            case Compare compare -> List.of(compare.left(), compare.right());
            case Logical logical -> logical.operands();
        };
    }

    /// Shows this node and all below it to `visitor`, parents first. Expressions are at most 50
    /// deep.
    default void walk(Consumer<? super Node> visitor) {
        visitor.accept(this);
        for (Node child : children()) {
            child.walk(visitor);
        }
    }
}

package dev.slipway.expression;

import dev.slipway.expression.Node.Operator;

import org.jspecify.annotations.Nullable;

/// A word or sign of an expression.
///
/// @param value of a literal
/// @param operator of an operator with two sides
record Token(
        Kind kind, String raw, int position, @Nullable Value value, @Nullable Operator operator) {

    enum Kind {
        START_GROUP,
        START_PARAMETERS,
        START_INDEX,
        CLOSE_PARENTHESIS,
        END_INDEX,
        SEPARATOR,
        DEREFERENCE,
        WILDCARD,
        NOT,
        OPERATOR,
        LITERAL,
        PROPERTY,
        FUNCTION,
        CONTEXT,
        UNEXPECTED;

        /// A literal, a name or a call may follow.
        boolean wantsOperand() {
            return switch (this) {
                case START_GROUP, START_PARAMETERS, START_INDEX, SEPARATOR, NOT, OPERATOR -> true;
                case CLOSE_PARENTHESIS,
                        END_INDEX,
                        DEREFERENCE,
                        WILDCARD,
                        LITERAL,
                        PROPERTY,
                        FUNCTION,
                        CONTEXT,
                        UNEXPECTED ->
                        false;
            };
        }

        /// It may be the end of an operand.
        boolean endsOperand() {
            return this == LITERAL || endsIndexable();
        }

        /// `.` or `[` may follow.
        boolean endsIndexable() {
            return switch (this) {
                case CLOSE_PARENTHESIS, END_INDEX, WILDCARD, PROPERTY, CONTEXT -> true;
                case START_GROUP,
                        START_PARAMETERS,
                        START_INDEX,
                        SEPARATOR,
                        DEREFERENCE,
                        NOT,
                        OPERATOR,
                        LITERAL,
                        FUNCTION,
                        UNEXPECTED ->
                        false;
            };
        }
    }

    Token(Kind kind, String raw, int position) {
        this(kind, raw, position, null, null);
    }
}

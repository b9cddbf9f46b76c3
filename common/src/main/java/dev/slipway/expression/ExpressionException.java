package dev.slipway.expression;

import java.util.Optional;

/// An expression that cannot be parsed or evaluated; the message is for the workflow's author.
public final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// When it failed.
    public enum Kind {
        SYNTAX,
        EVALUATION
    }

    private final Kind kind;
    private final int position;
    private final String symbol;

    /// An error while evaluating; for scopes and functions outside this package too.
    public ExpressionException(String message) {
        this(Kind.EVALUATION, 0, "", message);
    }

    ExpressionException(Kind kind, int position, String symbol, String message) {
        super(message);
        this.kind = kind;
        this.position = position;
        this.symbol = symbol;
    }

    static ExpressionException syntax(String what, String symbol, int position, String source) {
        String message =
                "%s: '%s'. Located at position %d within expression: %s"
                        .formatted(what, symbol, position + 1, source);
        return new ExpressionException(Kind.SYNTAX, position, symbol, message);
    }

    /// The same error in a text in which the expression starts at `offset`.
    ExpressionException within(int offset) {
        var moved = new ExpressionException(kind, position + offset, symbol, getMessage());
        moved.setStackTrace(getStackTrace());
        return moved;
    }

    public Kind kind() {
        return kind;
    }

    /// Where in the text that was given to `parse`, zero-based; 0 when it concerns all of it.
    public int position() {
        return position;
    }

    /// The word or sign that was not understood, if it is about one: for "did you mean".
    public Optional<String> symbol() {
        return symbol.isEmpty() ? Optional.empty() : Optional.of(symbol);
    }

    /// The message; never null, because every constructor asks for one.
    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNull(super.getMessage());
    }
}

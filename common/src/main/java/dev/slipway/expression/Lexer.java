package dev.slipway.expression;

import dev.slipway.expression.Node.Operator;
import dev.slipway.expression.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/// Cuts an expression into tokens. What a sign means may depend on the token before it: `.5` after
/// `==` is a number, `.x` after a name is a property.
final class Lexer {
    private static final Map<String, Value> WORDS =
            Map.of(
                    "null", Value.NULL,
                    "true", Value.of(true),
                    "false", Value.of(false),
                    "NaN", Value.of(Double.NaN),
                    "Infinity", Value.of(Double.POSITIVE_INFINITY));
    private static final Map<String, Operator> OPERATORS =
            Map.of(
                    "||", Operator.OR,
                    "&&", Operator.AND,
                    "==", Operator.EQUAL,
                    "!=", Operator.NOT_EQUAL,
                    "<", Operator.LESS,
                    "<=", Operator.LESS_OR_EQUAL,
                    ">", Operator.GREATER,
                    ">=", Operator.GREATER_OR_EQUAL);

    private final String source;
    private int at;
    private Token.@Nullable Kind last;

    Lexer(String source) {
        this.source = source;
    }

    /// The next token; empty at the end.
    Optional<Token> next() {
        at = skipWhitespace(at);
        if (at >= source.length()) {
            return Optional.empty();
        }
        Token token = read();
        last = token.kind();
        return Optional.of(token);
    }

    private Token read() {
        char c = source.charAt(at);
        return switch (c) {
            case '(' -> sign(last == Kind.FUNCTION ? Kind.START_PARAMETERS : Kind.START_GROUP);
            case ')' -> sign(Kind.CLOSE_PARENTHESIS);
            case '[' -> sign(Kind.START_INDEX);
            case ']' -> sign(Kind.END_INDEX);
            case ',' -> sign(Kind.SEPARATOR);
            case '*' -> sign(Kind.WILDCARD);
            case '\'' -> string();
            case '!', '<', '>', '=', '&', '|' -> operator();
            case '.' -> last == null || last.wantsOperand() ? number() : sign(Kind.DEREFERENCE);
            case '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> word();
        };
    }

    private Token sign(Kind kind) {
        return token(kind, at, at + 1);
    }

    private Token number() {
        int end = at + 1;
        while (end < source.length()
                && (source.charAt(end) == '.' || !isBoundary(source.charAt(end)))) {
            end++;
        }
        double value = Numbers.parse(source.substring(at, end));
        return Double.isNaN(value)
                ? token(Kind.UNEXPECTED, at, end)
                : literal(end, Value.of(value));
    }

    private Token word() {
        int end = at + 1;
        while (end < source.length() && !isBoundary(source.charAt(end))) {
            end++;
        }
        String word = source.substring(at, end);
        if (!isName(word)) {
            return token(Kind.UNEXPECTED, at, end);
        }
        if (last == Kind.DEREFERENCE) {
            return token(Kind.PROPERTY, at, end);
        }
        Value known = WORDS.get(word);
        if (known != null) {
            return literal(end, known);
        }
        int after = skipWhitespace(end);
        boolean isCall = after < source.length() && source.charAt(after) == '(';
        return token(isCall ? Kind.FUNCTION : Kind.CONTEXT, at, end);
    }

    private Token string() {
        var text = new StringBuilder();
        int start = at + 1;
        while (true) {
            int quote = source.indexOf('\'', start);
            if (quote < 0) {
                return token(Kind.UNEXPECTED, at, source.length());
            }
            text.append(source, start, quote);
            if (quote + 1 >= source.length() || source.charAt(quote + 1) != '\'') {
                return literal(quote + 1, Value.of(text.toString()));
            }
            text.append('\'');
            start = quote + 2;
        }
    }

    private Token operator() {
        if (at + 2 <= source.length()) {
            Operator two = OPERATORS.get(source.substring(at, at + 2));
            if (two != null) {
                return operator(two);
            }
        }
        Operator one = OPERATORS.get(source.substring(at, at + 1));
        if (one != null) {
            return operator(one);
        }
        if (source.charAt(at) == '!') {
            return sign(Kind.NOT);
        }
        int end = at + 1;
        while (end < source.length() && !isBoundary(source.charAt(end))) {
            end++;
        }
        return token(Kind.UNEXPECTED, at, end);
    }

    private Token operator(Operator operator) {
        var token = new Token(Kind.OPERATOR, operator.sign(), at, null, operator);
        at += operator.sign().length();
        return token;
    }

    private Token literal(int end, Value value) {
        var token = new Token(Kind.LITERAL, source.substring(at, end), at, value, null);
        at = end;
        return token;
    }

    private Token token(Kind kind, int from, int end) {
        at = end;
        return new Token(kind, source.substring(from, end), from);
    }

    private int skipWhitespace(int from) {
        int i = from;
        while (i < source.length() && OrdinalText.isWhitespace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isBoundary(char c) {
        return switch (c) {
            case '(', ')', '[', ']', ',', '.', '!', '<', '>', '=', '&', '|' -> true;
            default -> OrdinalText.isWhitespace(c);
        };
    }

    /// `[A-Za-z_][A-Za-z0-9_-]*`
    private static boolean isName(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!isLetter && (i == 0 || !((c >= '0' && c <= '9') || c == '-'))) {
                return false;
            }
        }
        return true;
    }
}

package dev.slipway.expression;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The `format` function: `{0}` is replaced, `{{` and `}}` are braces.
final class FormatText {
    private final Node.Call call;
    private final Evaluator evaluator;
    private final String format;
    private final @Nullable String[] arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private FormatText(Node.Call call, Evaluator evaluator) {
        this.call = call;
        this.evaluator = evaluator;
        List<Node> nodes = call.arguments();
        format = evaluator.evaluate(nodes.getFirst()).text();
        arguments = new String[nodes.size() - 1];
    }

    static Value format(Node.Call call, Evaluator evaluator) {
        return evaluator.budget().text(new FormatText(call, evaluator).run());
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c == '{' || c == '}') {
                brace(c);
            } else {
                plain();
            }
            evaluator.budget().ensureText(out.length());
        }
        return out.toString();
    }

    private void plain() {
        int end = at + 1;
        while (end < format.length() && format.charAt(end) != '{' && format.charAt(end) != '}') {
            end++;
        }
        out.append(format, at, end);
        at = end;
    }

    private void brace(char brace) {
        if (at + 1 < format.length() && format.charAt(at + 1) == brace) {
            out.append(brace);
            at += 2;
        } else if (brace == '{') {
            placeholder();
        } else {
            throw invalid();
        }
    }

    private void placeholder() {
        int digits = at + 1;
        int end = digits;
        while (end < format.length() && Character.isDigit(format.charAt(end))) {
            end++;
        }
        if (end == digits || end - digits > 3 || end >= format.length()) {
            throw invalid();
        }
        int index = Integer.parseInt(format.substring(digits, end));
        if (format.charAt(end) == ':') {
            throw specifiers(end + 1);
        }
        if (index > 255 || format.charAt(end) != '}') {
            throw invalid();
        }
        out.append(argument(index));
        at = end + 1;
    }

    private String argument(int index) {
        if (index >= arguments.length) {
            throw evaluator.error(
                    call,
                    "The following format string references more arguments than were supplied: "
                            + format);
        }
        String text = arguments[index];
        if (text == null) {
            text = evaluator.evaluate(call.arguments().get(index + 1)).text();
            arguments[index] = text;
        }
        return text;
    }

    private ExpressionException specifiers(int from) {
        int end = format.indexOf('}', from);
        if (end < 0) {
            return invalid();
        }
        return evaluator.error(
                call,
                "The format specifiers '%s' are not valid in a format string; use {0} alone: %s"
                        .formatted(format.substring(from, end), format));
    }

    private ExpressionException invalid() {
        return evaluator.error(call, "The following format string is invalid: " + format);
    }
}

package dev.slipway.expression;

import java.util.ArrayList;
import java.util.List;

/// The `format` function: `{0}` is replaced, `{{` and `}}` are braces.
///
/// A literal format is checked when the expression is parsed, as GitHub's workflow parser does; a
/// computed one when it is evaluated, as its runner does.
final class FormatText {
    /// More arguments than any call can have.
    private static final int TOO_MANY = 256;

    /// A piece of a format: a text, or the place of an argument.
    private sealed interface Part {}

    private record Text(String text) implements Part {}

    private record Argument(int index) implements Part {}

    private static final class InvalidFormat extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidFormat(String message) {
            super(message, null, false, false);
        }
    }

    private final String format;
    private final List<Part> parts = new ArrayList<>();
    private int at;

    private FormatText(String format) {
        this.format = format;
    }

    /// What is wrong with a format that is called with so many arguments; empty when nothing is.
    static String problem(String format, int arguments) {
        try {
            for (Part part : parse(format)) {
                if (part instanceof Argument(int index) && index >= arguments) {
                    return "Format string references {%d} but only %d argument(s) provided"
                            .formatted(index, arguments);
                }
            }
            return "";
        } catch (InvalidFormat e) {
            return "Invalid format string";
        }
    }

    /// Arguments that the format does not name are not evaluated.
    static Value format(Node.Call call, Evaluator evaluator) {
        List<Node> nodes = call.arguments();
        String format = evaluator.evaluate(nodes.getFirst()).text();
        var texts = new String[nodes.size() - 1];
        var out = new StringBuilder();
        for (Part part : partsOf(call, format, evaluator)) {
            switch (part) {
                case Text(String text) -> out.append(text);
                case Argument(int index) -> {
                    if (texts[index] == null) {
                        texts[index] = evaluator.evaluate(nodes.get(index + 1)).text();
                    }
                    out.append(texts[index]);
                }
            }
            evaluator.budget().ensureText(out.length());
        }
        return evaluator.budget().text(out.toString());
    }

    private static List<Part> partsOf(Node.Call call, String format, Evaluator evaluator) {
        List<Part> parts;
        try {
            parts = parse(format);
        } catch (InvalidFormat e) {
            throw evaluator.error(call, e.getMessage() + ": " + format);
        }
        int arguments = call.arguments().size() - 1;
        for (Part part : parts) {
            if (part instanceof Argument(int index) && index >= arguments) {
                throw evaluator.error(
                        call,
                        "The following format string references more arguments than were supplied: "
                                + format);
            }
        }
        return parts;
    }

    private static List<Part> parse(String format) throws InvalidFormat {
        var text = new FormatText(format);
        while (text.at < format.length()) {
            text.next();
        }
        return text.parts;
    }

    private void next() throws InvalidFormat {
        char c = format.charAt(at);
        if (c != '{' && c != '}') {
            int end = at + 1;
            while (end < format.length() && !isBrace(format.charAt(end))) {
                end++;
            }
            parts.add(new Text(format.substring(at, end)));
            at = end;
        } else if (at + 1 < format.length() && format.charAt(at + 1) == c) {
            parts.add(new Text(String.valueOf(c)));
            at += 2;
        } else if (c == '{') {
            argument();
        } else {
            throw invalid();
        }
    }

    private void argument() throws InvalidFormat {
        int end = at + 1;
        int index = 0;
        while (end < format.length() && format.charAt(end) >= '0' && format.charAt(end) <= '9') {
            index = Math.min(TOO_MANY, index * 10 + format.charAt(end) - '0');
            end++;
        }
        if (end == at + 1 || end >= format.length()) {
            throw invalid();
        }
        if (format.charAt(end) == ':' && format.indexOf('}', end) >= 0) {
            throw new InvalidFormat(
                    "The format specifiers '%s' are not valid in a format string; use {%d} alone"
                            .formatted(format.substring(end + 1, format.indexOf('}', end)), index));
        }
        if (format.charAt(end) != '}') {
            throw invalid();
        }
        parts.add(new Argument(index));
        at = end + 1;
    }

    private static boolean isBrace(char c) {
        return c == '{' || c == '}';
    }

    private static InvalidFormat invalid() {
        return new InvalidFormat("The following format string is invalid");
    }
}

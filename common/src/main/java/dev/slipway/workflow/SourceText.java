package dev.slipway.workflow;

/// The text of a source file, to find the place of a character inside a scalar.
///
/// YAML folds lines, strips indentation and unescapes quotes, so an offset in a scalar's value is
/// not an offset in the file. Both hold the same visible characters in the same order, which is
/// what {@link #locate} counts.
final class SourceText {

    private final String text;

    SourceText(String text) {
        this.text = text;
    }

    /// The position in the file of the character at `offset` in a scalar's value.
    Position locate(YamlScalar scalar, int offset) {
        int at = contentStart(scalar);
        if (at < 0) {
            return scalar.position();
        }
        int visible = countVisible(scalar.text(), offset);
        boolean single = scalar.style() == YamlScalar.Style.SINGLE_QUOTED;
        boolean doubled = scalar.style() == YamlScalar.Style.DOUBLE_QUOTED;
        for (int seen = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                continue;
            }
            if (seen == visible) {
                return positionOf(at);
            }
            if ((single && c == '\'') || (doubled && c == '\\')) {
                at++;
            }
            seen++;
        }
        return scalar.position();
    }

    private int contentStart(YamlScalar scalar) {
        int start = lineStart(scalar.position().line());
        if (start < 0) {
            return -1;
        }
        start += scalar.position().column() - 1;
        return switch (scalar.style()) {
            case PLAIN -> start;
            case SINGLE_QUOTED, DOUBLE_QUOTED -> start + 1;
            case BLOCK -> {
                int newline = text.indexOf('\n', start);
                yield newline < 0 ? -1 : newline + 1;
            }
        };
    }

    private int lineStart(int line) {
        int start = 0;
        for (int i = 1; i < line; i++) {
            int newline = text.indexOf('\n', start);
            if (newline < 0) {
                return -1;
            }
            start = newline + 1;
        }
        return start;
    }

    private static int countVisible(String value, int offset) {
        int visible = 0;
        for (int i = 0; i < Math.min(offset, value.length()); i++) {
            if (!Character.isWhitespace(value.charAt(i))) {
                visible++;
            }
        }
        return visible;
    }

    private Position positionOf(int index) {
        int line = 1;
        int start = 0;
        for (int newline = text.indexOf('\n');
                newline >= 0 && newline < index;
                newline = text.indexOf('\n', newline + 1)) {
            line++;
            start = newline + 1;
        }
        return new Position(line, index - start + 1);
    }
}

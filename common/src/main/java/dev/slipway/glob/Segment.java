package dev.slipway.glob;

import java.util.ArrayList;
import java.util.List;

/// One segment of a pattern, between two slashes: `*` any characters, `?` one, `[a-z]` one of a
/// set, `[!a]` or `[^a]` one not of it, a backslash takes the next character as it is. Hidden names
/// are names like any other.
///
/// @param globstar the segment is `**`: any number of segments
/// @param parts what one segment must consist of
record Segment(boolean globstar, List<Part> parts) {
    static final Segment GLOBSTAR = new Segment(true, List.of());

    /// A piece of a segment.
    sealed interface Part {
        /// Any characters, also none.
        record Star() implements Part {}

        /// Any one character.
        record Any() implements Part {}

        /// This character.
        record Literal(int character) implements Part {}

        /// A character in one of the ranges (pairs of first and last), or in none of them.
        record OneOf(List<Range> ranges, boolean negated) implements Part {}
    }

    /// Characters from first to last.
    record Range(int first, int last) {}

    Segment {
        parts = List.copyOf(parts);
    }

    static Segment parse(String text) {
        return text.equals("**") ? GLOBSTAR : new Segment(false, new Parser(text).parse());
    }

    static Segment literal(String name) {
        return new Segment(false, name.codePoints().<Part>mapToObj(Part.Literal::new).toList());
    }

    /// Whether it matches exactly one name; {@link #literalName} says which.
    boolean isLiteral() {
        return !globstar && parts.stream().allMatch(Part.Literal.class::isInstance);
    }

    String literalName() {
        var name = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Literal(int character)) {
                name.appendCodePoint(character);
            }
        }
        return name.toString();
    }

    /// Whether a name matches; not for a globstar.
    boolean matches(String name) {
        int[] characters = name.codePoints().toArray();
        int at = 0;
        int part = 0;
        int star = -1;
        int starAt = 0;
        // Only the last star need be tried again: what is before it has matched as early as it can.
        while (at < characters.length) {
            if (part < parts.size() && parts.get(part) instanceof Part.Star) {
                star = part++;
                starAt = at;
            } else if (part < parts.size() && matches(parts.get(part), characters[at])) {
                part++;
                at++;
            } else if (star >= 0) {
                part = star + 1;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (part < parts.size() && parts.get(part) instanceof Part.Star) {
            part++;
        }
        return part == parts.size();
    }

    private static boolean matches(Part part, int character) {
        return switch (part) {
            case Part.Star _, Part.Any _ -> true;
            case Part.Literal(int wanted) -> wanted == character;
            case Part.OneOf(List<Range> ranges, boolean negated) ->
                    negated
                            != ranges.stream()
                                    .anyMatch(r -> r.first() <= character && character <= r.last());
        };
    }

    private static final class Parser {
        private final int[] text;
        private int at;

        Parser(String text) {
            this.text = text.codePoints().toArray();
        }

        List<Part> parse() {
            var parts = new ArrayList<Part>();
            while (at < text.length) {
                parts.add(next());
            }
            return parts;
        }

        private Part next() {
            int c = text[at++];
            return switch (c) {
                case '*' -> new Part.Star();
                case '?' -> new Part.Any();
                case '\\' -> new Part.Literal(at < text.length ? text[at++] : c);
                case '[' -> set();
                default -> new Part.Literal(c);
            };
        }

        /// A set; a bracket that is not closed, or closed at once, is a plain character.
        private Part set() {
            int start = at;
            boolean negated = at < text.length && (text[at] == '!' || text[at] == '^');
            if (negated) {
                at++;
            }
            var ranges = new ArrayList<Range>();
            boolean first = true;
            while (at < text.length && (text[at] != ']' || first)) {
                first = false;
                int from = member();
                boolean isRange = at + 1 < text.length && text[at] == '-' && text[at + 1] != ']';
                if (isRange) {
                    at++;
                }
                int to = isRange ? member() : from;
                if (to < from) {
                    at = start;
                    return new Part.Literal('[');
                }
                ranges.add(new Range(from, to));
            }
            if (at >= text.length || text[at] != ']') {
                at = start;
                return new Part.Literal('[');
            }
            at++;
            boolean isOneCharacter =
                    !negated
                            && ranges.size() == 1
                            && ranges.getFirst().first() == ranges.getFirst().last();
            return isOneCharacter
                    ? new Part.Literal(ranges.getFirst().first())
                    : new Part.OneOf(List.copyOf(ranges), negated);
        }

        private int member() {
            int c = text[at++];
            return c == '\\' && at < text.length ? text[at++] : c;
        }
    }
}

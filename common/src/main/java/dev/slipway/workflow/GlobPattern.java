package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/// A pattern of GitHub's branch, tag and path filters, matched against a whole name.
///
/// `*` is any text without `/`, `**` any text, `**/` any folders or none, `?` makes the character
/// before it optional, `+` repeats it, `[a-z]` is one of a set, `\` takes the next character as it
/// is. A leading `!` negates the pattern; it belongs to the list, not to the match ({@link
/// #isNegated}). Matching takes time in proportion to pattern × name, whatever the pattern.
public final class GlobPattern {

    /// One edge of the automaton that leaves its state.
    private record Token(IntPredicate accepts, Kind kind) {}

    private enum Kind {
        /// Takes one character.
        ONE,
        /// Takes one character or none.
        OPTIONAL,
        /// Takes any number of characters.
        LOOP,
        /// May skip the two tokens after it.
        SKIP_TWO
    }

    private static final IntPredicate ANY = c -> true;

    private final String text;
    private final boolean negated;
    private final List<Token> tokens;

    private GlobPattern(String text, boolean negated, List<Token> tokens) {
        this.text = text;
        this.negated = negated;
        this.tokens = tokens;
    }

    /// Reads a pattern.
    ///
    /// @throws IllegalArgumentException with the reason, when it is malformed
    public static GlobPattern of(String text) {
        boolean negated = text.startsWith("!");
        return new GlobPattern(
                text, negated, new Reader(negated ? text.substring(1) : text).read());
    }

    /// What is wrong with a pattern, if anything is.
    public static Optional<String> problem(String text) {
        try {
            of(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Whether the pattern starts with `!`.
    public boolean isNegated() {
        return negated;
    }

    /// Whether the pattern, without a leading `!`, matches the whole name.
    public boolean matches(String name) {
        BitSet states = new BitSet(tokens.size() + 1);
        reach(states, 0);
        for (int i = 0; i < name.length() && !states.isEmpty(); i++) {
            char c = name.charAt(i);
            BitSet next = new BitSet(tokens.size() + 1);
            for (int s = states.nextSetBit(0);
                    s >= 0 && s < tokens.size();
                    s = states.nextSetBit(s + 1)) {
                Token token = tokens.get(s);
                if (token.accepts().test(c)) {
                    reach(next, token.kind() == Kind.LOOP ? s : s + 1);
                }
            }
            states = next;
        }
        return states.get(tokens.size());
    }

    private void reach(BitSet states, int state) {
        if (states.get(state)) {
            return;
        }
        states.set(state);
        if (state == tokens.size()) {
            return;
        }
        switch (tokens.get(state).kind()) {
            case ONE -> {
                // Only a character leads on from here.
            }
            case OPTIONAL, LOOP -> reach(states, state + 1);
            case SKIP_TWO -> {
                reach(states, state + 1);
                reach(states, state + 3);
            }
        }
    }

    @Override
    public String toString() {
        return text;
    }

    /// Turns the text of a pattern into tokens.
    private static final class Reader {

        private final String glob;
        private final List<Token> tokens = new ArrayList<>();
        private int at;

        Reader(String glob) {
            this.glob = glob;
        }

        List<Token> read() {
            if (glob.isEmpty()) {
                throw new IllegalArgumentException("it is empty");
            }
            while (at < glob.length()) {
                char c = glob.charAt(at++);
                switch (c) {
                    case '*' -> star();
                    case '?', '+' -> repeat(c);
                    case '[' -> tokens.add(new Token(set(), Kind.ONE));
                    case '\\' -> {
                        if (at == glob.length()) {
                            throw new IllegalArgumentException(
                                    "'\\' at the end has no character to take as it is");
                        }
                        literal(glob.charAt(at++));
                    }
                    default -> literal(c);
                }
            }
            return tokens;
        }

        private void literal(char c) {
            tokens.add(new Token(candidate -> candidate == c, Kind.ONE));
        }

        private void star() {
            boolean deep = at < glob.length() && glob.charAt(at) == '*';
            int start = at - 1;
            while (at < glob.length() && glob.charAt(at) == '*') {
                at++;
            }
            boolean folders =
                    deep
                            && at < glob.length()
                            && glob.charAt(at) == '/'
                            && (start == 0 || glob.charAt(start - 1) == '/');
            if (folders) {
                at++;
                tokens.add(new Token(c -> false, Kind.SKIP_TWO));
                tokens.add(new Token(ANY, Kind.LOOP));
                literal('/');
            } else {
                tokens.add(new Token(deep ? ANY : c -> c != '/', Kind.LOOP));
            }
        }

        private void repeat(char quantifier) {
            if (tokens.isEmpty()) {
                throw new IllegalArgumentException(
                        "'"
                                + quantifier
                                + "' has no character before it; write '\\"
                                + quantifier
                                + "' for the character itself");
            }
            Token last = tokens.getLast();
            if (last.kind() != Kind.ONE) {
                return;
            }
            if (quantifier == '?') {
                tokens.set(tokens.size() - 1, new Token(last.accepts(), Kind.OPTIONAL));
            } else {
                tokens.add(new Token(last.accepts(), Kind.LOOP));
            }
        }

        private IntPredicate set() {
            int end = glob.indexOf(']', at);
            if (end < 0) {
                throw new IllegalArgumentException("'[' is not closed with ']'");
            }
            if (end == at) {
                throw new IllegalArgumentException("'[]' holds no characters");
            }
            BitSet chars = new BitSet();
            for (int i = at; i < end; i++) {
                char from = glob.charAt(i);
                char to = from;
                if (i + 2 < end && glob.charAt(i + 1) == '-') {
                    to = glob.charAt(i + 2);
                    i += 2;
                }
                if (to < from) {
                    throw new IllegalArgumentException(
                            "the range '" + from + "-" + to + "' runs backwards");
                }
                chars.set(from, to + 1);
            }
            at = end + 1;
            return chars::get;
        }
    }
}

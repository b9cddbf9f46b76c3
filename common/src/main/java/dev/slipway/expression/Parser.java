package dev.slipway.expression;

import dev.slipway.expression.Node.Operator;
import dev.slipway.expression.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Builds the tree of one expression with two stacks, of operands and of what is still open, so
/// that no input can exhaust the thread's stack. `.`, `[` and calls bind at once; other operators
/// wait until one that binds less tightly follows.
final class Parser {
    /// GitHub's limits.
    static final int MAX_LENGTH = 21_000;

    static final int MAX_DEPTH = 50;

    /// A finished part and the height of its tree. A chain of `&&` or `||` stays open for more.
    private record Operand(@Nullable Node node, int depth, @Nullable Chain chain) {
        Operand(Node node, int depth) {
            this(node, depth, null);
        }

        Node finish() {
            return node != null ? node : Objects.requireNonNull(chain).finish();
        }
    }

    /// The operands of `a && b && …`.
    private record Chain(Operator operator, List<Node> nodes, int position) {
        Node finish() {
            return new Node.Logical(operator, nodes, position);
        }
    }

    /// An open parenthesis, bracket or call (`call` is its name's token), or a waiting operator.
    private record Open(Token token, @Nullable Token call, List<Operand> arguments) {
        boolean isOperator() {
            return token.kind() == Kind.NOT || token.kind() == Kind.OPERATOR;
        }
    }

    private final String source;
    private final Vocabulary vocabulary;
    private final Lexer lexer;
    private final Deque<Operand> operands = new ArrayDeque<>();
    private final Deque<Open> opens = new ArrayDeque<>();
    private @Nullable Token last;

    /// The last token is the wildcard of `[*`; only `]` may follow.
    private boolean bracketedWildcard;

    private Parser(String source, Vocabulary vocabulary) {
        this.source = source;
        this.vocabulary = vocabulary;
        lexer = new Lexer(source);
    }

    /// Parses `source`; nothing but white space is the literal null.
    static Node parse(String source, Vocabulary vocabulary) {
        if (source.length() > MAX_LENGTH) {
            throw tooMuch("Exceeded max expression length " + MAX_LENGTH);
        }
        return new Parser(source, vocabulary).parse();
    }

    private Node parse() {
        for (var next = lexer.next(); next.isPresent(); next = lexer.next()) {
            Token token = next.get();
            accept(token);
            bracketedWildcard =
                    token.kind() == Kind.WILDCARD
                            && last != null
                            && last.kind() == Kind.START_INDEX;
            last = token;
        }
        if (last == null) {
            return new Node.Literal(Value.NULL, 0);
        }
        if (!last.kind().endsOperand()) {
            throw unexpectedEnd();
        }
        reduce(0);
        if (!opens.isEmpty()) {
            throw unexpectedEnd();
        }
        return operands.pop().finish();
    }

    private void accept(Token token) {
        switch (token.kind()) {
            case LITERAL -> {
                requireOperandPlace(token);
                push(new Node.Literal(Objects.requireNonNull(token.value()), token.position()), 1);
            }
            case CONTEXT -> context(token);
            case FUNCTION -> function(token);
            case PROPERTY -> property(token);
            case WILDCARD -> wildcard(token);
            case DEREFERENCE -> requireIndexable(token);
            case START_GROUP, NOT -> {
                requireOperandPlace(token);
                opens.push(new Open(token, null, List.of()));
            }
            case START_PARAMETERS ->
                    opens.push(new Open(token, Objects.requireNonNull(last), new ArrayList<>()));
            case START_INDEX -> {
                requireIndexable(token);
                opens.push(new Open(token, null, List.of()));
            }
            case OPERATOR -> operator(token);
            case SEPARATOR -> separator(token);
            case CLOSE_PARENTHESIS -> closeParenthesis(token);
            case END_INDEX -> endIndex(token);
            case UNEXPECTED -> throw unexpected(token);
        }
    }

    private void context(Token token) {
        requireOperandPlace(token);
        String name = token.raw().toLowerCase(Locale.ROOT);
        if (!vocabulary.hasContext(name)) {
            throw error("Unrecognized named-value", token);
        }
        push(new Node.Context(name, token.position()), 1);
    }

    private void function(Token token) {
        requireOperandPlace(token);
        if (!Functions.isKnown(token.raw().toLowerCase(Locale.ROOT), vocabulary)) {
            throw error("Unrecognized function", token);
        }
    }

    private void property(Token token) {
        var key = new Node.Literal(Value.of(token.raw()), token.position());
        Operand target = operands.pop();
        push(new Node.Index(target.finish(), key, token.position() - 1), target.depth() + 1);
    }

    private void wildcard(Token token) {
        if (last != null && last.kind() == Kind.DEREFERENCE) {
            filter(token.position());
        } else if (last == null || last.kind() != Kind.START_INDEX) {
            throw unexpected(token);
        }
    }

    private void filter(int position) {
        Operand target = operands.pop();
        push(new Node.Filter(target.finish(), position), target.depth() + 1);
    }

    private void operator(Token token) {
        requireOperandEnd(token);
        reduce(Objects.requireNonNull(token.operator()).precedence());
        opens.push(new Open(token, null, List.of()));
    }

    private void separator(Token token) {
        requireOperandEnd(token);
        reduce(0);
        Open open = opens.peek();
        if (open == null || open.call() == null) {
            throw unexpected(token);
        }
        open.arguments().add(operands.pop());
    }

    private void closeParenthesis(Token token) {
        boolean noArguments = last != null && last.kind() == Kind.START_PARAMETERS;
        if (!noArguments) {
            requireOperandEnd(token);
            reduce(0);
        }
        Open open = opens.poll();
        if (open == null || open.token().kind() == Kind.START_INDEX) {
            throw unexpected(token);
        }
        if (open.call() != null) {
            if (!noArguments) {
                open.arguments().add(operands.pop());
            }
            call(open.call(), open.arguments());
        }
    }

    private void call(Token name, List<Operand> arguments) {
        String function = name.raw().toLowerCase(Locale.ROOT);
        String problem = Functions.countProblem(function, arguments.size(), vocabulary);
        if (!problem.isEmpty()) {
            throw error(problem, name);
        }
        int depth = 0;
        var nodes = new ArrayList<Node>(arguments.size());
        for (Operand argument : arguments) {
            depth = Math.max(depth, argument.depth());
            nodes.add(argument.finish());
        }
        checkFormat(function, nodes);
        push(new Node.Call(function, nodes, name.position()), depth + 1);
    }

    private void checkFormat(String function, List<Node> arguments) {
        if (function.equals("format")
                && arguments.getFirst() instanceof Node.Literal(Value literal, int position)
                && literal instanceof Value.StringValue(String format)) {
            String problem = FormatText.problem(format, arguments.size() - 1);
            if (!problem.isEmpty()) {
                throw ExpressionException.syntax(problem, format, position, source);
            }
        }
    }

    private void endIndex(Token token) {
        if (bracketedWildcard) {
            filter(opens.pop().token().position());
            return;
        }
        requireOperandEnd(token);
        reduce(0);
        Open open = opens.poll();
        if (open == null || open.token().kind() != Kind.START_INDEX) {
            throw unexpected(token);
        }
        Operand key = operands.pop();
        Operand target = operands.pop();
        int depth = Math.max(target.depth(), key.depth()) + 1;
        push(new Node.Index(target.finish(), key.finish(), open.token().position()), depth);
    }

    /// Finishes the waiting operators that bind at least as tightly as `precedence`, down to what
    /// is open.
    private void reduce(int precedence) {
        while (true) {
            Open open = opens.peek();
            if (open == null || !open.isOperator()) {
                return;
            }
            Operator operator = open.token().operator();
            if (operator != null && operator.precedence() < precedence) {
                return;
            }
            opens.pop();
            Operand right = operands.pop();
            int position = open.token().position();
            if (operator == null) {
                push(new Node.Not(right.finish(), position), right.depth() + 1);
            } else if (operator.isLogical()) {
                logical(operator, operands.pop(), right, position);
            } else {
                Operand left = operands.pop();
                var node = new Node.Compare(operator, left.finish(), right.finish(), position);
                push(node, Math.max(left.depth(), right.depth()) + 1);
            }
        }
    }

    /// Chains of the same operator become one node; they do not count as depth.
    private void logical(Operator operator, Operand left, Operand right, int position) {
        Chain chain;
        int depth;
        if (left.chain() != null && left.chain().operator() == operator) {
            chain = left.chain();
            depth = left.depth() - 1;
        } else {
            chain = new Chain(operator, new ArrayList<>(), position);
            chain.nodes().add(left.finish());
            depth = left.depth();
        }
        if (right.chain() != null && right.chain().operator() == operator) {
            chain.nodes().addAll(right.chain().nodes());
            depth = Math.max(depth, right.depth() - 1);
        } else {
            chain.nodes().add(right.finish());
            depth = Math.max(depth, right.depth());
        }
        push(new Operand(null, depth + 1, chain));
    }

    private void push(Node node, int depth) {
        push(new Operand(node, depth));
    }

    private void push(Operand operand) {
        if (operand.depth() > MAX_DEPTH) {
            throw tooMuch("Exceeded max expression depth " + MAX_DEPTH);
        }
        operands.push(operand);
    }

    private void requireOperandPlace(Token token) {
        if (last != null && !last.kind().wantsOperand()) {
            throw unexpected(token);
        }
    }

    private void requireOperandEnd(Token token) {
        if (last == null || !last.kind().endsOperand() || bracketedWildcard) {
            throw unexpected(token);
        }
    }

    private void requireIndexable(Token token) {
        if (last == null || !last.kind().endsIndexable() || bracketedWildcard) {
            throw unexpected(token);
        }
    }

    private ExpressionException unexpected(Token token) {
        return error("Unexpected symbol", token);
    }

    private ExpressionException unexpectedEnd() {
        return error("Unexpected end of expression", Objects.requireNonNull(last));
    }

    private ExpressionException error(String what, Token token) {
        return ExpressionException.syntax(what, token.raw(), token.position(), source);
    }

    private static ExpressionException tooMuch(String what) {
        return new ExpressionException(ExpressionException.Kind.SYNTAX, 0, "", what);
    }
}

package dev.slipway.lint;

import dev.slipway.expression.Node;
import dev.slipway.expression.Template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// One use of a context in a template: `github.event.issue.title`.
///
/// @param path the names in lower case, the context first; `*` stands for filters and for indexes
///   that are not written as text
/// @param offset where it starts in the template's text
/// @param flows whether its text can come out of the expression (not so in `a == 'b'`)
/// @param dumped whether it is inside `toJSON`, so that everything below it comes out too
record PropertyUse(List<String> path, int offset, boolean flows, boolean dumped) {

    PropertyUse {
        path = List.copyOf(path);
    }

    String context() {
        return path.getFirst();
    }

    /// A name of the path; empty when the path is shorter.
    String segment(int index) {
        return index < path.size() ? path.get(index) : "";
    }

    /// Whether the name at an index is written down, and so can be checked.
    boolean names(int index) {
        return index < path.size() && !path.get(index).equals("*");
    }

    String text() {
        return String.join(".", path);
    }

    /// All uses in a template, in order.
    static List<PropertyUse> in(Template template) {
        List<PropertyUse> uses = new ArrayList<>();
        for (Template.Embedded embedded : template.expressions()) {
            new Walk(embedded.offset(), uses::add).visit(embedded.expression().root(), true, false);
        }
        return uses;
    }

    /// Follows the tree and keeps whether a value can come out at the top.
    private record Walk(int base, Consumer<PropertyUse> found) {

        void visit(Node node, boolean flows, boolean dumped) {
            switch (node) {
                case Node.Literal _ -> {
                    // A literal uses no context.
                }
                case Node.Context _, Node.Index _, Node.Filter _ -> access(node, flows, dumped);
                case Node.Call call -> {
                    boolean through = flows && passesText(call.function());
                    boolean json = dumped || call.function().equals("tojson");
                    call.arguments().forEach(argument -> visit(argument, through, json));
                }
                case Node.Not not -> visit(not.operand(), false, dumped);
                case Node.Compare compare -> {
                    visit(compare.left(), false, dumped);
                    visit(compare.right(), false, dumped);
                }
                case Node.Logical logical -> {
                    // In `a && b`, a comes out only when it is empty or false.
                    int last = logical.operands().size() - 1;
                    for (int i = 0; i <= last; i++) {
                        boolean out = logical.operator() == Node.Operator.OR || i == last;
                        visit(logical.operands().get(i), flows && out, dumped);
                    }
                }
            }
        }

        private static boolean passesText(String function) {
            return switch (function) {
                case "contains",
                        "startswith",
                        "endswith",
                        "hashfiles",
                        "success",
                        "failure",
                        "always",
                        "cancelled" ->
                        false;
                default -> true;
            };
        }

        private void access(Node node, boolean flows, boolean dumped) {
            List<String> path = new ArrayList<>();
            Node at = node;
            while (!(at instanceof Node.Context)) {
                switch (at) {
                    case Node.Index index -> {
                        path.addFirst(segment(index.key()));
                        if (!(index.key() instanceof Node.Literal)) {
                            visit(index.key(), false, false);
                        }
                        at = index.target();
                    }
                    case Node.Filter filter -> {
                        path.addFirst("*");
                        at = filter.target();
                    }
                    default -> {
                        // The base is computed, as in fromJSON(x).y.
                        visit(at, flows, dumped);
                        return;
                    }
                }
            }
            Node.Context context = (Node.Context) at;
            path.addFirst(context.name());
            found.accept(new PropertyUse(path, base + context.position(), flows, dumped));
        }

        private static String segment(Node key) {
            return key instanceof Node.Literal literal
                            && literal.value() instanceof dev.slipway.expression.Value.StringValue
                    ? literal.value().text().toLowerCase(Locale.ROOT)
                    : "*";
        }
    }
}

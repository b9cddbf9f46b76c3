package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Suggest;
import dev.slipway.workflow.Workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Checks what is known of matrices when the file is read: excludes against those lists that hold
/// no expression, and the whole of a matrix that holds none.
public final class MatrixCheck {

    private final String path;
    private final List<Problem> problems = new ArrayList<>();

    private MatrixCheck(String path) {
        this.path = path;
    }

    /// Errors of matrices that cannot expand, and warnings about excludes that remove nothing.
    public static List<Problem> check(Workflow workflow) {
        MatrixCheck check = new MatrixCheck(workflow.path());
        for (Job job : workflow.jobs()) {
            job.strategy()
                    .flatMap(strategy -> strategy.matrix())
                    .ifPresent(matrix -> check.matrix(job, matrix));
        }
        return check.problems;
    }

    private void matrix(Job job, Computed matrix) {
        int before = problems.size();
        if (matrix instanceof Computed.Entries entries) {
            excludes(job, entries);
        }
        boolean known = problems.stream().skip(before).noneMatch(Problem::isError);
        if (known && matrix.isLiteral()) {
            try {
                Matrix.expand(matrix.literal());
            } catch (ExpressionException e) {
                error(matrix.position(), job, e.getMessage());
            }
        }
    }

    private void excludes(Job job, Computed.Entries matrix) {
        if (!(matrix.get("exclude").orElse(matrix) instanceof Computed.Items excludes)) {
            return;
        }
        Map<String, Computed> vectors = new LinkedHashMap<>();
        boolean complete = true;
        for (Computed.Entry entry : matrix.entries()) {
            complete &= !entry.insert() && entry.key().isLiteral();
            if (!entry.insert() && entry.key().isLiteral()) {
                vectors.put(fold(entry.key()), entry.value());
            }
        }
        vectors.remove("include");
        vectors.remove("exclude");
        for (Computed exclude : excludes.items()) {
            if (exclude instanceof Computed.Entries filter) {
                exclude(job, filter, vectors, complete);
            }
        }
    }

    private void exclude(
            Job job, Computed.Entries filter, Map<String, Computed> vectors, boolean complete) {
        boolean useless = false;
        for (Computed.Entry entry : filter.entries()) {
            if (entry.insert() || !entry.key().isLiteral()) {
                continue;
            }
            Optional<Computed> vector = Optional.ofNullable(vectors.get(fold(entry.key())));
            if (vector.isEmpty() && complete) {
                String key = entry.key().literal().text();
                error(
                        entry.key().position(),
                        job,
                        "the matrix exclude key '"
                                + key
                                + "' is not a key of the matrix"
                                + Suggest.hint(key, vectors.keySet()));
            }
            useless |=
                    entry.value().isLiteral()
                            && vector.filter(list -> neverMatches(entry.value(), list)).isPresent();
        }
        if (useless) {
            problems.add(
                    Problem.warning(
                            path,
                            filter.position(),
                            "this 'exclude' entry of job '"
                                    + job.id()
                                    + "' matches no combination of the matrix, so it removes"
                                    + " nothing"));
        }
    }

    private static boolean neverMatches(Computed pattern, Computed vector) {
        return vector instanceof Computed.Items list
                && list.isLiteral()
                && list.items().stream()
                        .noneMatch(item -> Matrix.leavesMatch(pattern.literal(), item.literal()));
    }

    private static String fold(Computed key) {
        return key.literal().text().toLowerCase(Locale.ROOT);
    }

    private void error(Position at, Job job, String message) {
        problems.add(Problem.error(path, at, "job '" + job.id() + "': " + message));
    }
}

package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks matrices that hold no expression, and so are known when the file is read.
public final class MatrixCheck {

    private MatrixCheck() {}

    /// Errors of matrices that cannot expand, and warnings about excludes that remove nothing.
    public static List<Problem> check(Workflow workflow) {
        List<Problem> problems = new ArrayList<>();
        for (Job job : workflow.jobs()) {
            job.strategy()
                    .flatMap(strategy -> strategy.matrix())
                    .ifPresent(matrix -> check(workflow.path(), job, matrix, problems));
        }
        return problems;
    }

    private static void check(String path, Job job, Computed matrix, List<Problem> problems) {
        if (!matrix.isLiteral()) {
            return;
        }
        try {
            Value value = matrix.literal();
            Matrix.expand(value);
            List<Boolean> useless = Matrix.uselessExcludes(value);
            Optional<Computed> excludes = matrix.get("exclude");
            for (int i = 0; i < useless.size(); i++) {
                if (useless.get(i) && excludes.orElse(matrix) instanceof Computed.Items items) {
                    problems.add(
                            Problem.warning(
                                    path,
                                    items.items().get(i).position(),
                                    "this 'exclude' entry of job '"
                                            + job.id()
                                            + "' matches no combination of the matrix, so it"
                                            + " removes nothing"));
                }
            }
        } catch (ExpressionException e) {
            problems.add(
                    Problem.error(
                            path, matrix.position(), "job '" + job.id() + "': " + e.getMessage()));
        }
    }
}

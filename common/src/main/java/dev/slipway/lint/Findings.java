package dev.slipway.lint;

import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects the problems of one file, each once.
final class Findings {

    private final String path;
    private final Set<Problem> problems = new LinkedHashSet<>();

    Findings(String path) {
        this.path = path;
    }

    void error(Position at, String message) {
        problems.add(Problem.error(path, at, message));
    }

    void warning(Position at, String message) {
        problems.add(Problem.warning(path, at, message));
    }

    void addAll(Collection<Problem> more) {
        problems.addAll(more);
    }

    /// In the order of the file.
    List<Problem> sorted() {
        return problems.stream().sorted(Comparator.comparing(Problem::position)).toList();
    }
}

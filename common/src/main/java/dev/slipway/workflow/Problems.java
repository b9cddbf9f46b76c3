package dev.slipway.workflow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects the problems of one file. Not thread-safe; one instance per parse.
///
/// At most {@link #MAX_PROBLEMS} are kept, so that a file which is wrong on every line stays
/// readable.
final class Problems {

    /// GitHub stops at 10; people who fix a file want to see more at once.
    static final int MAX_PROBLEMS = 200;

    private final String path;
    private final Set<Problem> found = new LinkedHashSet<>();
    private int dropped;

    Problems(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    void error(Position at, String message) {
        add(Problem.error(path, at, message));
    }

    void warning(Position at, String message) {
        add(Problem.warning(path, at, message));
    }

    void addAll(Collection<Problem> problems) {
        problems.forEach(this::add);
    }

    private void add(Problem problem) {
        if (found.size() < MAX_PROBLEMS) {
            found.add(problem);
        } else if (!found.contains(problem)) {
            dropped++;
        }
    }

    boolean hasErrors() {
        return found.stream().anyMatch(Problem::isError);
    }

    int count() {
        return found.size() + dropped;
    }

    /// All problems in the order of the file.
    List<Problem> sorted() {
        List<Problem> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(Problem::position));
        if (dropped > 0) {
            Position last = sorted.getLast().position();
            sorted.add(
                    Problem.error(
                            path, last, dropped + " more problems in this file are not shown"));
        }
        return List.copyOf(sorted);
    }
}

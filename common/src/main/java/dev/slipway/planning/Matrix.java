package dev.slipway.planning;

import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Suggest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Expands an evaluated `matrix` into its combinations, by GitHub's rules (runner,
/// `MatrixBuilder.cs`): vectors in file order with the first varying slowest, then `exclude`, then
/// `include`.
///
/// Never builds more than {@link #MAX_JOBS} combinations, nor looks at more than {@link
/// #MAX_VISITED}: a matrix that is too large is refused before it costs anything.
public final class Matrix {

    /// How many jobs a matrix may give; GitHub's limit.
    public static final int MAX_JOBS = 256;

    private static final int MAX_VISITED = 100_000;

    /// One combination.
    ///
    /// @param values the `matrix` context: vector values in file order, then what `include` added
    /// @param nameParts the values that show in the job's name
    public record Combination(Value.ObjectValue values, List<Value> nameParts) {
        public Combination {
            nameParts = List.copyOf(nameParts);
        }
    }

    /// An include entry: what it must match, what it adds, and whether it has matched.
    private static final class Include {
        private final Map<String, Value> filter = new LinkedHashMap<>();
        private final Map<String, Value> extras = new LinkedHashMap<>();
        private boolean matched;
    }

    private final Map<String, List<Value>> vectors = new LinkedHashMap<>();
    private final List<Map<String, Value>> excludes = new ArrayList<>();
    private final List<Include> includes = new ArrayList<>();

    private Matrix(Value value) {
        if (!(value instanceof Value.ObjectValue object)) {
            throw new ExpressionException(
                    "'matrix' must be a mapping of names to lists, not "
                            + Coercion.describe(value));
        }
        object.entries()
                .forEach(
                        (key, entry) -> {
                            if (!isInclude(key) && !isExclude(key)) {
                                vectors.put(key, vector(key, entry));
                            }
                        });
        object.entries()
                .forEach(
                        (key, entry) -> {
                            if (isExclude(key)) {
                                entries("exclude", entry).forEach(this::addExclude);
                            } else if (isInclude(key)) {
                                entries("include", entry).forEach(this::addInclude);
                            }
                        });
        if (vectors.isEmpty() && includes.isEmpty()) {
            throw new ExpressionException(
                    "'matrix' needs at least one list of values or one 'include' entry");
        }
    }

    /// All combinations, in GitHub's order; the index in the list is `strategy.job-index`.
    ///
    /// @throws ExpressionException when the matrix is malformed or gives too many jobs
    public static List<Combination> expand(Value matrix) {
        return new Matrix(matrix).combinations();
    }

    private static boolean isInclude(String key) {
        return key.equals("include");
    }

    private static boolean isExclude(String key) {
        return key.equals("exclude");
    }

    private static List<Value> vector(String key, Value value) {
        if (!(value instanceof Value.ArrayValue array)) {
            throw new ExpressionException(
                    "'matrix." + key + "' must be a list, not " + Coercion.describe(value));
        }
        if (array.items().isEmpty()) {
            throw new ExpressionException(
                    "'matrix." + key + "' has no values; give it at least one");
        }
        return array.items();
    }

    private static List<Value.ObjectValue> entries(String key, Value value) {
        List<Value.ObjectValue> entries = new ArrayList<>();
        if (value instanceof Value.NullValue) {
            return entries;
        }
        if (!(value instanceof Value.ArrayValue array)) {
            throw new ExpressionException(
                    "'matrix."
                            + key
                            + "' must be a list of mappings, not "
                            + Coercion.describe(value));
        }
        for (Value item : array.items()) {
            if (!(item instanceof Value.ObjectValue object)) {
                throw new ExpressionException(
                        "an entry of 'matrix."
                                + key
                                + "' must be a mapping, not "
                                + Coercion.describe(item));
            }
            entries.add(object);
        }
        return entries;
    }

    private void addExclude(Value.ObjectValue entry) {
        refuseEmpty("exclude", entry);
        for (String key : entry.entries().keySet()) {
            if (vectors.keySet().stream().noneMatch(key::equalsIgnoreCase)) {
                throw new ExpressionException(
                        "the matrix exclude key '"
                                + key
                                + "' is not a key of the matrix"
                                + Suggest.hint(key, vectors.keySet()));
            }
        }
        excludes.add(entry.entries());
    }

    private static void refuseEmpty(String key, Value.ObjectValue entry) {
        if (entry.entries().isEmpty()) {
            throw new ExpressionException("an entry of 'matrix." + key + "' is empty");
        }
    }

    private void addInclude(Value.ObjectValue entry) {
        refuseEmpty("include", entry);
        Include include = new Include();
        entry.entries()
                .forEach(
                        (key, value) -> {
                            boolean isVector =
                                    vectors.keySet().stream().anyMatch(key::equalsIgnoreCase);
                            (isVector ? include.filter : include.extras).put(key, value);
                        });
        includes.add(include);
    }

    private List<Combination> combinations() {
        if (excludes.isEmpty() && product() > MAX_JOBS) {
            throw tooMany();
        }
        List<Combination> combinations = new ArrayList<>();
        List<String> keys = List.copyOf(vectors.keySet());
        List<List<Value>> choices = List.copyOf(vectors.values());
        int[] index = new int[keys.size()];
        int visited = 0;
        boolean more = !keys.isEmpty();
        while (more) {
            Map<String, Value> values = new LinkedHashMap<>();
            for (int i = 0; i < index.length; i++) {
                values.put(keys.get(i), choices.get(i).get(index[i]));
            }
            Value.ObjectValue combination = Value.object(values);
            if (excludes.stream().noneMatch(exclude -> matches(exclude, combination))) {
                combinations.add(extended(combination));
            }
            if (combinations.size() > MAX_JOBS || ++visited > MAX_VISITED) {
                throw tooMany();
            }
            more = advance(index, choices);
        }
        for (Include include : includes) {
            if (!include.matched) {
                Map<String, Value> values = new LinkedHashMap<>(include.filter);
                values.putAll(include.extras);
                combinations.add(
                        new Combination(Value.object(values), List.copyOf(values.values())));
            }
            if (combinations.size() > MAX_JOBS) {
                throw tooMany();
            }
        }
        if (combinations.isEmpty()) {
            throw new ExpressionException(
                    "the matrix has no combination left: 'exclude' removes" + " all of them");
        }
        return combinations;
    }

    /// Moves to the next combination, the last key fastest.
    private static boolean advance(int[] index, List<List<Value>> choices) {
        for (int i = index.length - 1; i >= 0; i--) {
            if (++index[i] < choices.get(i).size()) {
                return true;
            }
            index[i] = 0;
        }
        return false;
    }

    private Combination extended(Value.ObjectValue combination) {
        Map<String, Value> values = new LinkedHashMap<>(combination.entries());
        for (Include include : includes) {
            if (matches(include.filter, combination)) {
                include.matched = true;
                include.extras.forEach((key, value) -> putIgnoringCase(values, key, value));
            }
        }
        return new Combination(Value.object(values), List.copyOf(combination.entries().values()));
    }

    private static void putIgnoringCase(Map<String, Value> values, String key, Value value) {
        String known =
                values.keySet().stream().filter(key::equalsIgnoreCase).findFirst().orElse(key);
        values.put(known, value);
    }

    private static boolean matches(Map<String, Value> filter, Value.ObjectValue combination) {
        return filter.entrySet().stream()
                .allMatch(entry -> leavesMatch(entry.getValue(), combination.get(entry.getKey())));
    }

    /// Compares every leaf of the pattern, as `matrix.a.b == leaf`; what the pattern does not name
    /// does not count.
    static boolean leavesMatch(Value pattern, Value actual) {
        return switch (pattern) {
            case Value.ObjectValue object ->
                    object.entries().entrySet().stream()
                            .allMatch(
                                    entry ->
                                            leavesMatch(
                                                    entry.getValue(), actual.get(entry.getKey())));
            case Value.ArrayValue array ->
                    IntStream.range(0, array.items().size())
                            .allMatch(i -> leavesMatch(array.items().get(i), actual.get(i)));
            default -> pattern.looseEquals(actual);
        };
    }

    private double product() {
        double product = 1;
        for (List<Value> vector : vectors.values()) {
            product *= vector.size();
        }
        return product;
    }

    private ExpressionException tooMany() {
        double product = product();
        String count = product > 1e15 ? "more than 10^15" : String.valueOf((long) product);
        return new ExpressionException(
                "the matrix has "
                        + count
                        + " combinations"
                        + (excludes.isEmpty() ? "" : " before 'exclude'")
                        + (includes.isEmpty()
                                ? ""
                                : " and " + includes.size() + " 'include' entries")
                        + ", which is more than the limit of "
                        + MAX_JOBS
                        + " jobs; shorten its lists");
    }
}

package dev.slipway.benchmarks;

import dev.slipway.expression.Expression;
import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;
import dev.slipway.expression.Vocabulary;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Expressions: parsed once per file, evaluated for each job and step. The baseline is the same
/// condition written in Java.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ExpressionBenchmark {
    private static final String SOURCE =
            "github.ref == 'refs/heads/main' && startsWith(github.actor, 'octo')"
                    + " && !contains(github.message, '[skip ci]')";

    private final Map<String, String> github =
            Map.of("ref", "refs/heads/main", "actor", "octocat", "message", "Fix the build");

    private final Expression expression = Expression.parse(SOURCE, Vocabulary.ANY);
    private final Scope scope =
            Scope.of(
                    Map.of(
                            "github",
                            Value.object(
                                    Map.of(
                                            "ref", Value.of("refs/heads/main"),
                                            "actor", Value.of("octocat"),
                                            "message", Value.of("Fix the build")))));

    @Benchmark
    public Expression parse() {
        return Expression.parse(SOURCE, Vocabulary.ANY);
    }

    @Benchmark
    public Value evaluate() {
        return expression.evaluate(scope);
    }

    @Benchmark
    public boolean baselineJava() {
        return github.getOrDefault("ref", "").equalsIgnoreCase("refs/heads/main")
                && github.getOrDefault("actor", "").startsWith("octo")
                && !github.getOrDefault("message", "").contains("[skip ci]");
    }
}

package dev.slipway.benchmarks;

import dev.slipway.workflow.ParsedWorkflow;
import dev.slipway.workflow.WorkflowParser;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Reading a workflow file: what the coordinator does for each submitted run and `slipway lint` for
/// each file. The baseline loads the same text as plain YAML, without positions or meaning.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WorkflowBenchmark {
    /// How many jobs of eight steps the file has.
    @Param({"3", "100"})
    int jobs;

    private byte[] source = {};

    @Setup
    public void write() {
        var text = new StringBuilder("name: bench\non: [push, pull_request]\njobs:\n");
        for (int job = 0; job < jobs; job++) {
            text.append("  job-").append(job).append(":\n    runs-on: ubuntu-latest\n");
            text.append("    strategy:\n      matrix:\n        version: [1, 2, 3]\n    steps:\n");
            for (int step = 0; step < 4; step++) {
                text.append("      - uses: actions/cache@v4\n        with:\n")
                        .append("          path: build\n")
                        .append("          key: ${{ runner.os }}-${{ hashFiles('**/*.lock') }}\n")
                        .append("      - name: Build ${{ matrix.version }}\n")
                        .append("        if: github.ref == 'refs/heads/main' && success()\n")
                        .append("        run: make -j2 all VERSION=${{ matrix.version }}\n");
            }
        }
        source = text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public ParsedWorkflow read() {
        return WorkflowParser.parse("bench.yml", source);
    }

    @Benchmark
    public Object baselineYaml() {
        return new Load(LoadSettings.builder().build())
                .loadFromString(new String(source, StandardCharsets.UTF_8));
    }
}

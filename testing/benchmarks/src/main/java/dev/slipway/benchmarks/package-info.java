/// Measures the parts that budgets depend on, each beside a baseline in the same run.
///
/// Start reading at {@link WorkflowBenchmark}; `testing/benchmarks/run` runs them.
@NullMarked
package dev.slipway.benchmarks;

import org.jspecify.annotations.NullMarked;

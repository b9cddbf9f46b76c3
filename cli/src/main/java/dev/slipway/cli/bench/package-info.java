/// Measures a farm: simulated agents that speak the real protocol over real connections, and a load
/// of no-op jobs.
///
/// Start reading at {@link dev.slipway.cli.bench.BenchCommand}.
@NullMarked
package dev.slipway.cli.bench;

import org.jspecify.annotations.NullMarked;

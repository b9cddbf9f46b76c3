/// A whole farm under virtual time: the real coordinator and agents, simulated processes, network
/// and deaths.
///
/// Start reading at {@link dev.slipway.simulation.SimulatedFarm}.
@NullMarked
package dev.slipway.simulation;

import org.jspecify.annotations.NullMarked;

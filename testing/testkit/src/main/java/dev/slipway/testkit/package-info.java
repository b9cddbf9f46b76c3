/// What tests of all modules share: time moved by hand, seeded randomness, simulated worlds.
///
/// Start reading at {@link dev.slipway.testkit.SimulatedWorld}.
@NullMarked
package dev.slipway.testkit;

import org.jspecify.annotations.NullMarked;

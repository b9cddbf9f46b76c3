/// The coordinator's own wiring, opened for the simulation.
@NullMarked
package dev.slipway.coordinator;

import org.jspecify.annotations.NullMarked;

/// Keeps the architecture: who may import whom, where libraries may be used, and that product code
/// meets time, threads and chance only through their ports.
///
/// Start reading at {@link LayersTest}.
@NullMarked
package dev.slipway.architecture;

import org.jspecify.annotations.NullMarked;

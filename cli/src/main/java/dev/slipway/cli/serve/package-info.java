/// Commands that go on until they are stopped: coordinator, agent, the embedded farm.
///
/// Start reading at {@link dev.slipway.cli.serve.CoordinatorCommand}.
@NullMarked
package dev.slipway.cli.serve;

import org.jspecify.annotations.NullMarked;

/// Where a step's process lives: on the host, later in a container or a pod, or only in a script.
///
/// Start reading at {@link dev.slipway.agent.executor.Executor}.
@NullMarked
package dev.slipway.agent.executor;

import org.jspecify.annotations.NullMarked;

/// The health gate: HTTP checks and a Prometheus query over time.
///
/// Start reading at {@link dev.slipway.agent.deployment.health.HealthGate}.
@NullMarked
package dev.slipway.agent.deployment.health;

import org.jspecify.annotations.NullMarked;

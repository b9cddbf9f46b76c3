package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.error.SlipwayException;

/// The way to one connected agent. Methods never block; used by one thread at a time.
public interface AgentLink {
    void send(ExchangeResponse response);

    /// Ends the connection; nothing is sent after it. The agent comes back by itself.
    void end(SlipwayException why);

    /// Ends the connection after a last word (a refusal).
    void complete();
}

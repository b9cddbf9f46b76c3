package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.error.SlipwayException;

/// The way back on an agent's log stream. Methods never block and may come from any thread.
public interface LogLink {
    void send(SendLogResponse response);

    /// Lets the agent send this many more chunks.
    void request(int chunks);

    /// Ends the stream; the agent comes back and sends again what was not acknowledged.
    void end(SlipwayException why);
}

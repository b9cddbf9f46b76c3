package dev.slipway.agent.runner;

import dev.slipway.agent.output.Spool;

/// Takes step logs to the farm: a port, so that attempts run in tests without one.
public interface LogOutlet {
    /// Sends a step's chunks, those that are there and those to come, until all are acknowledged. A
    /// log that is being sent already is left as it is.
    void send(Token token, int step, Spool spool);

    /// Stops sending the logs of an attempt.
    void drop(Token token);
}

package dev.slipway.agent.process;

import java.io.IOException;
import java.util.List;

/// Sends signals to processes whose identity was checked just before.
public interface Signals {
    /// Sends `signal` (`INT`, `TERM`, `KILL`…) to those that still live.
    ///
    /// @return how many there were
    int send(String signal, List<ProcessIdentity> processes)
            throws IOException, InterruptedException;
}

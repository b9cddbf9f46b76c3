package dev.slipway.agent.executor;

/// How a process ended.
public sealed interface Exit {
    /// The main process ended by itself or by a signal.
    ///
    /// @param code what a shell says: 0 to 255; 128 + n when signal n ended it; 126 when the
    ///   command could not be executed, 127 when it was not found (the output says why)
    record Exited(int code) implements Exit {
        public Exited {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("An exit code is 0 to 255, not " + code + ".");
            }
        }

        public boolean success() {
            return code == 0;
        }
    }

    /// The kernel killed it, or a part of it, because its container had no memory left.
    ///
    /// @param code 0 to 255
    record OutOfMemory(int code) implements Exit {}

    /// The lease ended first, so the supervisor killed the tree. Whatever the process did then is
    /// not its result.
    record LeaseLost() implements Exit {}

    /// The supervisor or its records are gone, so the result is unknown. Everything that was still
    /// found of the tree has been killed. Never a success.
    ///
    /// @param reason a sentence for people
    record SupervisorLost(String reason) implements Exit {}

    /// The command was never run and never will be.
    ///
    /// @param reason a sentence for people
    record NeverStarted(String reason) implements Exit {}
}

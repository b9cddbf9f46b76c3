package dev.slipway.agent.executor;

/// Hears how far a cancellation has come. Calls come in order, one at a time, from a thread that
/// must not be blocked.
public interface CancelListener {
    /// What has just happened to the process's tree.
    enum Phase {
        INTERRUPTED,
        TERMINATED,
        KILLED,
        /// Nothing of the tree is left.
        DEAD
    }

    /// @param processes how many processes were signalled; 0 for {@link Phase#DEAD}
    void reached(Phase phase, int processes);

    /// The last call, whatever came before: the cancellation does nothing more. Without {@link
    /// Phase#DEAD} before it, something may be left.
    default void over() {}
}

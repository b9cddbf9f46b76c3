package dev.slipway.agent.deployment;

import java.util.Optional;

/// What a deploying step tells people, and what it remembers when its agent was killed.
public interface Notebook {
    void say(String line);

    void warn(String line);

    /// What was recorded under a key, in this life of the agent or an earlier one.
    Optional<String> recall(String key);

    /// Records a value; the first one under a key counts.
    void record(String key, String value);

    /// Whether an interrupt means that the step is to end, not that its agent ends.
    boolean isCancelled();
}

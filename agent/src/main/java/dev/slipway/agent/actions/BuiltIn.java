package dev.slipway.agent.actions;

import java.io.IOException;
import java.util.Map;

/// An action that the agent does itself, with the inputs, outputs and defaults of GitHub's.
///
/// A built-in is a restartable state machine: after the agent was killed the same stage is entered
/// again from its start, so everything it does is idempotent, or asks {@link ActionCall#recall}
/// first. It ends when its thread is interrupted.
public interface BuiltIn {
    /// The declared inputs with their defaults, in the order of GitHub's manifest.
    Map<String, String> inputs();

    /// Does the action's work.
    ///
    /// @throws ActionFailure when the step fails for a reason of the workflow
    /// @throws IOException when files cannot be read or written
    void main(ActionCall call) throws IOException, InterruptedException;

    /// Whether something is left to do after the job's steps.
    default boolean hasPost() {
        return false;
    }

    /// Whether the post stage runs only when the job has succeeded (`post-if: success()`).
    default boolean postNeedsSuccess() {
        return false;
    }

    /// Does what is left.
    default void post(ActionCall call) throws IOException, InterruptedException {}
}

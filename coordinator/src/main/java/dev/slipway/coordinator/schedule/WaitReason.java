package dev.slipway.coordinator.schedule;

import java.util.List;

/// Why a ready job has no agent yet.
public sealed interface WaitReason {
    /// No agent that is connected has all of the labels.
    ///
    /// @param labels what the job asks for
    /// @param missing labels that no agent has at all; empty when only the combination is missing
    record NoAgentWithLabels(List<String> labels, List<String> missing) implements WaitReason {}

    /// Agents fit, but none of them takes jobs now (draining, out of disk).
    ///
    /// @param agents their ids, ordered by name
    record AgentsUnavailable(List<String> agents) implements WaitReason {}

    /// Agents fit and all their slots are in use.
    ///
    /// @param agents how many agents fit and take jobs
    /// @param slots how many slots they have together
    /// @param ahead how many jobs of the same labels go first
    record AllSlotsBusy(int agents, int slots, int ahead) implements WaitReason {}

    /// The job is not known as ready: it has an agent, or waits for something else.
    record NotWaiting() implements WaitReason {}
}

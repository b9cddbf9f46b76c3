package dev.slipway.coordinator.model;

import java.util.List;

/// Where a job stands in its run's graph.
///
/// A *node* is one entry under `jobs:` (in one call of a reusable workflow). It comes into being as
/// one job; when what it needs is done it may turn out to be several: the legs of its strategy. The
/// first leg keeps the job that was there, the others are new jobs with the same `group`.
///
/// @param node the planning key of the node: `build`, or `caller.callee` inside a called workflow
/// @param leg -1 without a strategy, else from 0
/// @param group ordinal of the node's first job
/// @param parent ordinal of the call job that this job is part of; 0 at the top
/// @param kind steps or a call
/// @param needs planning keys of the nodes that must be done first
public record JobNode(String node, int leg, int group, int parent, Kind kind, List<String> needs) {
    public JobNode {
        needs = List.copyOf(needs);
    }

    /// The job's planning key: that of the node, with `.LEG` for a leg of a strategy.
    public String key() {
        return leg < 0 ? node : node + "." + leg;
    }

    /// The same place as another leg.
    public JobNode withLeg(int index) {
        return new JobNode(node, index, group, parent, kind, needs);
    }

    /// What a job does.
    public enum Kind {
        /// Runs steps on an agent.
        STEPS,
        /// Calls a reusable workflow: holds the jobs of that workflow, runs on no agent.
        CALL
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.FarmView;

import java.util.List;

/// What can be read on the engine's thread, between two turns. Copy what outlives the call.
public interface EngineView {
    /// Runs, jobs, attempts.
    FarmView farm();

    /// Connected agents, agents that hold leases, and those that went lately; by name.
    List<AgentView> agents();

    /// Why the waiting jobs of an unfinished run wait; empty for a run that has ended.
    ///
    /// @param job a job's key or name; empty means all jobs that wait
    List<Explanation> explain(long run, String job);

    /// How many jobs wait for an agent.
    int queuedJobs();

    /// How many jobs agents hold.
    int leasedJobs();
}

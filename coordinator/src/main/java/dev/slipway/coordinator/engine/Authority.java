package dev.slipway.coordinator.engine;

/// Whether this coordinator may give jobs away right now. In a cluster it answers for the leader's
/// session; standalone it always may.
@FunctionalInterface
public interface Authority {
    /// For a coordinator that is alone.
    Authority STANDALONE = () -> true;

    boolean valid();
}

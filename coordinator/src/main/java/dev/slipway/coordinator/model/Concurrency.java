package dev.slipway.coordinator.model;

/// A concurrency group that a run or a job wants to be alone in.
///
/// @param group as evaluated; compared ignoring case, per project
/// @param cancelInProgress who holds the group now is cancelled
/// @param queueMax true: everyone waits in line; false: a newer waiter cancels the older one
public record Concurrency(String group, boolean cancelInProgress, boolean queueMax) {}

package dev.slipway.agent.deployment;

/// Who deploys. Of two attempts with the same deployment the later one recovers what the earlier
/// one left, and must not be disturbed by it when that wakes up.
///
/// @param owner who counts the deployments, for people too: an environment of a project of a farm
/// @param attempt number of the attempt within its job, from 1
public record Claimant(String owner, int attempt) {}

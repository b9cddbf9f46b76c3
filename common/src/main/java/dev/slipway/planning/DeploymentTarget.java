package dev.slipway.planning;

/// The environment that a job uses.
///
/// @param name never empty
/// @param deployment whether the job's success is a deployment to it
public record DeploymentTarget(String name, boolean deployment) {}

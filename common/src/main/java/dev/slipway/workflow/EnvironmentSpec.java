package dev.slipway.workflow;

import java.util.Optional;

/// The `environment` key: where a job deploys to.
///
/// @param name a string ({@link Vocabularies#JOB}); empty after evaluation means no environment
/// @param url shown to people, evaluated after the steps ({@link Vocabularies#ENVIRONMENT_URL})
/// @param deployment a boolean; false means that the job uses the environment without deploying
public record EnvironmentSpec(
        Computed name, Optional<Computed> url, Optional<Computed> deployment, Position position) {}

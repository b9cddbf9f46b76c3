package dev.slipway.workflow;

import java.util.Optional;

/// `defaults.run`: what `run` steps use when they do not say it themselves.
///
/// @param shell a shell; a job's may hold expressions ({@link Vocabularies#JOB_DEFAULTS})
/// @param workingDirectory a folder; a job's may hold expressions
public record Defaults(Optional<Computed> shell, Optional<Computed> workingDirectory) {

    /// No defaults.
    public static final Defaults NONE = new Defaults(Optional.empty(), Optional.empty());
}

package dev.slipway.workflow;

import java.util.Optional;

/// A job that runs another workflow.
///
/// @param header the keys that every job has
/// @param uses which workflow
/// @param with its inputs, a mapping ({@link Vocabularies#JOB})
/// @param inheritSecrets whether all the caller's secrets are passed (`secrets: inherit`)
/// @param secrets the passed secrets, a mapping ({@link Vocabularies#JOB_SECRETS})
public record CallJob(
        Header header,
        Located<WorkflowRef> uses,
        Computed with,
        boolean inheritSecrets,
        Optional<Computed> secrets)
        implements Job {}

package dev.slipway.planning;

import dev.slipway.expression.Value;

import java.time.Duration;
import java.util.Optional;

/// One job to run on an agent: a combination of a matrix, or the whole job when it has none.
///
/// @param key unique in the run: the node's key, or with a strategy `<node>.<index>`
/// @param node the {@link JobNode#key} it belongs to
/// @param jobId the key under `jobs`
/// @param index its place in the matrix, from 0
/// @param name what people see: `test (linux, 21)`, `caller / test`
/// @param workflowPath the file that defines the job
/// @param matrix the `matrix` context: an object, or null without a matrix
/// @param strategy the `strategy` context
/// @param needs the `needs` context
/// @param inputs the `inputs` context of the workflow that defines the job
/// @param runsOn which agents can take it
/// @param environment where it deploys to
/// @param concurrency the group it must hold while it runs
/// @param timeout how long it may run
/// @param cancelTimeout how long it may take to end after a cancel
/// @param continueOnError whether its failure does not count
public record JobLeg(
        String key,
        String node,
        String jobId,
        int index,
        String name,
        String workflowPath,
        Value matrix,
        Value strategy,
        Value needs,
        Value inputs,
        RunsOn runsOn,
        Optional<DeploymentTarget> environment,
        Optional<ConcurrencyGroup> concurrency,
        Duration timeout,
        Duration cancelTimeout,
        boolean continueOnError) {}

package dev.slipway.planning;

import dev.slipway.expression.Value;

import java.util.List;
import java.util.Optional;

/// One run of a called workflow: a combination of the calling job's matrix, or the whole call.
///
/// @param key unique in the run: the node's key, or with a strategy `<node>.<index>`
/// @param node the {@link JobNode#key} of the calling job
/// @param index its place in the matrix, from 0
/// @param name what people see
/// @param matrix the calling job's `matrix` context: an object, or null without a matrix
/// @param inputs the `inputs` context of the called workflow
/// @param concurrency the group it must hold while any of its jobs runs: the calling job's, or else
///   the called workflow's
/// @param nodes the called workflow's jobs, and those of the workflows it calls without a matrix
public record CallLeg(
        String key,
        String node,
        int index,
        String name,
        Value matrix,
        Value inputs,
        Optional<ConcurrencyGroup> concurrency,
        List<JobNode> nodes) {

    public CallLeg {
        nodes = List.copyOf(nodes);
    }
}

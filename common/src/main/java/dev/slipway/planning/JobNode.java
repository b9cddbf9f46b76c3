package dev.slipway.planning;

import java.util.List;
import java.util.Optional;

/// One job of a run, before its matrix is known.
///
/// Keys are stable: `build` for a job of the run's workflow, `caller.build` for a job of the
/// workflow that `caller` calls, `caller.2.build` when `caller` has a strategy and this belongs to
/// its third leg. The legs of a job with a strategy are `build.0`, `build.1`, … (job ids never
/// start with a digit, so the forms cannot clash).
///
/// @param key unique in the run
/// @param jobId the key under `jobs`
/// @param name what people see while nothing is evaluated: `caller / build`
/// @param workflowPath the file that defines the job
/// @param needs keys of the nodes that must be done before this one
/// @param parent the key of the call leg (for a call without a matrix: of the node) that this node
///   belongs to; absent in the run's own workflow
/// @param call whether it calls a workflow, and so runs nothing itself
public record JobNode(
        String key,
        String jobId,
        String name,
        String workflowPath,
        List<String> needs,
        Optional<String> parent,
        boolean call) {

    public JobNode {
        needs = List.copyOf(needs);
    }
}

package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// What a workflow file turned out to be.
///
/// @param workflow present exactly when no problem is an error
/// @param problems everything found, in the order of the file
public record ParsedWorkflow(Optional<Workflow> workflow, List<Problem> problems) {

    public ParsedWorkflow {
        problems = List.copyOf(problems);
    }
}

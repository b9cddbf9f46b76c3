package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// What a workflow file turned out to be.
///
/// @param workflow present exactly when no problem is an error
/// @param draft what could be read in spite of errors; for lint rules only, never to run
/// @param problems everything found, in the order of the file
public record ParsedWorkflow(
        Optional<Workflow> workflow, Optional<Workflow> draft, List<Problem> problems) {

    public ParsedWorkflow {
        problems = List.copyOf(problems);
    }
}

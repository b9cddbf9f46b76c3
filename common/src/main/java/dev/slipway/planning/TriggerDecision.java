package dev.slipway.planning;

import dev.slipway.expression.Value;

import java.util.List;

/// Whether an event starts a workflow.
public sealed interface TriggerDecision {

    /// It does.
    ///
    /// @param reason for people: `push to branch main`
    /// @param inputs the `inputs` context, typed; an empty object unless the event has inputs
    /// @param inputTexts what `github.event.inputs` must be; null unless the event has inputs
    /// @param warnings to show whoever started it
    record Runs(String reason, Value inputs, Value inputTexts, List<String> warnings)
            implements TriggerDecision {
        public Runs {
            warnings = List.copyOf(warnings);
        }
    }

    /// It does not, and that is in order.
    ///
    /// @param reason for people: `branch dev does not match [main]`
    record Ignored(String reason) implements TriggerDecision {}

    /// It would, but what was given with the event is wrong.
    record Refused(List<String> errors) implements TriggerDecision {
        public Refused {
            errors = List.copyOf(errors);
        }
    }
}

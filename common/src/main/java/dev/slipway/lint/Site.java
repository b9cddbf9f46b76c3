package dev.slipway.lint;

import dev.slipway.expression.Template;
import dev.slipway.workflow.Job;
import dev.slipway.workflow.Places;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Step;

import java.util.List;
import java.util.Optional;

/// A place of a file that holds expressions.
///
/// @param kind what the text is for
/// @param job the job it is in, if any
/// @param earlier the steps whose results exist when it is evaluated
/// @param all all steps of the same list
/// @param template the text
/// @param places where its characters are in the file
record Site(
        Kind kind,
        Optional<Job> job,
        List<Step> earlier,
        List<Step> all,
        Template template,
        Places places) {

    /// What a text is for.
    enum Kind {
        /// Pasted into a script, where it can become code.
        SCRIPT,
        /// An `if`.
        CONDITION,
        /// A value of an `env` mapping.
        ENVIRONMENT,
        /// A value of `workflow_call.outputs`.
        CALL_OUTPUT,
        /// Anything else.
        OTHER
    }

    Site {
        earlier = List.copyOf(earlier);
        all = List.copyOf(all);
    }

    List<PropertyUse> uses() {
        return PropertyUse.in(template);
    }

    Position at(PropertyUse use) {
        return places.at(use.offset());
    }
}

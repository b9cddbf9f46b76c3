package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// One entry of `steps`. Expressions may use {@link Vocabularies#STEP} (in a composite action
/// {@link Vocabularies#COMPOSITE_STEP}).
public sealed interface Step {

    /// What every step has.
    Header header();

    /// The step's id: as written, or made as GitHub's runner does (`__run_2`).
    default String id() {
        return header().id();
    }

    /// Where the step starts.
    default Position position() {
        return header().position();
    }

    /// The keys that every step may have.
    ///
    /// @param id written or made; unique in the job ignoring case
    /// @param idWritten whether the file says it; only then does the `steps` context have it
    /// @param name what people see
    /// @param condition the `if` key; `success()` when absent
    /// @param env a mapping
    /// @param continueOnError a boolean
    /// @param timeoutMinutes a number
    /// @param background whether the next step starts before this one ends
    record Header(
            String id,
            boolean idWritten,
            Optional<Computed> name,
            Guard condition,
            Computed env,
            Optional<Computed> continueOnError,
            Optional<Computed> timeoutMinutes,
            boolean background,
            Position position) {}

    /// A script.
    ///
    /// @param run the script's text
    /// @param shell the shell; no expressions in a job's step, any in a composite action's
    /// @param workingDirectory a folder, relative to the workspace
    record Run(
            Header header,
            Computed run,
            Optional<Computed> shell,
            Optional<Computed> workingDirectory)
            implements Step {}

    /// An action.
    ///
    /// @param uses which action
    /// @param with its inputs, a mapping
    record Uses(Header header, Located<ActionRef> uses, Computed with) implements Step {}

    /// Waits for background steps; each id names an earlier background step.
    record Wait(Header header, List<Located<String>> ids) implements Step {
        public Wait {
            ids = List.copyOf(ids);
        }
    }

    /// Waits for every background step so far.
    record WaitAll(Header header) implements Step {}

    /// Cancels a background step.
    record Cancel(Header header, Located<String> target) implements Step {}

    /// Runs its steps at the same time and waits for all of them.
    record Parallel(Header header, List<Step> steps) implements Step {
        public Parallel {
            steps = List.copyOf(steps);
        }
    }
}

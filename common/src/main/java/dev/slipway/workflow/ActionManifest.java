package dev.slipway.workflow;

import java.util.List;
import java.util.Optional;

/// An action's `action.yml`, parsed and validated. Immutable. Made by {@link ActionManifestParser}.
///
/// @param path the file as the caller named it
/// @param name for people; empty when not written
/// @param description for people; empty when not written
/// @param inputs in file order; names ignore case
/// @param outputs in file order; only a composite action's have a value
/// @param runs what the action does
public record ActionManifest(
        String path,
        String name,
        String description,
        List<Input> inputs,
        List<Output> outputs,
        Runs runs) {

    public ActionManifest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /// An input by its name, ignoring case.
    public Optional<Input> input(String id) {
        return inputs.stream().filter(input -> input.id().equalsIgnoreCase(id)).findFirst();
    }

    /// An input. GitHub's runner does not enforce `required`; a missing value is the default or
    /// empty.
    ///
    /// @param defaultValue text ({@link Vocabularies#ACTION_INPUT_DEFAULT})
    /// @param deprecationMessage warns whoever gives the input
    public record Input(
            String id,
            String description,
            boolean required,
            Optional<Computed> defaultValue,
            Optional<String> deprecationMessage,
            Position position) {}

    /// An output.
    ///
    /// @param value text ({@link Vocabularies#COMPOSITE_OUTPUT}); composite actions only
    public record Output(
            String id, String description, Optional<Computed> value, Position position) {}

    /// What an action does.
    public sealed interface Runs {}

    /// JavaScript, run by Node.
    ///
    /// @param using `node20`, …
    /// @param main the script, relative to the action's folder
    /// @param pre a script before the job's steps
    /// @param preIf when to run it; `always()` unless written
    /// @param post a script after the job's steps
    /// @param postIf when to run it; `always()` unless written
    public record Node(
            String using,
            String main,
            Optional<String> pre,
            Guard preIf,
            Optional<String> post,
            Guard postIf)
            implements Runs {}

    /// Steps of its own.
    public record Composite(List<Step> steps) implements Runs {
        public Composite {
            steps = List.copyOf(steps);
        }
    }

    /// A container.
    ///
    /// @param image `Dockerfile`, a path to one, or `docker://image`
    /// @param args a list of texts ({@link Vocabularies#DOCKER_ACTION})
    /// @param env a mapping ({@link Vocabularies#DOCKER_ACTION})
    public record Docker(
            String image,
            Computed args,
            Computed env,
            Optional<String> entrypoint,
            Optional<String> preEntrypoint,
            Guard preIf,
            Optional<String> postEntrypoint,
            Guard postIf)
            implements Runs {}

    /// What an action file turned out to be.
    ///
    /// @param manifest present exactly when no problem is an error
    /// @param problems everything found, in the order of the file
    public record Parsed(Optional<ActionManifest> manifest, List<Problem> problems) {
        public Parsed {
            problems = List.copyOf(problems);
        }
    }
}

package dev.slipway.cli.project;

import dev.slipway.cli.client.WorkflowText;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.planning.RunPlan;
import dev.slipway.planning.TriggerDecision;
import dev.slipway.planning.Triggers;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.Workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which workflows of a project an event starts, and why not the others.
public final class Selection {
    /// What becomes of one workflow file.
    public sealed interface Choice {
        String path();

        /// It runs.
        ///
        /// @param reason for people: `push to branch main`
        /// @param called the local workflows that it calls
        /// @param warnings how many problems are no errors
        record Runs(
                String path,
                String name,
                String reason,
                WorkflowText text,
                List<WorkflowText> called,
                int warnings)
                implements Choice {}

        /// It does not run for this event.
        record Ignored(String path, String reason) implements Choice {}

        /// It cannot run; each problem is a line for people.
        record Broken(String path, List<String> problems) implements Choice {}
    }

    private final Project project;
    private final Happening happening;
    private final Set<String> jobs;

    /// @param jobs only these jobs and what they need; empty means all
    public Selection(Project project, Happening happening, Set<String> jobs) {
        this.project = project;
        this.happening = happening;
        this.jobs = jobs;
    }

    /// Decides about the named file, or about all of the project's workflows.
    ///
    /// @throws SlipwayException with INVALID_ARGUMENT when there is no workflow file
    public List<Choice> choices() throws IOException {
        Optional<Path> file = project.located().file();
        List<Path> files = file.map(List::of).orElse(project.located().workflows());
        if (files.isEmpty()) {
            throw new SlipwayException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'"
                            + project.root()
                            + "' has no workflow: there is no .yml or .yaml file in"
                            + " .github/workflows. Name a workflow file, or a folder that has"
                            + " some.");
        }
        var choices = new ArrayList<Choice>();
        for (Path one : files) {
            choices.add(choose(one, files.size() == 1));
        }
        return choices;
    }

    private Choice choose(Path file, boolean alone) throws IOException {
        String path = project.located().relative(file);
        byte[] bytes = Files.readAllBytes(file);
        RunPlan.Loaded loaded = RunPlan.load(path, bytes, project.located().source());
        if (loaded.plan().isEmpty()) {
            return broken(path, loaded.problems().stream().filter(Problem::isError).toList());
        }
        RunPlan plan = loaded.plan().get();
        return switch (Triggers.decide(plan.workflow(), happening.facts())) {
            case TriggerDecision.Ignored(String reason) -> new Choice.Ignored(path, reason);
            case TriggerDecision.Refused(List<String> errors) ->
                    new Choice.Broken(path, errors.stream().map(one -> path + ": " + one).toList());
            case TriggerDecision.Runs runs -> startable(path, bytes, plan, runs, loaded, alone);
        };
    }

    private Choice startable(
            String path,
            byte[] bytes,
            RunPlan plan,
            TriggerDecision.Runs runs,
            RunPlan.Loaded loaded,
            boolean alone)
            throws IOException {
        List<Problem> unsupported = plan.unsupported();
        if (!unsupported.isEmpty()) {
            return broken(path, unsupported);
        }
        try {
            plan.restrictedTo(jobs);
        } catch (IllegalArgumentException noSuchJob) {
            return alone
                    ? new Choice.Broken(path, List.of(String.valueOf(noSuchJob.getMessage())))
                    : new Choice.Ignored(path, String.valueOf(noSuchJob.getMessage()));
        }
        var called = new ArrayList<WorkflowText>();
        for (Workflow other : plan.workflows()) {
            if (!other.path().equals(path)) {
                Path file = project.root().resolve(other.path());
                called.add(new WorkflowText(other.path(), Files.readAllBytes(file)));
            }
        }
        return new Choice.Runs(
                path,
                plan.workflow().name().orElse(path),
                runs.reason(),
                new WorkflowText(path, bytes),
                called,
                loaded.problems().size());
    }

    private static Choice broken(String path, List<Problem> problems) {
        return new Choice.Broken(path, problems.stream().map(Problem::toString).toList());
    }
}

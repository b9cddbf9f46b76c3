package dev.slipway.agent.runner;

import dev.slipway.agent.actions.BuiltIns;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.expression.ExpressionException;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Step;
import dev.slipway.workflow.StepsJob;
import dev.slipway.workflow.Workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `Set up job`: folders, the event's payload, the variables of workflow and job; refuses at once
/// what this agent cannot run.
final class JobSetUp {
    private final JobRuntime job;
    private final Workflow workflow;
    private final StepsJob definition;
    private final JobSteps steps;

    JobSetUp(JobRuntime job, Workflow workflow, StepsJob definition, JobSteps steps) {
        this.job = job;
        this.workflow = workflow;
        this.definition = definition;
        this.steps = steps;
    }

    /// @throws StepFailure when the job cannot be run here
    void run(StepOutput log) throws IOException {
        var machine = job.machine().description();
        log.say(
                "setup/where",
                List.of(
                        "Agent: "
                                + machine.name()
                                + " ("
                                + machine.os()
                                + " "
                                + machine.arch()
                                + ")",
                        "Job: " + job.spec().jobName(),
                        "Workspace: " + job.folders().workspace()));
        refuseUnsupported();
        makeFolders();
        variables();
        log.say("setup/done", "Complete job name: " + job.spec().jobName());
    }

    /// Makes the variables of workflow and job known to the steps. Done on every start of the
    /// program, because variables may hold secrets and are not stored.
    ///
    /// @return true
    boolean define() {
        steps.around().define(variables());
        return true;
    }

    private Map<String, String> variables() {
        var site = steps.siteOfJob(Headers.own("setup"));
        var variables = new LinkedHashMap<String, String>();
        try {
            variables.putAll(Coercion.textMap(workflow.env().evaluate(site.scope()), "env"));
            variables.putAll(
                    Coercion.textMap(
                            definition.env().evaluate(site.scope()),
                            "jobs." + definition.id() + ".env"));
        } catch (ExpressionException problem) {
            throw new StepFailure(problem.getMessage(), problem);
        }
        return variables;
    }

    private void makeFolders() throws IOException {
        JobFolders folders = job.folders();
        Folders.empty(folders.temp());
        for (Path folder :
                List.of(
                        folders.workspace(),
                        folders.fileCommands(),
                        folders.home(),
                        folders.eventFile().getParent(),
                        folders.toolCache())) {
            Files.createDirectories(folder);
        }
        Folders.empty(folders.actions());
        String event = job.spec().eventJson();
        Files.writeString(folders.eventFile(), event.isBlank() ? "{}" : event);
    }

    private void refuseUnsupported() {
        if (definition.snapshot().isPresent()) {
            throw new StepFailure("This version of Slipway cannot make snapshots of a job.");
        }
        var unsupported = new ArrayList<String>();
        definition.steps().forEach(step -> collect(step, unsupported));
        if (!unsupported.isEmpty()) {
            throw new StepFailure(
                    ("This version of Slipway cannot run %s: it runs actions of the repository "
                                    + "itself ('./path'), and has these built in: %s.")
                            .formatted(
                                    String.join(", ", unsupported),
                                    String.join(", ", BuiltIns.names())));
        }
    }

    private static void collect(Step step, List<String> unsupported) {
        switch (step) {
            case Step.Uses uses -> {
                ActionRef action = uses.uses().value();
                boolean known =
                        switch (action) {
                            case ActionRef.Local _, ActionRef.Self _ -> true;
                            case ActionRef.Repository repository ->
                                    BuiltIns.find(repository.fullName()).isPresent();
                            case ActionRef.Docker _ -> true;
                        };
                if (!known) {
                    unsupported.add("'" + action.text() + "'");
                }
            }
            case Step.Parallel group -> group.steps().forEach(s -> collect(s, unsupported));
            case Step.Run _, Step.Wait _, Step.WaitAll _, Step.Cancel _ -> {}
        }
    }
}

package dev.slipway.cli.language;

import dev.slipway.cli.project.EventOptions;
import dev.slipway.cli.project.Happening;
import dev.slipway.cli.project.Project;
import dev.slipway.cli.terminal.CliCommand;
import dev.slipway.cli.terminal.Failures;
import dev.slipway.cli.terminal.Terminal;
import dev.slipway.expression.Value;
import dev.slipway.planning.PlanJson;
import dev.slipway.planning.PlanReport;
import dev.slipway.planning.PlanReporter;
import dev.slipway.planning.PlanText;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `slipway plan`: the dry run.
@Command(
        description = {
            "For every workflow: whether the event starts it and why, its jobs with what they need,"
                    + " every matrix combination, and where it would run.",
            "Exits with 2 when a workflow is invalid or would be refused."
        },
        footer = {
            "  slipway plan",
            "  slipway plan --event pull_request --ref main --changed-file docs/index.md",
            "  slipway plan .github/workflows/ci.yml --json"
        })
public final class PlanCommand extends CliCommand {
    private static final int INVALID = 2;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            defaultValue = ".",
            description = "Workflow file or project folder (default: this folder).")
    private Path path = Path.of(".");

    @Mixin private EventOptions event = new EventOptions();

    @Option(
            names = "--var",
            paramLabel = "NAME=VALUE",
            description = "A configuration variable (vars.NAME); may be repeated.")
    private Map<String, String> vars = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public PlanCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Project project = Project.at(path);
        project.warnings().forEach(terminal::message);
        String sha =
                project.git().isPresent() && project.git().get().sha() != null
                        ? project.git().get().sha()
                        : project.sha(project.tree(List.of()));
        String actor = System.getProperty("user.name", "unknown");
        Happening happening = Happening.of(project, event, sha, actor);
        List<Path> files =
                project.located()
                        .file()
                        .map(List::of)
                        .orElseGet(() -> project.located().workflows());
        if (files.isEmpty()) {
            Failures.say(
                    terminal, "'" + project.root() + "' has no workflow file in .github/workflows");
            return INVALID;
        }
        var sources = new ArrayList<PlanReporter.WorkflowFile>();
        for (Path file : files) {
            sources.add(
                    new PlanReporter.WorkflowFile(
                            project.located().relative(file), Files.readAllBytes(file)));
        }
        var github = new LinkedHashMap<String, Value>();
        github.put("repository", Value.of(project.name()));
        github.put("actor", Value.of(actor));
        var variables = new LinkedHashMap<String, Value>();
        vars.forEach((name, value) -> variables.put(name, Value.of(value)));
        PlanReport report =
                new PlanReporter(
                                project.located().source(),
                                happening.facts(),
                                Value.object(github),
                                Value.object(variables))
                        .report(sources);
        terminal.print((json ? PlanJson.render(report) : PlanText.render(report)).stripTrailing());
        return report.anyBad() ? INVALID : 0;
    }
}

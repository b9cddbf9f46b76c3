package dev.slipway.agent.runner;

import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Computed;
import dev.slipway.workflow.Step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs `run` steps: the script in a file, given to its shell exactly as GitHub does.
final class ScriptSteps {
    private static final String CYAN = "\u001b[36;1m";
    private static final String PLAIN = "\u001b[0m";

    StepOutcome run(Step.Run step, Running running) throws InterruptedException {
        StepSite site = running.site();
        var leaf =
                new ProcessLeaf(
                        site.job(),
                        site.path() + "@main",
                        running.log(),
                        running.control(),
                        running.display());
        StepOutcome outcome = leaf.run(files -> invocation(step, running, files));
        new ClusterWatch(site.job()).after(site, running.log());
        return outcome;
    }

    private static Invocation invocation(Step.Run step, Running running, CommandFiles files)
            throws IOException {
        StepSite site = running.site();
        StepScope scope = site.scope();
        String script = Coercion.text(step.run().evaluate(scope), "run").replace("\r\n", "\n");
        JobContainers containers = site.job().containers();
        Optional<String> said =
                text(step.shell().or(site.frame().defaults()::shell), scope, "shell");
        ShellCommand shell =
                containers.inContainer()
                        ? ShellCommand.inContainer(said, script)
                        : ShellCommand.of(said, script, site.searchPath());
        header(script, shell, running);
        new ClusterWatch(site.job()).before(site, script, running.log());
        Path folder = workingDirectory(step, site, scope);
        Path file = site.job().folders().temp().resolve(files.id() + shell.extension());
        return new Invocation(
                shell.command(Path.of(containers.paths().toContainer(file.toString()))),
                site.processEnvironment(Map.of(), files.githubFields()),
                folder,
                Map.of(file, shell.content()),
                containers.place());
    }

    private static Path workingDirectory(Step.Run step, StepSite site, StepScope scope) {
        JobContainers containers = site.job().containers();
        Path workspace =
                Path.of(
                        containers
                                .paths()
                                .toContainer(site.job().folders().workspace().toString()));
        String said =
                text(
                                step.workingDirectory()
                                        .or(site.frame().defaults()::workingDirectory),
                                scope,
                                "working-directory")
                        .orElse("");
        Path folder = workspace.resolve(said).normalize();
        // In a container the supervisor says so: not every folder there is one of the machine.
        if (!containers.inContainer() && !Files.isDirectory(folder)) {
            throw new StepFailure(
                    ("The working directory '%s' does not exist. Create it in an earlier step or "
                                    + "correct 'working-directory'.")
                            .formatted(folder));
        }
        return folder;
    }

    private static Optional<String> text(
            Optional<Computed> computed, StepScope scope, String where) {
        return computed.map(value -> Coercion.text(value.evaluate(scope), where).strip())
                .filter(text -> !text.isEmpty());
    }

    private static void header(String script, ShellCommand shell, Running running) {
        var lines = new java.util.ArrayList<String>();
        lines.add("##[group]Run " + firstLine(script));
        script.stripTrailing().lines().forEach(line -> lines.add(CYAN + line + PLAIN));
        lines.add("shell: " + shell.display());
        lines.addAll(environmentLines(running.site().env()));
        lines.add("##[endgroup]");
        running.log().say(running.site().path() + "/header", lines);
    }

    /// The `env:` part of a header.
    static List<String> environmentLines(Map<String, String> env) {
        var lines = new java.util.ArrayList<String>();
        if (!env.isEmpty()) {
            lines.add("env:");
            new LinkedHashMap<>(env)
                    .forEach((name, value) -> lines.add("  " + name + ": " + value));
        }
        return lines;
    }

    /// The first line of a script that says something.
    static String firstLine(String script) {
        return script.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }
}

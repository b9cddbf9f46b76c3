package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ResolvedAction;
import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.expression.Value;
import dev.slipway.workflow.ActionManifest.Node;
import dev.slipway.workflow.Guard;
import dev.slipway.workflow.Step;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs JavaScript actions on the machine's own Node.
final class NodeActions {
    StepOutcome main(Node node, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        return run(new Stage("@main", node.main(), node, action), step, running);
    }

    StepOutcome pre(Node node, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        String script = node.pre().orElseThrow();
        return holds(node.preIf(), "@pre", running.site())
                ? run(new Stage("@pre", script, node, action), step, running)
                : StepOutcome.SKIPPED;
    }

    StepOutcome post(Node node, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        String script = node.post().orElseThrow();
        return holds(node.postIf(), "@post", running.site())
                ? run(new Stage("@post", script, node, action), step, running)
                : StepOutcome.SKIPPED;
    }

    static boolean holds(Guard guard, String stage, StepSite site) {
        Checkpoint checkpoint = site.job().checkpoint();
        String key = site.path() + stage + "/if";
        Optional<Value> known = checkpoint.recall(key);
        if (known.isPresent()) {
            return known.get().truthy();
        }
        boolean holds = !guard.isWritten() || guard.condition().evaluate(site.scopeOfJobStatus());
        return checkpoint.record(key, Value.of(holds)).truthy();
    }

    /// One of the three scripts of an action.
    ///
    /// @param key `@pre`, `@main` or `@post`
    private record Stage(String key, String script, Node node, ResolvedAction.Described action) {}

    private static StepOutcome run(Stage stage, Step.Uses step, Running running)
            throws InterruptedException {
        StepSite site = running.site();
        var leaf =
                new ProcessLeaf(
                        site.job(),
                        site.path() + stage.key(),
                        running.log(),
                        running.control(),
                        running.display());
        return leaf.run(files -> invocation(stage, step, running, files));
    }

    private static Invocation invocation(
            Stage stage, Step.Uses step, Running running, CommandFiles files) {
        StepSite site = running.site();
        ResolvedAction.Described action = stage.action();
        var inputs = ActionInputs.of(action.manifest(), step, site);
        if (stage.key().equals("@main")) {
            inputs.header(step, running);
            inputs.warn(
                    action.manifest().inputs().stream().map(input -> input.id()).toList(),
                    action.manifest().inputs(),
                    running);
        }
        Path file = action.folder().resolve(stage.script()).normalize();
        if (!Files.isRegularFile(file)) {
            throw new StepFailure(
                    "File not found: '%s'. Build the action, or correct its manifest."
                            .formatted(file));
        }
        PathMap paths = site.job().containers().paths();
        String program = program(stage.node(), site);
        var extra = new LinkedHashMap<>(inputs.variables());
        States.of(site.job(), site.path())
                .forEach((name, value) -> extra.put("STATE_" + name, value));
        var github = new LinkedHashMap<>(files.githubFields());
        github.put("action_path", action.folder().toString());
        return new Invocation(
                List.of(program, paths.toContainer(file.toString())),
                site.processEnvironment(extra, github),
                Path.of(paths.toContainer(site.job().folders().workspace().toString())),
                Map.of(),
                site.job().containers().place());
    }

    /// In a container the machine's Node.js when it runs there, else the container's own.
    private static String program(Node node, StepSite site) {
        if (site.job().containers().inContainer()) {
            return site.job().containers().node().orElse("node");
        }
        return Programs.find("node", site.searchPath())
                .map(Path::toString)
                .orElseThrow(
                        () ->
                                new StepFailure(
                                        ("This action runs on Node.js (%s), but there is no 'node'"
                                             + " on this agent's PATH. Install Node.js 20 or newer"
                                             + " there, or set it up in an earlier step.")
                                                .formatted(node.using())));
    }
}

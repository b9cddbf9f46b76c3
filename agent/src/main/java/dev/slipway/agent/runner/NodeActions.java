package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ResolvedAction;
import dev.slipway.agent.docker.Execs;
import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.expression.Value;
import dev.slipway.workflow.ActionManifest.Node;
import dev.slipway.workflow.Guard;
import dev.slipway.workflow.Step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs JavaScript actions on the machine's own Node, or on a container's.
final class NodeActions {
    /// Prints where the container's own Node.js is; fails when there is none, or it does not run.
    private static final String OWN_NODE =
            """
            PATH=$1
            export PATH
            command -v node && node --version >/dev/null
            """;

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
            Stage stage, Step.Uses step, Running running, CommandFiles files) throws IOException {
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

    private static String program(Node node, StepSite site) throws IOException {
        if (site.job().containers().inContainer()) {
            return programInContainer(node, site);
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

    /// The machine's Node.js when it runs in the container, else the container's own, which an
    /// earlier step may have installed.
    private static String programInContainer(Node node, StepSite site) throws IOException {
        JobContainers containers = site.job().containers();
        JobContainers.Node lent = containers.node();
        if (!lent.program().isEmpty()) {
            return lent.program();
        }
        Machine.Docker docker = site.job().machine().docker().orElseThrow();
        Execs.Result own =
                docker.execs()
                        .run(
                                containers.id(),
                                List.of("sh", "-c", OWN_NODE, "own-node", site.searchPath()))
                        .orElseThrow(() -> new IOException("the job's container is gone"));
        if (own.code() == 0) {
            return own.output().lines().findFirst().orElse("node");
        }
        String why =
                lent.problem().isEmpty()
                        ? "this agent has none on its PATH to lend"
                        : ("the agent's own does not run there (%s), as in images with musl in"
                                        + " place of glibc, such as Alpine")
                                .formatted(lent.problem());
        throw new StepFailure(
                ("This action runs on Node.js (%s), but none runs in the job's container: %s, and"
                     + " the image has no 'node' on its PATH that runs. Choose an image with"
                     + " Node.js 20 or newer, or install it in an earlier step: 'apk add nodejs'"
                     + " (Alpine), 'apt-get update && apt-get install -y nodejs' (Debian).")
                        .formatted(node.using(), why));
    }
}

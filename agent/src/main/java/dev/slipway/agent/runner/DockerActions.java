package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ResolvedAction;
import dev.slipway.agent.docker.BuildSpec;
import dev.slipway.agent.docker.ContainerOptions;
import dev.slipway.agent.docker.ContainerSpec;
import dev.slipway.agent.docker.DockerException;
import dev.slipway.agent.docker.Words;
import dev.slipway.agent.executor.Launch.Place;
import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.agent.runner.StepScope.StatusFunctions;
import dev.slipway.expression.Value;
import dev.slipway.workflow.ActionManifest.Docker;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.Coercion;
import dev.slipway.workflow.Step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Runs actions that are containers: each stage is a container of its own, which the engine keeps
/// until its result is recorded.
final class DockerActions {
    private static final String SCHEME = "docker://";

    /// Inputs that are the runner's, not the action's, when an image is used directly.
    private static final List<String> OWN_INPUTS = List.of("args", "entrypoint");

    /// `uses: docker://image`.
    StepOutcome image(ActionRef.Docker image, Step.Uses step, Running running)
            throws InterruptedException {
        StepSite site = running.site();
        var inputs = ActionInputs.of(Map.of(), step, site);
        inputs.header(step, running);
        String name = image.image();
        var stage =
                new Stage(
                        "@main",
                        words(inputs.given().getOrDefault("args", "")),
                        optional(inputs.given().getOrDefault("entrypoint", "")),
                        inputs,
                        Map.of(),
                        site.path());
        return run(stage, () -> provide(name, running), running);
    }

    StepOutcome main(
            Docker docker, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        var inputs = ActionInputs.of(action.manifest(), step, running.site());
        inputs.header(step, running);
        var declared =
                new ArrayList<>(action.manifest().inputs().stream().map(it -> it.id()).toList());
        declared.addAll(OWN_INPUTS);
        inputs.warn(declared, action.manifest().inputs(), running);
        Optional<String> entrypoint =
                docker.entrypoint().or(() -> optional(given(inputs, "entrypoint")));
        return stage("@main", docker, action, entrypoint, inputs, running);
    }

    StepOutcome pre(Docker docker, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        return NodeActions.holds(docker.preIf(), "@pre", running.site())
                ? stage(
                        "@pre",
                        docker,
                        action,
                        docker.preEntrypoint(),
                        ActionInputs.of(action.manifest(), step, running.site()),
                        running)
                : StepOutcome.SKIPPED;
    }

    StepOutcome post(
            Docker docker, ResolvedAction.Described action, Step.Uses step, Running running)
            throws InterruptedException {
        return NodeActions.holds(docker.postIf(), "@post", running.site())
                ? stage(
                        "@post",
                        docker,
                        action,
                        docker.postEntrypoint(),
                        ActionInputs.of(action.manifest(), step, running.site()),
                        running)
                : StepOutcome.SKIPPED;
    }

    private static StepOutcome stage(
            String key,
            Docker docker,
            ResolvedAction.Described action,
            Optional<String> entrypoint,
            ActionInputs inputs,
            Running running)
            throws InterruptedException {
        StepSite site = running.site();
        var scope =
                new StepScope(
                        Map.of("inputs", Values.ofStrings(inputs.values())),
                        new StatusFunctions(false, site.jobStatus()),
                        site.job().hash());
        List<String> args = Values.texts(docker.args().evaluate(scope));
        if (args.isEmpty()) {
            args = words(given(inputs, "args"));
        }
        var env = Coercion.textMap(docker.env().evaluate(scope), "runs.env");
        var stage = new Stage(key, args, entrypoint, inputs, env, site.path());
        return run(
                stage,
                () ->
                        docker.image().startsWith(SCHEME)
                                ? provide(docker.image().substring(SCHEME.length()), running)
                                : build(docker.image(), action, running),
                running);
    }

    /// One container to run.
    ///
    /// @param key `@pre`, `@main` or `@post`
    /// @param env the action's own, which never overrides what is there
    private record Stage(
            String key,
            List<String> args,
            Optional<String> entrypoint,
            ActionInputs inputs,
            Map<String, String> env,
            String path) {}

    @FunctionalInterface
    private interface ImageMaker {
        String make() throws IOException, InterruptedException;
    }

    private static StepOutcome run(Stage stage, ImageMaker maker, Running running)
            throws InterruptedException {
        StepSite site = running.site();
        if (site.job().machine().docker().isEmpty()) {
            throw new StepFailure(
                    "'%s' is a container, but no Docker engine answers on this agent. Install"
                                    .formatted(running.display())
                            + " Docker there and start the agent again, or add 'docker' to"
                            + " 'runs-on', so that the job goes to an agent that has it.");
        }
        var leaf =
                new ProcessLeaf(
                        site.job(),
                        stage.path() + stage.key(),
                        running.log(),
                        running.control(),
                        running.display());
        return leaf.run(files -> invocation(stage, maker, running, files));
    }

    private static Invocation invocation(
            Stage stage, ImageMaker maker, Running running, CommandFiles files) throws IOException {
        StepSite site = running.site();
        String image;
        try {
            image = maker.make();
        } catch (DockerException problem) {
            throw new StepFailure(String.valueOf(problem.getMessage()), problem);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while an image was made");
        }
        JobFolders folders = site.job().folders();
        PathMap paths = folders.actionPaths();
        var extra = new LinkedHashMap<>(stage.inputs().variables());
        States.of(site.job(), site.path())
                .forEach((name, value) -> extra.put("STATE_" + name, value));
        Map<String, String> environment =
                site.actionEnvironment(extra, files.githubFields(), paths);
        stage.env().forEach(environment::putIfAbsent);
        Machine.Docker docker = site.job().machine().docker().orElseThrow();
        var binds = new ArrayList<>(paths.binds());
        docker.containers()
                .engine()
                .socket()
                .ifPresent(socket -> binds.add(socket + ":/var/run/docker.sock"));
        var spec =
                new ContainerSpec(
                        "slipway-action-" + files.id(),
                        image,
                        stage.entrypoint().map(List::of),
                        stage.args(),
                        environment,
                        binds,
                        List.of(),
                        "/github/workspace",
                        site.job().containers().network(),
                        List.of(),
                        docker.labels(site.job().trackingId()),
                        ContainerOptions.none());
        return new Invocation(
                List.of(), environment, folders.workspace(), Map.of(), new Place.Own(spec));
    }

    private static String provide(String name, Running running)
            throws IOException, InterruptedException {
        Machine.Docker docker = running.site().job().machine().docker().orElseThrow();
        var number = new int[1];
        docker.pulled()
                .provide(
                        name,
                        Optional.empty(),
                        line ->
                                running.log()
                                        .say(running.site().path() + "/pull/" + number[0]++, line));
        return name;
    }

    /// Builds the action's image once per job; the engine's own cache does the rest.
    private static String build(String file, ResolvedAction.Described action, Running running)
            throws IOException, InterruptedException {
        JobRuntime job = running.site().job();
        Machine.Docker docker = job.machine().docker().orElseThrow();
        Path dockerfile = action.folder().resolve(file).normalize();
        if (!Files.isRegularFile(dockerfile)) {
            throw new StepFailure(
                    "The action's Dockerfile '%s' does not exist.".formatted(dockerfile));
        }
        String key = "built/" + dockerfile;
        Optional<Value> built = job.checkpoint().recall(key);
        // The folder is this job's alone, and so is the name while it runs.
        if (built.isPresent() && docker.images().find(built.get().text()).isPresent()) {
            return built.get().text();
        }
        // One name per folder, so that images of earlier jobs do not pile up.
        String tag =
                "slipway-action:"
                        + UUID.nameUUIDFromBytes(
                                dockerfile.toString().getBytes(StandardCharsets.UTF_8));
        var number = new int[1];
        docker.images()
                .build(
                        BuildSpec.of(
                                dockerfile,
                                tag,
                                Map.of(Machine.Docker.WORK_LABEL, docker.work().toString())),
                        line ->
                                running.log()
                                        .say(
                                                running.site().path() + "/build/" + number[0]++,
                                                line));
        job.checkpoint().record(key, Value.of(tag));
        return tag;
    }

    private static String given(ActionInputs inputs, String name) {
        return inputs.given().entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    private static Optional<String> optional(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private static List<String> words(String text) {
        try {
            return Words.of(text);
        } catch (IllegalArgumentException problem) {
            throw new StepFailure("'args' cannot be read: " + problem.getMessage(), problem);
        }
    }
}

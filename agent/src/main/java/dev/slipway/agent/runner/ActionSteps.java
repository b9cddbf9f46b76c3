package dev.slipway.agent.runner;

import dev.slipway.agent.actions.ActionFailure;
import dev.slipway.agent.actions.ActionFiles;
import dev.slipway.agent.actions.BuiltIns;
import dev.slipway.agent.actions.ResolvedAction;
import dev.slipway.agent.runner.StepExecution.Running;
import dev.slipway.expression.Value;
import dev.slipway.workflow.ActionManifest;
import dev.slipway.workflow.ActionManifest.Composite;
import dev.slipway.workflow.ActionManifest.Node;
import dev.slipway.workflow.ActionRef;
import dev.slipway.workflow.Step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Runs `uses` steps: built-in actions, images, and JavaScript, composite and Docker actions of the
/// repository.
///
/// What an action was when its step first ran stays so for its later stages and after a restart:
/// its manifest is kept in the checkpoint (`PATH/action`). An action with a post stage registers
/// when its first stage starts (`post/PATH`).
final class ActionSteps {
    static final int MAX_DEPTH = 10;

    private final NodeActions nodes = new NodeActions();
    private final BuiltInActions builtIns = new BuiltInActions();
    private final DockerActions containers = new DockerActions();
    private final CompositeActions composites;

    ActionSteps(StepExecution execution) {
        this.composites = new CompositeActions(execution, this);
    }

    /// The main stage.
    StepOutcome main(Step.Uses step, Running running) throws InterruptedException {
        if (step.uses().value() instanceof ActionRef.Docker image) {
            return containers.image(image, step, running);
        }
        ResolvedAction action = resolve(step, running.site());
        registerPost(action, running.site());
        return switch (action) {
            case ResolvedAction.Own own -> builtIns.main(own, step, running);
            case ResolvedAction.Described described ->
                    switch (described.manifest().runs()) {
                        case Node node -> {
                            warnOfPre(node, step, running);
                            yield nodes.main(node, described, step, running);
                        }
                        case Composite composite ->
                                composites.main(composite, described, step, running);
                        case ActionManifest.Docker docker ->
                                containers.main(docker, described, step, running);
                    };
        };
    }

    /// A local action is found when its step runs: too late for a stage before the steps.
    private static void warnOfPre(Node node, Step.Uses step, Running running) {
        if (node.pre().isPresent() && step.uses().value() instanceof ActionRef.Local local) {
            running.log()
                    .warning(
                            running.site().path() + "/pre",
                            "`pre` execution is not supported for local action from '%s'"
                                    .formatted(local.text()));
        }
    }

    /// Whether an action that is known before the steps run has a stage before them.
    boolean hasPre(Step.Uses step, StepSite site) throws InterruptedException {
        return resolve(step, site) instanceof ResolvedAction.Described described
                && switch (described.manifest().runs()) {
                    case Node node -> node.pre().isPresent();
                    case ActionManifest.Docker docker -> docker.preEntrypoint().isPresent();
                    case Composite _ -> false;
                };
    }

    /// The stage before the job's steps; only for an action that has one.
    StepOutcome pre(Step.Uses step, Running running) throws InterruptedException {
        ResolvedAction action = resolve(step, running.site());
        registerPost(action, running.site());
        if (action instanceof ResolvedAction.Described described) {
            return switch (described.manifest().runs()) {
                case Node node when node.pre().isPresent() ->
                        nodes.pre(node, described, step, running);
                case ActionManifest.Docker docker when docker.preEntrypoint().isPresent() ->
                        containers.pre(docker, described, step, running);
                case Node _, ActionManifest.Docker _, Composite _ -> StepOutcome.SKIPPED;
            };
        }
        return StepOutcome.SKIPPED;
    }

    /// The stage after the job's steps.
    StepOutcome post(Step.Uses step, Running running) throws InterruptedException {
        ResolvedAction action = resolve(step, running.site());
        return switch (action) {
            case ResolvedAction.Own own -> builtIns.post(own, step, running);
            case ResolvedAction.Described described ->
                    switch (described.manifest().runs()) {
                        case Node node -> nodes.post(node, described, step, running);
                        case Composite composite ->
                                composites.post(composite, described, step, running);
                        case ActionManifest.Docker docker ->
                                containers.post(docker, described, step, running);
                    };
        };
    }

    /// Finds an action; what was found before counts.
    ///
    /// @throws StepFailure when there is none, or it cannot be run here
    ResolvedAction resolve(Step.Uses step, StepSite site) throws InterruptedException {
        String uses = step.uses().value().text();
        try {
            return switch (step.uses().value()) {
                case ActionRef.Local local ->
                        described(
                                site,
                                uses,
                                site.job().folders().workspace().resolve(local.path()).normalize());
                case ActionRef.Self self ->
                        described(site, uses, selfRoot(site).resolve(self.path()).normalize());
                case ActionRef.Repository repository ->
                        BuiltIns.find(repository.fullName())
                                .<ResolvedAction>map(
                                        own -> new ResolvedAction.Own(repository.fullName(), own))
                                .orElseThrow(() -> unsupported(step));
                case ActionRef.Docker _ -> throw unsupported(step);
            };
        } catch (ActionFailure problem) {
            throw new StepFailure(problem.getMessage(), problem);
        } catch (IOException problem) {
            throw new StepFailure(
                    "Cannot read the action '%s': %s".formatted(uses, problem.getMessage()),
                    problem);
        }
    }

    private static Path selfRoot(StepSite site) throws IOException, InterruptedException {
        Optional<Path> ofFrame = site.frame().selfRoot();
        return ofFrame.isPresent() ? ofFrame.get() : SelfSource.root(site);
    }

    private static ResolvedAction described(StepSite site, String uses, Path folder)
            throws IOException {
        String key = site.path() + "/action";
        Optional<Value> known = site.job().checkpoint().recall(key);
        String text = known.isPresent() ? known.get().text() : ActionFiles.read(folder, uses);
        ActionManifest manifest = ActionFiles.parse(folder, text, uses);
        site.job().checkpoint().record(key, Value.of(text));
        return new ResolvedAction.Described(manifest, folder);
    }

    private static void registerPost(ResolvedAction action, StepSite site) {
        boolean has =
                switch (action) {
                    case ResolvedAction.Own own -> own.builtIn().hasPost();
                    case ResolvedAction.Described described ->
                            switch (described.manifest().runs()) {
                                case Node node -> node.post().isPresent();
                                case ActionManifest.Docker docker ->
                                        docker.postEntrypoint().isPresent();
                                case Composite _ -> false;
                            };
                };
        if (has) {
            site.job().checkpoint().record("post/" + site.path(), Value.of(true));
        }
    }

    private static StepFailure unsupported(Step.Uses step) {
        return new StepFailure(
                ("This version of Slipway cannot run '%s': it runs actions of the repository "
                                + "itself ('./path'), and has these built in: %s.")
                        .formatted(
                                step.uses().value().text(), String.join(", ", BuiltIns.names())));
    }
}

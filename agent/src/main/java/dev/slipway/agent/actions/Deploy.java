package dev.slipway.agent.actions;

import dev.slipway.agent.deployment.Claimant;
import dev.slipway.agent.deployment.Deployment;
import dev.slipway.agent.deployment.Deployment.Outcome;
import dev.slipway.agent.deployment.DeploymentLog.Phase;
import dev.slipway.agent.deployment.DeploymentLog.Plan;
import dev.slipway.agent.deployment.Health;
import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.deployment.Target;
import dev.slipway.agent.deployment.docker.DockerInputs;
import dev.slipway.agent.deployment.docker.DockerSettings;
import dev.slipway.agent.deployment.docker.DockerTarget;
import dev.slipway.agent.deployment.health.GateInputs;
import dev.slipway.agent.deployment.health.Http;
import dev.slipway.agent.deployment.host.HostInputs;
import dev.slipway.agent.deployment.kubernetes.KubernetesInputs;
import dev.slipway.agent.deployment.kubernetes.KubernetesTarget;
import dev.slipway.agent.docker.DockerEngine;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `slipway/deploy`: brings a version to a target, watches its health, and goes back by itself when
/// it is bad.
final class Deploy implements BuiltIn {
    private static final List<String> COMMON = List.of("target", "version", "environment", "url");

    @Override
    public Map<String, String> inputs() {
        var inputs = new LinkedHashMap<String, String>();
        COMMON.forEach(name -> inputs.put(name, ""));
        HostInputs.NAMES.forEach(name -> inputs.put(name, ""));
        DockerInputs.NAMES.forEach(name -> inputs.put(name, ""));
        KubernetesInputs.NAMES.forEach(name -> inputs.put(name, ""));
        GateInputs.NAMES.forEach(name -> inputs.put(name, ""));
        return inputs;
    }

    @Override
    public void main(ActionCall call) throws IOException, InterruptedException {
        call.freshLines();
        try (var http = new Http(call.timers())) {
            Prepared prepared = prepare(call, http);
            try (Target target = prepared.target()) {
                var deployment =
                        new Deployment(
                                prepared.plan(),
                                target,
                                prepared.health(),
                                call.deployments(),
                                new CallNotebook(call));
                finish(call, prepared, deployment.run());
            }
        }
    }

    /// What the inputs mean.
    private record Prepared(Plan plan, Target target, Health health) {}

    private Prepared prepare(ActionCall call, Http http) throws IOException {
        var inputs = new Inputs(call::input);
        var gate = new GateInputs(inputs);
        try {
            var health =
                    gate.gate(
                            new GateInputs.Parts(
                                    http,
                                    call.clock(),
                                    call.timers(),
                                    line -> call.say("  " + line),
                                    value -> call.record("metric", value),
                                    () -> call.recall("metric")));
            if (gate.isEmpty()) {
                call.warn(
                        "No health check is given (health-url, prometheus-query): all that is"
                                + " looked at is whether the new version stays alive.");
            }
            Target target = target(call, inputs);
            return new Prepared(plan(call, inputs, target), target, health);
        } catch (IllegalArgumentException wrong) {
            throw new ActionFailure(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static Target target(ActionCall call, Inputs inputs) throws IOException {
        String kind = inputs.required("target");
        return switch (kind) {
            case "host" ->
                    new HostInputs(inputs)
                            .target(
                                    new HostInputs.Place(
                                            call.workspace(),
                                            call.lasting()
                                                    .resolve(folderName(call.job().project()))
                                                    .resolve(folderName(environment(call))),
                                            claimant(call),
                                            call.environment()),
                                    call.clock(),
                                    call.timers());
            case "docker" -> docker(call, new DockerInputs(inputs).settings(owner(call)));
            case "kubernetes" ->
                    new KubernetesTarget(
                            new KubernetesInputs(inputs)
                                    .settings(claimant(call), call.workspace(), call.environment()),
                            call.clock(),
                            call.timers(),
                            line -> call.say("  " + line));
            default -> throw inputs.wrong("target", "host, docker or kubernetes");
        };
    }

    private static Target docker(ActionCall call, DockerSettings settings) {
        return DockerEngine.find(call.environment(), call.timers(), call.threads())
                .map(engine -> new DockerTarget(engine, settings))
                .orElseThrow(
                        () ->
                                new ActionFailure(
                                        "No Docker engine answers on this agent. Start one, set"
                                            + " DOCKER_HOST, or run the job on an agent that has"
                                            + " one."));
    }

    private static Claimant claimant(ActionCall call) {
        return new Claimant(owner(call), call.attempt());
    }

    /// Numbers rise per environment of a project of a farm.
    private static String owner(ActionCall call) {
        return "environment '%s' of %s in farm %s"
                .formatted(environment(call), call.job().project(), call.farm());
    }

    private static String environment(ActionCall call) {
        String given = call.input("environment");
        String environment = given.isEmpty() ? call.jobEnvironment() : given;
        if (environment.isEmpty()) {
            throw new IllegalArgumentException(
                    "A deployment belongs to an environment. Give the job one ('environment:"
                            + " production'), or this step the input 'environment'.");
        }
        return environment;
    }

    private static String folderName(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-").replace("..", "--");
    }

    private Plan plan(ActionCall call, Inputs inputs, Target target) throws IOException {
        var needs = new RecoveryNeeds(call, target.kind()).of(inputs().keySet());
        if (needs.isEmpty()) {
            call.warn(
                    "What this step is given is too much to be kept (%d KiB): should this agent be"
                                    .formatted(RecoveryNeeds.MAX_SIZE >> 10)
                            + " lost, nobody else can finish the deployment.");
        }
        return new Plan(
                call.step(),
                environment(call),
                target.kind(),
                target.name(),
                inputs.required("version"),
                inputs.text("url"),
                needs);
    }

    private static void finish(ActionCall call, Prepared prepared, Outcome outcome) {
        call.output("outcome", word(outcome.phase()));
        call.output("number", Long.toString(outcome.release().number()));
        call.output("environment", outcome.environment());
        call.output("version", outcome.release().version());
        call.output("running-version", outcome.running());
        call.output("url", prepared.plan().url());
        if (!outcome.running().isEmpty()) {
            if (!prepared.plan().url().isEmpty()) {
                call.say("%s runs at %s".formatted(outcome.running(), prepared.plan().url()));
            }
            prepared.target().hints().forEach(call::say);
        }
        if (outcome.phase() != Phase.SUCCEEDED) {
            throw new ActionFailure(
                    "Deployment %d of %s to '%s' has %s: %s"
                            .formatted(
                                    outcome.release().number(),
                                    outcome.release().version(),
                                    outcome.environment(),
                                    story(outcome.phase()),
                                    outcome.why()));
        }
    }

    private static String word(Phase phase) {
        return phase.name().replace('_', '-').toLowerCase(Locale.ROOT);
    }

    private static String story(Phase phase) {
        return switch (phase) {
            case ROLLED_BACK -> "been rolled back";
            case SUPERSEDED -> "been superseded";
            default -> "failed";
        };
    }
}

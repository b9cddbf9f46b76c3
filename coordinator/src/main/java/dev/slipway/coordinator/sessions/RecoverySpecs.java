package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.RecoveryNeeds;
import dev.slipway.coordinator.model.AttemptReason;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.storage.DeploymentRows;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.id.AttemptId;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a recovery attempt runs instead of its job's steps (ADR 56): a workflow of this farm's own
/// with one deploying step for each deployment that was left in flight, which gets the inputs and
/// variables that the first one had. JSON, which is YAML as well.
final class RecoverySpecs {
    private static final String INPUT = "with.";
    private static final String VARIABLE = "env.";
    private static final String MASKED = "masked.";
    private static final String KUBECONFIG = "kubeconfig";

    private final DeploymentRows deployments;
    private final SecretBox box;

    RecoverySpecs(DeploymentRows deployments, SecretBox box) {
        this.deployments = deployments;
        this.box = box;
    }

    /// What a recovery attempt runs.
    ///
    /// @param workflow text
    /// @param secrets that the workflow uses beside the job's own; all are masked
    record Program(byte[] workflow, Map<String, String> secrets) {}

    /// Keeps what the deployment of a step needs, under the run's client token.
    Bytes seal(String clientToken, String step, RecoveryNeeds needs) {
        var all = new TreeMap<String, String>();
        needs.getInputsMap().forEach((name, value) -> all.put(INPUT + name, value));
        needs.getVariablesMap().forEach((name, value) -> all.put(VARIABLE + name, value));
        if (!needs.getKubeconfig().isEmpty()) {
            all.put(KUBECONFIG, needs.getKubeconfig());
        }
        for (int i = 0; i < needs.getMaskedCount(); i++) {
            all.put(MASKED + i, needs.getMasked(i));
        }
        return Bytes.copyOf(box.seal(owner(clientToken, step), all));
    }

    private static String owner(String clientToken, String step) {
        return "recovery/" + clientToken + "/" + step;
    }

    /// What an attempt runs, if it is a recovery.
    ///
    /// @param job the key of its job in the workflow file
    Optional<Program> program(RunRecords records, RunSpec spec, AttemptId attempt, String job) {
        return records.attempts().stream()
                .filter(known -> known.id().equals(attempt))
                .filter(known -> known.reason() == AttemptReason.RECOVERY)
                .findFirst()
                .map(known -> program(spec, known, job));
    }

    private Program program(RunSpec spec, AttemptState attempt, String job) {
        var steps = new ArrayList<Value>();
        var secrets = new TreeMap<String, String>();
        for (Deployment left : left(attempt)) {
            SortedMap<String, String> needs =
                    box.open(
                            owner(spec.clientToken(), left.origin().step()),
                            left.sealed().toArray());
            // The same steps at the same places each time that the agent asks: what has ended
            // meanwhile leaves its place empty.
            if (left.target().kind().equals("kubernetes")) {
                steps.add(kubeconfig(left, needs, secrets));
            }
            steps.add(left.ended() ? ended(left) : deploy(left, needs));
            needs.forEach(
                    (name, value) -> {
                        if (name.startsWith(MASKED)) {
                            secrets.put("SLIPWAY_MASKED_" + secrets.size(), value);
                        }
                    });
        }
        Value jobs =
                Value.object(
                        Map.of(
                                job,
                                Value.object(
                                        Map.of(
                                                "runs-on",
                                                Value.of("recovery"),
                                                "steps",
                                                Value.array(steps)))));
        Value workflow = Value.object(Map.of("on", Value.of("push"), "jobs", jobs));
        return new Program(Json.compact(workflow).getBytes(StandardCharsets.UTF_8), secrets);
    }

    /// In the order of their numbers.
    private List<Deployment> left(AttemptState attempt) {
        return deployments.ofRun(attempt.id().run()).stream()
                .filter(known -> known.origin().attempt().job().equals(attempt.id().job()))
                .filter(known -> known.origin().runAttempt() == attempt.runAttempt())
                .filter(known -> known.inFlight() || known.origin().attempt().equals(attempt.id()))
                .sorted(Comparator.comparing(Deployment::name))
                .toList();
    }

    private static Value deploy(Deployment left, SortedMap<String, String> needs) {
        Map<String, Value> inputs = part(needs, INPUT);
        if (needs.containsKey(KUBECONFIG)) {
            inputs.put(KUBECONFIG, Value.of("${{ runner.temp }}/" + file(left)));
        }
        return step(
                "Finish deployment %d to '%s'".formatted(left.number(), left.label()),
                Map.of(
                        "uses",
                        Value.of("slipway/deploy@v1"),
                        "with",
                        Value.object(inputs),
                        "env",
                        Value.object(part(needs, VARIABLE))));
    }

    private static Value kubeconfig(
            Deployment left, SortedMap<String, String> needs, Map<String, String> secrets) {
        String content = needs.getOrDefault(KUBECONFIG, "");
        if (content.isEmpty()) {
            return script("Find the cluster", "echo 'As this agent finds it'", Map.of());
        }
        String secret = "SLIPWAY_KUBECONFIG_" + left.number();
        secrets.put(secret, content);
        return script(
                "Find the cluster",
                "umask 077; printf '%s' \"$CONTENT\" > \"$RUNNER_TEMP/" + file(left) + "\"",
                Map.of("CONTENT", Value.of("${{ secrets." + secret + " }}")));
    }

    private static String file(Deployment left) {
        return "slipway-kubeconfig-" + left.number();
    }

    private static Value ended(Deployment left) {
        return script(
                "Deployment %d to '%s'".formatted(left.number(), left.label()),
                "echo 'It has ended: " + left.phase() + "'",
                Map.of());
    }

    private static Value script(String name, String text, Map<String, Value> env) {
        return step(
                name,
                Map.of("run", Value.of(text), "shell", Value.of("sh"), "env", Value.object(env)));
    }

    /// Each deployment is finished, whatever becomes of the others.
    private static Value step(String name, Map<String, Value> what) {
        var step = new LinkedHashMap<String, Value>();
        step.put("name", literal(name));
        step.put("if", Value.of("always()"));
        step.putAll(new TreeMap<>(what));
        return Value.object(step);
    }

    private static Map<String, Value> part(SortedMap<String, String> needs, String prefix) {
        var part = new LinkedHashMap<String, Value>();
        needs.forEach(
                (name, value) -> {
                    if (name.startsWith(prefix)) {
                        part.put(name.substring(prefix.length()), literal(value));
                    }
                });
        return part;
    }

    /// What was evaluated once is not evaluated again.
    private static Value literal(String text) {
        return Value.of(text.replace("${{", "${{ '${{' }}"));
    }
}

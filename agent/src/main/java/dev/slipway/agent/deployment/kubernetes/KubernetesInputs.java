package dev.slipway.agent.deployment.kubernetes;

import dev.slipway.agent.deployment.Claimant;
import dev.slipway.agent.deployment.Inputs;
import dev.slipway.agent.deployment.kubernetes.KubernetesSettings.Access;
import dev.slipway.agent.deployment.kubernetes.KubernetesSettings.Kind;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads which workload gets which image from a step's inputs.
///
/// @param inputs of the step
public record KubernetesInputs(Inputs inputs) {
    /// `container` and `image` are those of the `docker` target as well.
    public static final List<String> NAMES =
            List.of("workload", "namespace", "kubeconfig", "kube-context", "rollout-timeout");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /// @throws IllegalArgumentException naming the input that is wrong
    public KubernetesSettings settings(
            Claimant claimant, Path workspace, Map<String, String> environment) {
        String workload = inputs.required("workload");
        int slash = workload.indexOf('/');
        Optional<Kind> kind = kind(slash < 0 ? "deployment" : workload.substring(0, slash));
        String name = workload.substring(slash + 1);
        if (kind.isEmpty() || !NAME.matcher(name).matches()) {
            throw inputs.wrong("workload", "deployment/NAME, statefulset/NAME or daemonset/NAME");
        }
        String namespace = inputs.text("namespace");
        if (!namespace.isEmpty() && !NAME.matcher(namespace).matches()) {
            throw inputs.wrong("namespace", "the name of a namespace");
        }
        String image = inputs.text("image");
        return new KubernetesSettings(
                new Access(kubeconfig(workspace), inputs.text("kube-context"), environment),
                namespace,
                kind.get(),
                name,
                inputs.text("container"),
                image.isEmpty() ? inputs.required("version") : image,
                inputs.duration("rollout-timeout", PATIENCE),
                claimant);
    }

    private static Optional<Kind> kind(String word) {
        return switch (word) {
            case "deployment", "deployments", "deploy" -> Optional.of(Kind.DEPLOYMENT);
            case "statefulset", "statefulsets", "sts" -> Optional.of(Kind.STATEFUL_SET);
            case "daemonset", "daemonsets", "ds" -> Optional.of(Kind.DAEMON_SET);
            default -> Optional.empty();
        };
    }

    private String kubeconfig(Path workspace) {
        String text = inputs.text("kubeconfig");
        if (text.isEmpty()) {
            return "";
        }
        Path file = workspace.resolve(text);
        if (!Files.isRegularFile(file)) {
            // Not what was given: it may be the file's content, and secret.
            throw new IllegalArgumentException(
                    "Invalid input kubeconfig: it must be the path of a kubeconfig file, from the"
                            + " workspace; write a secret to one in RUNNER_TEMP first.");
        }
        return file.toString();
    }
}

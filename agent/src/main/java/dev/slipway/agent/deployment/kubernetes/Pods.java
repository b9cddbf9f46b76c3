package dev.slipway.agent.deployment.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds out why pods of a version do not come up.
record Pods(Cluster cluster) {
    /// Waiting for these does not help, or not soon.
    private static final Set<String> HOPELESS =
            Set.of(
                    "CrashLoopBackOff",
                    "ImagePullBackOff",
                    "InvalidImageName",
                    "ErrImageNeverPull",
                    "CreateContainerConfigError",
                    "CreateContainerError",
                    "RunContainerError");

    private static final int TAIL = 20;
    private static final int MOST_BYTES = 32 << 10;
    private static final int MOST_EVENTS = 5;

    /// A pod that does not come up.
    ///
    /// @param name of the pod
    /// @param why one line
    /// @param details events and the end of its log
    record Failing(String name, String why, List<String> details) {}

    /// The first pod of a workload that runs an image and is stuck.
    Optional<Failing> failing(GenericKubernetesResource workload, String image) throws IOException {
        for (Pod pod : all(workload)) {
            if (!runs(pod, image) || pod.getStatus() == null) {
                continue;
            }
            var statuses = new ArrayList<ContainerStatus>();
            statuses.addAll(pod.getStatus().getInitContainerStatuses());
            statuses.addAll(pod.getStatus().getContainerStatuses());
            for (ContainerStatus status : statuses) {
                Optional<String> why = stuck(status);
                if (why.isPresent()) {
                    String name = pod.getMetadata().getName();
                    List<String> details = new ArrayList<>(events(name));
                    details.addAll(log(name, status));
                    return Optional.of(new Failing(name, why.get(), details));
                }
            }
        }
        return Optional.empty();
    }

    /// Why the scheduler finds no place for a pod of a version, in its own words. That may change
    /// by itself: another pod ends, a node comes.
    Optional<String> unplaced(GenericKubernetesResource workload, String image) throws IOException {
        return all(workload).stream()
                .filter(pod -> runs(pod, image) && pod.getStatus() != null)
                .flatMap(
                        pod ->
                                pod.getStatus().getConditions().stream()
                                        .filter(one -> "Unschedulable".equals(one.getReason()))
                                        .map(
                                                one ->
                                                        "pod '%s' finds no node: %s"
                                                                .formatted(
                                                                        pod.getMetadata().getName(),
                                                                        one.getMessage())))
                .findFirst();
    }

    private static boolean runs(Pod pod, String image) {
        return pod.getSpec().getContainers().stream()
                .anyMatch(container -> image.equals(container.getImage()));
    }

    private List<Pod> all(GenericKubernetesResource workload) throws IOException {
        var selector = new LabelSelector();
        if (Progress.map(workload.get("spec", "selector")).get("matchLabels")
                instanceof Map<?, ?> labels) {
            labels.forEach(
                    (key, value) -> selector.getMatchLabels().put(key.toString(), "" + value));
        }
        if (selector.getMatchLabels().isEmpty()) {
            return List.of(); // Every pod of the namespace would match.
        }
        return cluster.call(
                "list the pods",
                () ->
                        cluster.client()
                                .pods()
                                .inNamespace(cluster.namespace())
                                .withLabels(selector.getMatchLabels())
                                .list()
                                .getItems());
    }

    private static Optional<String> stuck(ContainerStatus status) {
        ContainerStateWaiting waiting =
                status.getState() == null ? null : status.getState().getWaiting();
        if (waiting == null || !HOPELESS.contains(String.valueOf(waiting.getReason()))) {
            return Optional.empty();
        }
        ContainerStateTerminated last =
                status.getLastState() == null ? null : status.getLastState().getTerminated();
        String ended =
                last == null
                        ? ""
                        : "; it ended with exit code %d (%s)"
                                .formatted(last.getExitCode(), last.getReason());
        String message = waiting.getMessage() == null ? "" : ": " + waiting.getMessage();
        return Optional.of(
                "container '%s' is in %s%s%s"
                        .formatted(status.getName(), waiting.getReason(), message, ended));
    }

    private List<String> events(String pod) {
        try {
            return cluster
                    .client()
                    .v1()
                    .events()
                    .inNamespace(cluster.namespace())
                    .withField("involvedObject.name", pod)
                    .list()
                    .getItems()
                    .stream()
                    .filter(event -> "Warning".equals(event.getType()))
                    .map(event -> "event %s: %s".formatted(event.getReason(), event.getMessage()))
                    .distinct()
                    .limit(MOST_EVENTS)
                    .toList();
        } catch (KubernetesClientException refused) {
            return List.of("(its events cannot be read: " + refused.getMessage() + ")");
        }
    }

    /// Of the run that has ended; the next one has printed nothing yet.
    private List<String> log(String pod, ContainerStatus status) {
        boolean hasEnded =
                status.getLastState() != null && status.getLastState().getTerminated() != null;
        try {
            var container =
                    cluster.client()
                            .pods()
                            .inNamespace(cluster.namespace())
                            .withName(pod)
                            .inContainer(status.getName());
            var wanted =
                    hasEnded
                            ? container.terminated().tailingLines(TAIL)
                            : container.tailingLines(TAIL);
            // It will not be ready. A line may be as long as the container likes.
            try (InputStream log = wanted.withReadyWaitTimeout(0).getLogInputStream()) {
                var text = new String(log.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                return text.lines().map(line -> "log " + line).toList();
            }
        } catch (KubernetesClientException | IOException refused) {
            return hasEnded
                    ? List.of("(its log cannot be read: " + refused.getMessage() + ")")
                    : List.of();
        }
    }
}

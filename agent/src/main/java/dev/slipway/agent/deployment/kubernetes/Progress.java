package dev.slipway.agent.deployment.kubernetes;

import dev.slipway.agent.deployment.kubernetes.KubernetesSettings.Kind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How far the rollout of a workload is, as `kubectl rollout status` judges it.
///
/// @param seen whether the controller has seen the last change; before, the numbers are old
/// @param desired pods
/// @param updated pods of the new version
/// @param current pods of any version
/// @param available pods of the new version that are ready (for long enough)
/// @param failure what the controller says is wrong; empty when it tries on
record Progress(
        boolean seen, int desired, int updated, int current, int available, String failure) {

    static Progress of(Kind kind, GenericKubernetesResource workload) {
        Map<String, Object> status = map(workload.get("status"));
        long generation = Optional.ofNullable(workload.getMetadata().getGeneration()).orElse(0L);
        boolean seen = number(status, "observedGeneration") >= generation;
        return switch (kind) {
            case DEPLOYMENT -> {
                int desired = replicas(workload);
                int updated = number(status, "updatedReplicas");
                yield new Progress(
                        seen,
                        desired,
                        updated,
                        number(status, "replicas"),
                        Math.min(updated, number(status, "availableReplicas")),
                        deadline(status));
            }
            case STATEFUL_SET -> {
                int desired = replicas(workload);
                boolean one =
                        text(status, "currentRevision").equals(text(status, "updateRevision"));
                int updated = one ? desired : number(status, "updatedReplicas");
                yield new Progress(
                        seen,
                        desired,
                        updated,
                        desired,
                        Math.min(updated, number(status, "readyReplicas")),
                        "");
            }
            case DAEMON_SET -> {
                int desired = number(status, "desiredNumberScheduled");
                yield new Progress(
                        seen,
                        desired,
                        number(status, "updatedNumberScheduled"),
                        desired,
                        number(status, "numberAvailable"),
                        "");
            }
        };
    }

    /// Why no pod would ever get a new image, however long one waits.
    static Optional<String> neverComes(Kind kind, GenericKubernetesResource workload) {
        Map<String, Object> spec = map(workload.get("spec"));
        if (Boolean.TRUE.equals(spec.get("paused"))) {
            return Optional.of(
                    " is paused, so that no pod would get the new image. Run: kubectl rollout"
                            + " resume %s/%s"
                                    .formatted(kind.word(), workload.getMetadata().getName()));
        }
        return text(map(spec.get("updateStrategy")), "type").equals("OnDelete")
                ? Optional.of(
                        " has the update strategy OnDelete, so that pods get the new image only"
                                + " when somebody deletes them. Give it RollingUpdate")
                : Optional.empty();
    }

    boolean isDone() {
        return seen && updated >= desired && current <= updated && available >= desired;
    }

    String line() {
        return seen
                ? "%d of %d updated, %d available%s"
                        .formatted(
                                updated,
                                desired,
                                available,
                                current > updated
                                        ? ", %d old ones to go".formatted(current - updated)
                                        : "")
                : "waiting for the controller";
    }

    private static int replicas(GenericKubernetesResource workload) {
        return workload.get("spec", "replicas") instanceof Number number ? number.intValue() : 1;
    }

    private static String deadline(Map<String, Object> status) {
        if (status.get("conditions") instanceof List<?> conditions) {
            for (Object one : conditions) {
                Map<String, Object> condition = map(one);
                if (text(condition, "reason").equals("ProgressDeadlineExceeded")) {
                    return text(condition, "message");
                }
            }
        }
        return "";
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys.
    static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static int number(Map<String, Object> values, String key) {
        return values.get(key) instanceof Number number ? number.intValue() : 0;
    }

    private static String text(Map<String, Object> values, String key) {
        return values.get(key) instanceof String text ? text : "";
    }
}

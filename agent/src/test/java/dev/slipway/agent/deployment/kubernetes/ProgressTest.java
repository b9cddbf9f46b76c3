package dev.slipway.agent.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.deployment.kubernetes.KubernetesSettings.Kind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;

/// What `kubectl rollout status` waits for.
class ProgressTest {
    private static Progress progress(Kind kind, String spec, String status) {
        return Progress.of(
                kind,
                Serialization.unmarshal(
                        """
                        {"apiVersion": "apps/v1", "kind": "Any",
                         "metadata": {"name": "web", "generation": 3},
                         "spec": {%s}, "status": {%s}}
                        """
                                .formatted(spec, status),
                        GenericKubernetesResource.class));
    }

    private static Progress deployment(String status) {
        return progress(Kind.DEPLOYMENT, "\"replicas\": 2", status);
    }

    @Test
    void numbersFromBeforeTheLastChangeDoNotCount() {
        String numbers = "\"replicas\": 2, \"updatedReplicas\": 2, \"availableReplicas\": 2";

        assertThat(deployment("\"observedGeneration\": 2, " + numbers).isDone()).isFalse();
        assertThat(deployment("\"observedGeneration\": 3, " + numbers).isDone()).isTrue();
        assertThat(deployment("").line()).isEqualTo("waiting for the controller");
    }

    @Test
    void deploymentIsDoneWhenNewPodsAreAvailableAndOldOnesGone() {
        Progress starting =
                deployment(
                        "\"observedGeneration\": 3, \"replicas\": 3, \"updatedReplicas\": 1,"
                                + " \"availableReplicas\": 2");
        assertThat(starting.isDone()).isFalse();
        assertThat(starting.line()).isEqualTo("1 of 2 updated, 1 available, 2 old ones to go");

        Progress oldOneLeft =
                deployment(
                        "\"observedGeneration\": 3, \"replicas\": 3, \"updatedReplicas\": 2,"
                                + " \"availableReplicas\": 3");
        assertThat(oldOneLeft.isDone()).isFalse();
    }

    @Test
    void deadlineOfTheControllerIsAFailure() {
        assertThat(
                        deployment(
                                        """
                                        "observedGeneration": 3, "conditions": [
                                          {"type": "Available", "reason": "MinimumReplicas"},
                                          {"type": "Progressing", "status": "False",
                                           "reason": "ProgressDeadlineExceeded",
                                           "message": "ReplicaSet web-1 has timed out"}]
                                        """)
                                .failure())
                .isEqualTo("ReplicaSet web-1 has timed out");
    }

    @Test
    void deploymentOfNoneIsDone() {
        assertThat(
                        progress(Kind.DEPLOYMENT, "\"replicas\": 0", "\"observedGeneration\": 3")
                                .isDone())
                .isTrue();
    }

    @Test
    void statefulSetIsDoneWhenItsRevisionIsTheNewOne() {
        String two = "\"replicas\": 2";
        assertThat(
                        progress(
                                        Kind.STATEFUL_SET,
                                        two,
                                        "\"observedGeneration\": 3, \"updatedReplicas\": 1,"
                                            + " \"readyReplicas\": 2, \"currentRevision\": \"a\","
                                            + " \"updateRevision\": \"b\"")
                                .isDone())
                .isFalse();
        assertThat(
                        progress(
                                        Kind.STATEFUL_SET,
                                        two,
                                        "\"observedGeneration\": 3, \"readyReplicas\": 2,"
                                                + " \"currentRevision\": \"b\", \"updateRevision\":"
                                                + " \"b\"")
                                .isDone())
                .isTrue();
    }

    @Test
    void daemonSetIsDoneWhenEveryNodeHasTheNewOne() {
        String most =
                "\"observedGeneration\": 3, \"desiredNumberScheduled\": 3,"
                        + " \"updatedNumberScheduled\": 3, \"numberAvailable\": ";
        assertThat(progress(Kind.DAEMON_SET, "", most + 2).isDone()).isFalse();
        assertThat(progress(Kind.DAEMON_SET, "", most + 3).isDone()).isTrue();
    }
}

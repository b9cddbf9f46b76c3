package dev.slipway.agent.deployment.kubernetes;

import dev.slipway.agent.deployment.Claimant;
import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.deployment.SupersededException;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.Map;

/// Who may change a workload, by its {@link Notes}: the highest deployment, and of its attempts the
/// latest. Reads and changes only what it is given; writing it under its resourceVersion makes it
/// true.
///
/// @param name of the workload, for people
record Fence(Claimant claimant, String name) {
    /// @throws RolloutException when the workload belongs to another environment
    void requireOwner(GenericKubernetesResource workload) throws RolloutException {
        String owner = Notes.of(workload).getOrDefault(Notes.OWNER, claimant.owner());
        if (!owner.equals(claimant.owner())) {
            throw new RolloutException(
                    ("%s belongs to %s, and this is %s. Deployments are numbered per environment of"
                         + " a project, so two of them cannot share a workload. Remove its"
                         + " annotations %s* if that one is gone")
                            .formatted(name, owner, claimant.owner(), Notes.PREFIX));
        }
    }

    /// @throws SupersededException when a later deployment, or a later attempt of this one, was
    ///   here
    void requireNotLater(GenericKubernetesResource workload, Release release)
            throws SupersededException {
        Map<String, String> notes = Notes.of(workload);
        long there = Notes.number(notes, Notes.NUMBER);
        long attempt = Notes.number(notes, Notes.ATTEMPT);
        if (there > release.number()) {
            throw new SupersededException(
                    "deployment %d is refused: deployment %d has been at %s since"
                            .formatted(release.number(), there, name));
        }
        if (there == release.number() && attempt > claimant.attempt()) {
            throw new SupersededException(
                    "attempt %d of the job has taken over deployment %d".formatted(attempt, there));
        }
    }

    /// Notes who has it now.
    ///
    /// @return false when that is noted already
    boolean claim(GenericKubernetesResource workload, Release release) {
        if (isAt(workload, release) && isMine(workload)) {
            return false;
        }
        Notes.put(workload, Notes.NUMBER, Long.toString(release.number()));
        Notes.put(workload, Notes.OWNER, claimant.owner());
        Notes.put(workload, Notes.ATTEMPT, Integer.toString(claimant.attempt()));
        return true;
    }

    /// Notes that this attempt has the deployment, if the workload has seen that.
    ///
    /// @return false when there is nothing to note
    boolean takeOver(GenericKubernetesResource workload, Release release) {
        return isAt(workload, release) && claim(workload, release);
    }

    private static boolean isAt(GenericKubernetesResource workload, Release release) {
        return Notes.number(Notes.of(workload), Notes.NUMBER) == release.number();
    }

    private boolean isMine(GenericKubernetesResource workload) {
        return Notes.number(Notes.of(workload), Notes.ATTEMPT) == claimant.attempt();
    }
}

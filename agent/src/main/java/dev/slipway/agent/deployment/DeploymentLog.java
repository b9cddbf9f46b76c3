package dev.slipway.agent.deployment;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a deploying step gets its deployment's number and tells of its phases: the farm's record.
///
/// Both calls wait until the farm has answered, over reconnects, and may be repeated.
public interface DeploymentLog {
    /// How far a deployment is.
    enum Phase {
        /// Has its number; the target is not touched yet.
        CLAIMED,
        /// The target is being changed.
        ROLLOUT,
        /// The new version runs and its health is watched.
        HEALTH,
        /// It was not healthy: the last good version comes back.
        ROLLBACK,
        /// Final: healthy.
        SUCCEEDED,
        /// Final: unhealthy, and the last good version is healthy again.
        ROLLED_BACK,
        /// Final: failed, and nothing good runs, or nobody knows.
        FAILED,
        /// Final: a newer deployment has the target; this one changed nothing more.
        SUPERSEDED
    }

    /// What is going to be deployed.
    ///
    /// @param step which step of the attempt deploys: a path such as `4` or `4/2`
    /// @param environment empty for that of the job
    /// @param targetKind `kubernetes`, `docker` or `host`
    /// @param target what the target is called there
    /// @param version what is deployed: an image with digest, a release's name
    /// @param url where it can be seen; empty when nowhere
    /// @param needs of another attempt that has to finish it; empty when none could
    record Plan(
            String step,
            String environment,
            String targetKind,
            String target,
            String version,
            String url,
            Optional<Needs> needs) {}

    /// What another attempt, perhaps of another agent, needs to finish a deployment: it runs
    /// nothing else of the job.
    ///
    /// @param inputs of the step, evaluated
    /// @param variables that the workflow and earlier steps have set
    /// @param kubeconfig its text; empty without one of the step's own
    /// @param masked what is secret in all of this
    record Needs(
            Map<String, String> inputs,
            Map<String, String> variables,
            String kubeconfig,
            List<String> masked) {
        public Needs {
            inputs = Map.copyOf(inputs);
            variables = Map.copyOf(variables);
            masked = List.copyOf(masked);
        }

        /// Names only: the values may be secret.
        @Override
        public String toString() {
            return "Needs" + inputs.keySet() + variables.keySet();
        }
    }

    /// A deployment that has its number.
    ///
    /// @param number rises by one with every deployment of the environment
    /// @param lastGoodVersion what was last healthy there; empty when nothing was
    /// @param phase where this deployment already was; CLAIMED when it is new
    /// @param detail what was said of it then: why it is rolled back
    record Begun(
            String environment, long number, String lastGoodVersion, Phase phase, String detail) {}

    /// What has happened.
    ///
    /// @param detail why, for people, masked
    /// @param runningVersion what runs now; empty when that is not known
    record Report(
            String environment,
            long number,
            Phase phase,
            String detail,
            String runningVersion,
            String url) {}

    Begun begin(Plan plan) throws IOException, InterruptedException;

    /// @return false when the record has ended otherwise: touch nothing more
    boolean report(Report report) throws IOException, InterruptedException;
}

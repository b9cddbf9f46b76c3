package dev.slipway.coordinator.model;

import dev.slipway.id.AttemptId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// One deployment to an environment, from its number on for ever. Immutable. It is a job that names
/// the environment, or the step of a job that deploys; a step within such a job makes the job's
/// deployment more precise.
///
/// ```
/// CLAIMED → ROLLOUT → HEALTH → SUCCEEDED
///                        └→ ROLLBACK → ROLLED_BACK
/// any of them → FAILED, SUPERSEDED
/// ```
///
/// @param label the environment as it was written
/// @param origin who deploys
/// @param target what is deployed, and where to
/// @param detail why it ended so, for people; else empty
/// @param cause why the job that it is ended; null before, and when a step said the end
/// @param runningVersion what runs now, as far as it was said
/// @param url where it can be seen
/// @param sealed ciphertext of what a recovery needs to finish it, under the run's client token;
///   empty when nothing was said, or once it is over
public record Deployment(
        Name name,
        String label,
        Origin origin,
        Target target,
        Phase phase,
        Times times,
        String detail,
        @Nullable Cause cause,
        String runningVersion,
        String url,
        Lineage lineage,
        Bytes sealed) {

    /// What a deployment is found by.
    ///
    /// @param number rises by one with every deployment of the environment
    public record Name(EnvironmentName environment, long number) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int byEnvironment = environment.compareTo(other.environment);
            return byEnvironment != 0 ? byEnvironment : Long.compare(number, other.number);
        }
    }

    /// Who deploys.
    ///
    /// @param attempt the latest that works on it
    /// @param runAttempt the run attempt in which it began
    /// @param step path of the step, such as `4/2`; empty as long as only the job is known
    /// @param jobName what people call the job
    /// @param jobKey the job's key in its run
    /// @param event what caused the run, e.g. `push`
    public record Origin(
            AttemptId attempt,
            int runAttempt,
            String step,
            String jobName,
            String jobKey,
            String workflowPath,
            String event,
            String sha,
            String ref,
            String actor) {
        Origin by(AttemptId now) {
            return new Origin(
                    now, runAttempt, step, jobName, jobKey, workflowPath, event, sha, ref, actor);
        }

        Origin at(String stepNow) {
            return new Origin(
                    attempt,
                    runAttempt,
                    stepNow,
                    jobName,
                    jobKey,
                    workflowPath,
                    event,
                    sha,
                    ref,
                    actor);
        }
    }

    /// @param kind `kubernetes`, `docker`, `host`; empty when only the job is known
    /// @param name what the target is called there
    /// @param version what is deployed
    public record Target(String kind, String name, String version) {
        public static final Target UNKNOWN = new Target("", "", "");

        /// Whether it is the same place.
        public boolean sameAs(Target other) {
            return kind.equals(other.kind) && name.equals(other.name);
        }
    }

    /// @param changingSince when the target began to change
    /// @param unhealthySince when the new version was found unhealthy
    public record Times(
            Instant startedAt,
            @Nullable Instant changingSince,
            @Nullable Instant unhealthySince,
            @Nullable Instant finishedAt) {
        public static Times startingAt(Instant at) {
            return new Times(at, null, null, null);
        }
    }

    /// Where it stands in the environment's history.
    ///
    /// @param replaces the number of the deployment that was good before; 0 when there was none
    /// @param goodVersion what was last healthy at the same target before; empty when nothing was
    /// @param rollbackOf the number of the deployment that it takes back; 0 when it takes none
    /// @param commits how many commits since the one that it replaces
    /// @param commitsKnown whether that is all of them
    public record Lineage(
            long replaces, String goodVersion, long rollbackOf, int commits, boolean commitsKnown) {
        Lineage after(long number, String good) {
            return new Lineage(number, good, rollbackOf, commits, commitsKnown);
        }
    }

    /// The version that was last healthy at a target.
    ///
    /// @param number of the deployment that brought it
    public record Good(long number, String version) {}

    /// A target of an environment.
    public record Place(EnvironmentName environment, String kind, String target)
            implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byEnvironment = environment.compareTo(other.environment);
            int byKind = byEnvironment != 0 ? byEnvironment : kind.compareTo(other.kind);
            return byKind != 0 ? byKind : target.compareTo(other.target);
        }
    }

    /// How far it is. The numbers are stored and never change.
    public enum Phase {
        /// Has its number; the target is not touched yet.
        CLAIMED(1),
        /// The target is being changed.
        ROLLOUT(2),
        /// The new version runs and its health is watched.
        HEALTH(3),
        /// It was not healthy: the last good version comes back.
        ROLLBACK(4),
        SUCCEEDED(5),
        /// Unhealthy, and the last good version is healthy again.
        ROLLED_BACK(6),
        /// Failed, and nothing good runs (or nobody knows).
        FAILED(7),
        /// A newer deployment has the target: this one changed nothing more.
        SUPERSEDED(8);

        private final int number;

        Phase(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        public boolean ended() {
            return number >= SUCCEEDED.number;
        }

        /// Whether the target may have changed when a deployment was in this phase.
        public boolean touchesTarget() {
            return this == ROLLOUT || this == HEALTH || this == ROLLBACK;
        }

        /// @throws IllegalArgumentException for a number that no phase has
        public static Phase of(int number) {
            for (Phase phase : values()) {
                if (phase.number == number) {
                    return phase;
                }
            }
            throw new IllegalArgumentException("no phase has the number " + number);
        }
    }

    public EnvironmentName environment() {
        return name.environment();
    }

    public long number() {
        return name.number();
    }

    public boolean ended() {
        return phase.ended();
    }

    /// Whether its target was being changed when it was heard of last, by somebody who said what
    /// another needs to finish it.
    public boolean inFlight() {
        return phase.touchesTarget() && !sealed.equals(Bytes.EMPTY);
    }

    public boolean succeeded() {
        return phase == Phase.SUCCEEDED;
    }

    public Place place() {
        return new Place(environment(), target.kind(), target.name());
    }

    /// The same, worked on by another attempt.
    public Deployment by(AttemptId attempt) {
        return new Deployment(
                name,
                label,
                origin.by(attempt),
                target,
                phase,
                times,
                detail,
                cause,
                runningVersion,
                url,
                lineage,
                sealed);
    }

    /// The same, with what a step says of it.
    public Deployment aimed(
            String step, Target at, String seenAt, long replaces, String good, Bytes kept) {
        return new Deployment(
                name,
                label,
                origin.at(step),
                at,
                phase,
                times,
                detail,
                cause,
                runningVersion,
                seenAt.isEmpty() ? url : seenAt,
                lineage.after(replaces, good),
                kept);
    }

    /// The same, further on.
    public Deployment in(Phase next, Times since, String why, String runs, String seenAt) {
        return new Deployment(
                name,
                label,
                origin,
                target,
                next,
                since,
                why.isEmpty() ? detail : why,
                cause,
                runs.isEmpty() ? runningVersion : runs,
                seenAt.isEmpty() ? url : seenAt,
                lineage,
                next.ended() ? Bytes.EMPTY : sealed);
    }

    /// The same, ended with its job.
    public Deployment because(@Nullable Cause why) {
        return new Deployment(
                name,
                label,
                origin,
                target,
                phase,
                times,
                detail,
                why,
                runningVersion,
                url,
                lineage,
                sealed);
    }
}

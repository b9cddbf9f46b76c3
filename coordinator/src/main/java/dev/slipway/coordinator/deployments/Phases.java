package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.Deployment.Phase;
import dev.slipway.coordinator.model.Deployment.Times;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// How deployments go on: never back, and ended for ever once they have ended.
public final class Phases {
    private Phases() {}

    /// What a step says of its deployment. Earlier phases are said again by a step that was entered
    /// again; that changes nothing but what it knows more.
    ///
    /// @param to where it is according to the step
    public static Deployment told(
            Deployment deployment, Phase to, String why, String runs, String url, Instant now) {
        if (deployment.ended()) {
            return deployment;
        }
        boolean further = to.number() > deployment.phase().number();
        return further
                ? deployment.in(to, at(deployment.times(), to, now), why, runs, url)
                : deployment.in(deployment.phase(), deployment.times(), "", runs, url);
    }

    /// Its job has ended. What only the job says succeeds and fails with it; a step that had not
    /// said the end has left it as it was.
    ///
    /// @param conclusion the job's
    /// @param cause of its last attempt; null when none ran
    public static Deployment jobEnded(
            Deployment deployment,
            Conclusion conclusion,
            @Nullable Cause cause,
            String detail,
            String url,
            Instant now) {
        if (deployment.ended()) {
            return deployment;
        }
        boolean ofStep = !deployment.origin().step().isEmpty();
        boolean good = !ofStep && conclusion == Conclusion.SUCCESS;
        Phase end = good ? Phase.SUCCEEDED : Phase.FAILED;
        return deployment
                .in(
                        end,
                        at(deployment.times(), end, now),
                        good ? "" : why(deployment, ofStep, conclusion, detail),
                        "",
                        url)
                .because(good ? null : cause);
    }

    private static String why(
            Deployment deployment, boolean ofStep, Conclusion conclusion, String detail) {
        String end =
                switch (conclusion) {
                    case SUCCESS -> "The job ended";
                    case FAILURE -> "The job failed";
                    case CANCELLED -> "The job was cancelled";
                    case SKIPPED -> "The job was skipped";
                    case TIMED_OUT -> "The job took too long";
                };
        String where = ofStep ? " while its deployment was " + word(deployment.phase()) : "";
        return end + where + (detail.isEmpty() ? "." : ": " + detail);
    }

    private static String word(Phase phase) {
        return switch (phase) {
            case CLAIMED -> "about to begin";
            case ROLLOUT -> "rolling out";
            case HEALTH -> "being watched";
            case ROLLBACK -> "rolling back";
            case SUCCEEDED, ROLLED_BACK, FAILED, SUPERSEDED -> "over";
        };
    }

    private static Times at(Times before, Phase now, Instant at) {
        boolean touched = now.touchesTarget();
        return new Times(
                before.startedAt(),
                before.changingSince() == null && touched ? at : before.changingSince(),
                before.unhealthySince() == null && now == Phase.ROLLBACK
                        ? at
                        : before.unhealthySince(),
                now.ended() ? at : before.finishedAt());
    }
}

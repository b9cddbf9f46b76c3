package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.DeploymentView;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentState;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunState;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Gives deployments their numbers: for jobs that name an environment, and for steps that deploy.
///
/// A step of a job that names the environment makes the job's own deployment more precise; a second
/// one makes another deployment, because it has another target.
public final class Numbering {
    private final DeploymentView deployments;
    private final Maker maker;
    private final Instant now;

    /// Who deploys.
    ///
    /// @param history the commits that came with the run, newest first
    public record Maker(RunState run, JobState job, AttemptState attempt, List<Commit> history) {}

    /// What a step wants.
    ///
    /// @param step its path
    /// @param label the environment as it was written
    /// @param url empty when it is not known
    /// @param sealed see {@link Deployment#sealed}
    public record Wanted(
            String step, String label, Deployment.Target target, String url, Bytes sealed) {}

    /// @param deployment as it is now
    /// @param events nothing when it was like that before
    public record Given(Deployment deployment, List<Event> events) {}

    public Numbering(DeploymentView deployments, Maker maker, Instant now) {
        this.deployments = deployments;
        this.maker = maker;
        this.now = now;
    }

    /// The deployments of the job in this run attempt.
    public static List<Deployment> ofJob(DeploymentView deployments, JobState job) {
        return deployments.ofJob(job.id()).stream()
                .filter(deployment -> deployment.origin().runAttempt() == job.runAttempt())
                .toList();
    }

    /// A job that deploys has begun. Nothing when its deployment has.
    public Optional<Given> forJob() {
        String label = maker.job.plan().environment();
        boolean known =
                ofJob(deployments, maker.job).stream()
                        .anyMatch(
                                deployment -> deployment.environment().equals(environment(label)));
        return known
                ? Optional.empty()
                : Optional.of(
                        begin(new Wanted("", label, Deployment.Target.UNKNOWN, "", Bytes.EMPTY)));
    }

    /// A step of it deploys.
    public Given forStep(Wanted wanted) {
        List<Deployment> own =
                ofJob(deployments, maker.job).stream()
                        .filter(known -> known.environment().equals(environment(wanted.label)))
                        .toList();
        for (Deployment known : own) {
            if (known.origin().step().equals(wanted.step)) {
                return again(known, wanted);
            }
        }
        for (Deployment ofJob : own) {
            if (ofJob.origin().step().isEmpty() && !ofJob.ended()) {
                return changed(ofJob, aimed(ofJob, wanted));
            }
        }
        return begin(wanted);
    }

    /// A recovery comes back to one that was left in flight. It runs steps of its own, so what it
    /// brings where to tells which one.
    public Optional<Given> forRecovery(Wanted wanted) {
        return ofJob(deployments, maker.job).stream()
                .filter(known -> known.environment().equals(environment(wanted.label)))
                .filter(known -> known.target().equals(wanted.target))
                .filter(known -> known.inFlight() || known.ended())
                .min(Comparator.comparing(Deployment::ended))
                .map(known -> again(known, wanted));
    }

    /// Another attempt, or another life of the agent, comes back to it.
    private Given again(Deployment known, Wanted wanted) {
        if (known.ended()) {
            return new Given(known, List.of());
        }
        Deployment next = known.by(maker.attempt.id());
        if (known.phase() == Deployment.Phase.CLAIMED) {
            next = aimed(next, wanted);
        }
        return changed(known, next);
    }

    private Given changed(Deployment before, Deployment next) {
        return new Given(
                next,
                before.equals(next) ? List.of() : List.of(new Event.DeploymentChanged(next, now)));
    }

    private Deployment aimed(Deployment deployment, Wanted wanted) {
        var place =
                new Deployment.Place(
                        deployment.environment(), wanted.target.kind(), wanted.target.name());
        Optional<Deployment.Good> good = deployments.good(place);
        return deployment.aimed(
                wanted.step,
                wanted.target,
                wanted.url,
                good.map(Deployment.Good::number).orElse(deployment.lineage().replaces()),
                good.map(Deployment.Good::version).orElse(""),
                wanted.sealed);
    }

    private Given begin(Wanted wanted) {
        EnvironmentName name = environment(wanted.label);
        EnvironmentState environment =
                deployments.environment(name).orElse(EnvironmentState.fresh(name, wanted.label));
        var place = new Deployment.Place(name, wanted.target.kind(), wanted.target.name());
        Optional<Deployment.Good> good = deployments.good(place);
        Optional<Deployment> current = deployment(name, environment.current());
        CommitRange.Since since =
                CommitRange.since(
                        maker.history,
                        maker.run.head().sha(),
                        current.map(known -> known.origin().sha()).orElse(""));
        var deployment =
                new Deployment(
                        new Deployment.Name(name, environment.lastNumber() + 1),
                        wanted.label.strip(),
                        origin(wanted.step),
                        wanted.target,
                        Deployment.Phase.CLAIMED,
                        Deployment.Times.startingAt(now),
                        "",
                        null,
                        "",
                        wanted.url,
                        new Deployment.Lineage(
                                good.map(Deployment.Good::number).orElse(environment.current()),
                                good.map(Deployment.Good::version).orElse(""),
                                takenBack(current),
                                since.commits().size(),
                                since.known()),
                        wanted.sealed);
        return new Given(
                deployment, List.of(new Event.DeploymentBegun(deployment, since.commits(), now)));
    }

    /// A job that deployed this before, and whose deployment is not the current one, runs again:
    /// what came later is taken back.
    private long takenBack(Optional<Deployment> current) {
        if (current.isEmpty()) {
            return 0;
        }
        long before =
                deployments.ofJob(maker.job.id()).stream()
                        .filter(old -> old.environment().equals(current.get().environment()))
                        .filter(Deployment::succeeded)
                        .mapToLong(Deployment::number)
                        .max()
                        .orElse(0);
        boolean ownIsCurrent = current.get().origin().attempt().job().equals(maker.job.id());
        return before > 0 && before < current.get().number() && !ownIsCurrent
                ? current.get().number()
                : 0;
    }

    private Deployment.Origin origin(String step) {
        var head = maker.run.head();
        return new Deployment.Origin(
                maker.attempt.id(),
                maker.job.runAttempt(),
                step,
                maker.job.plan().name(),
                maker.job.node().key(),
                head.workflowPath(),
                head.eventName(),
                head.sha(),
                head.ref(),
                head.actor());
    }

    private Optional<Deployment> deployment(EnvironmentName name, long number) {
        return number == 0
                ? Optional.empty()
                : deployments.deployment(new Deployment.Name(name, number));
    }

    private EnvironmentName environment(String label) {
        return EnvironmentName.of(maker.run.head().project(), label);
    }
}

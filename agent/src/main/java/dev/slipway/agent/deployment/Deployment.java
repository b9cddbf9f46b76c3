package dev.slipway.agent.deployment;

import dev.slipway.agent.deployment.DeploymentLog.Begun;
import dev.slipway.agent.deployment.DeploymentLog.Phase;
import dev.slipway.agent.deployment.DeploymentLog.Plan;
import dev.slipway.agent.deployment.DeploymentLog.Report;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/// One deployment, from its number to its end.
///
/// ```
///              lower number: SUPERSEDED                healthy
/// CLAIMED ──────────▶ ROLLOUT ─────────▶ HEALTH ───────────────────▶ SUCCEEDED
///                        │                  │ unhealthy, cancelled
///                        └── not started ───┴──▶ ROLLBACK ──────────▶ ROLLED_BACK
///                                                    └─ nothing good ▶ FAILED
/// ```
///
/// Every phase is journaled by the farm before it is entered. An agent that was killed enters the
/// same phase again: the target is read, and what is left is done. An attempt that did not begin
/// the deployment (it recovers one that was left in flight) starts no version that does not run
/// yet: it watches what runs, or brings the last good version back.
public final class Deployment {
    /// What the protocol allows.
    private static final int MAX_DETAIL = 2000;

    private static final String OWN = "own";
    private static final String WHY = "why";
    private static final String FATE = "fate";

    private final Plan plan;
    private final Target target;
    private final Health health;
    private final DeploymentLog log;
    private final Notebook notebook;
    private Phase phase = Phase.CLAIMED;
    private String environment = "";
    private Release release;
    private String running = "";
    private boolean own = true;
    private boolean tookOver;
    private boolean cancelled;

    public Deployment(
            Plan plan, Target target, Health health, DeploymentLog log, Notebook notebook) {
        this.plan = plan;
        this.target = target;
        this.health = health;
        this.log = log;
        this.notebook = notebook;
        this.release = new Release(0, plan.version());
    }

    /// How it ended.
    ///
    /// @param why empty when it succeeded
    /// @param running what runs now; empty when that is not known
    public record Outcome(
            Phase phase, String environment, Release release, String why, String running) {}

    /// Deploys.
    ///
    /// @throws IOException when the target or the farm cannot be reached: the record stays open,
    ///   and a recovery goes on from it
    public Outcome run() throws IOException, InterruptedException {
        begin();
        while (!isOver()) {
            try {
                enter();
            } catch (SupersededException later) {
                supersede(String.valueOf(later.getMessage()));
            } catch (InterruptedException | ClosedByInterruptException stopped) {
                if (cancelled || !notebook.isCancelled()) {
                    throw (InterruptedException) new InterruptedException().initCause(stopped);
                }
                cancelled = true;
                Thread.interrupted();
                cancel();
            }
        }
        boolean good = phase == Phase.SUCCEEDED;
        return new Outcome(
                phase,
                environment,
                release,
                good ? "" : story(),
                good ? release.version() : running);
    }

    private void begin() throws IOException, InterruptedException {
        Begun begun = log.begin(plan);
        environment = begun.environment();
        release = new Release(begun.number(), plan.version());
        phase = begun.phase();
        boolean fresh = phase == Phase.CLAIMED;
        if (fresh) {
            notebook.record(OWN, Long.toString(begun.number()));
        }
        own = notebook.recall(OWN).filter(Long.toString(begun.number())::equals).isPresent();
        notebook.say(
                "Deployment %d of environment '%s': %s to %s %s"
                        .formatted(
                                begun.number(),
                                environment,
                                plan.version(),
                                target.kind(),
                                target.name()));
        if (!fresh) {
            notebook.say(
                    own
                            ? "Goes on where the agent was stopped: " + word(phase)
                            : "Recovers a deployment that was left in flight: " + word(phase));
            if (phase == Phase.ROLLBACK && !begun.detail().isEmpty()) {
                notebook.record(WHY, begun.detail());
            }
        }
    }

    private boolean isOver() {
        return switch (phase) {
            case SUCCEEDED, ROLLED_BACK, FAILED, SUPERSEDED -> true;
            case CLAIMED, ROLLOUT, HEALTH, ROLLBACK -> false;
        };
    }

    private void enter() throws IOException, InterruptedException, SupersededException {
        if (!own && !tookOver) {
            target.takeOver(release);
            tookOver = true;
        }
        switch (phase) {
            case CLAIMED -> claim();
            case ROLLOUT -> rollOut();
            case HEALTH -> {
                try {
                    watch();
                } catch (IOException failed) {
                    requireUninterrupted();
                    throw failed;
                }
            }
            case ROLLBACK -> rollBack();
            case SUCCEEDED, ROLLED_BACK, FAILED, SUPERSEDED ->
                    throw new IllegalStateException("deployment is over: " + phase);
        }
    }

    private void claim() throws IOException, InterruptedException, SupersededException {
        health.before();
        try {
            target.claim(release);
        } catch (RolloutException refused) {
            endUntouched(refused.getMessage());
            return;
        }
        go(Phase.ROLLOUT, "", "");
    }

    private void rollOut() throws IOException, InterruptedException, SupersededException {
        if (!own && !target.runs(release)) {
            giveUp("it was left in flight before %s ran".formatted(release));
            return;
        }
        try {
            // Again, because the attempt that claimed it may have been killed just before.
            target.claim(release);
            target.rollOut(release);
        } catch (ClosedByInterruptException stopped) {
            throw stopped;
        } catch (RolloutException | IOException failed) {
            requireUninterrupted();
            giveUp(text(failed));
            return;
        }
        go(Phase.HEALTH, "", release.version());
    }

    private void watch() throws IOException, InterruptedException, SupersededException {
        Optional<String> wrong =
                isGood() ? Optional.empty() : health.watch(release, () -> target.problem(release));
        if (wrong.isPresent()) {
            giveUp(wrong.get());
            return;
        }
        target.settle(release);
        if (go(Phase.SUCCEEDED, "", release.version())) {
            notebook.say("✓ %s is healthy".formatted(release));
        }
    }

    /// Whether an earlier life has found it healthy and could not say so any more.
    private boolean isGood() throws IOException, InterruptedException {
        return target.read().good().filter(release::equals).isPresent();
    }

    private void giveUp(String why) throws IOException, InterruptedException {
        notebook.record(WHY, why);
        notebook.warn("%s is not good: %s".formatted(release, why()));
        go(Phase.ROLLBACK, why(), "");
    }

    private void rollBack() throws IOException, InterruptedException, SupersededException {
        Optional<Release> good = target.read().good().filter(one -> !one.equals(release));
        if (good.isEmpty()) {
            notebook.record(
                    FATE, "there is no earlier good version to go back to; it is left as it is");
            go(Phase.FAILED, story(), "");
            return;
        }
        notebook.say("Going back to %s".formatted(good.get()));
        Optional<String> wrong;
        try {
            target.restore(release, good.get());
            wrong = health.recovered(good.get(), () -> target.problem(good.get()));
        } catch (ClosedByInterruptException stopped) {
            throw stopped;
        } catch (RolloutException | IOException failed) {
            requireUninterrupted();
            wrong = Optional.of(text(failed));
        }
        if (wrong.isPresent()) {
            notebook.record(
                    FATE, "going back to %s failed too: %s".formatted(good.get(), wrong.get()));
            go(Phase.FAILED, story(), "");
        } else {
            notebook.record(FATE, "rolled back to %s, which is healthy".formatted(good.get()));
            if (go(Phase.ROLLED_BACK, story(), good.get().version())) {
                notebook.say("✓ %s is back and healthy".formatted(good.get()));
            }
        }
    }

    /// Clients of Docker and Kubernetes make failures of their own of an interrupt, and leave the
    /// flag. That the agent ends says nothing about a version.
    private static void requireUninterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void supersede(String why) throws IOException, InterruptedException {
        notebook.record(FATE, why);
        go(Phase.SUPERSEDED, story(), "");
    }

    /// What a cancelled job leaves is what was there before it.
    private void cancel() throws IOException, InterruptedException {
        switch (phase) {
            case ROLLOUT, HEALTH -> giveUp("it was cancelled");
            case CLAIMED -> endUntouched("cancelled before anything was changed");
            case ROLLBACK -> notebook.say("Cancelled; going back all the same");
            case SUCCEEDED, ROLLED_BACK, FAILED, SUPERSEDED -> {}
        }
    }

    private void endUntouched(String why) throws IOException, InterruptedException {
        notebook.record(FATE, why);
        String good = target.read().good().map(Release::version).orElse("");
        go(Phase.FAILED, story(), good);
    }

    /// Journals the next phase, then enters it.
    ///
    /// @return false when the farm has ended this deployment otherwise
    private boolean go(Phase next, String detail, String runningNow)
            throws IOException, InterruptedException {
        boolean accepted =
                log.report(
                        new Report(
                                environment,
                                release.number(),
                                next,
                                shortened(detail),
                                runningNow,
                                plan.url()));
        if (accepted) {
            phase = next;
            running = runningNow;
        } else {
            notebook.record(
                    FATE,
                    "the farm's record of this deployment has ended otherwise; nothing more is"
                            + " changed");
            phase = Phase.SUPERSEDED;
        }
        return accepted;
    }

    private String why() {
        return notebook.recall(WHY).orElse("");
    }

    /// Both facts: what was wrong, and what was done about it.
    private String story() {
        String fate = notebook.recall(FATE).orElse("");
        return why().isEmpty() ? fate : why() + "; " + fate;
    }

    private static String text(Exception problem) {
        String message = problem.getMessage();
        if (message == null) {
            return problem.getClass().getSimpleName();
        }
        // Java's exceptions about files name the file only.
        return problem instanceof FileSystemException
                ? problem.getClass().getSimpleName() + ": " + message
                : message;
    }

    private static String shortened(String detail) {
        return detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL - 1) + "…";
    }

    private static String word(Phase phase) {
        return phase.name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
    }
}

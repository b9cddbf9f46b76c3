package dev.slipway.agent.runner;

import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.deployment.DeploymentLog.Begun;
import dev.slipway.agent.deployment.DeploymentLog.Phase;
import dev.slipway.agent.deployment.DeploymentLog.Plan;
import dev.slipway.agent.deployment.DeploymentLog.Report;
import dev.slipway.agent.deployment.kubectl.Kubectl;
import dev.slipway.agent.deployment.kubectl.Workloads;
import dev.slipway.expression.Value;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Sees what the `kubectl` commands of a deploying job do, by looking at the cluster before and
/// after each step that uses it. So both a deployment and its rollback are recorded, also where
/// `kubectl set image … || kubectl rollout undo …` makes a success of everything:
///
/// ```
/// other images run ──▶ ROLLOUT ── the earlier ones again ──▶ ROLLBACK, ROLLED_BACK
///                         └──────── the job has succeeded ──────▶ SUCCEEDED
/// ```
///
/// Only jobs that belong to an environment are watched. What cannot be seen is said in the step's
/// log and fails nothing.
final class ClusterWatch {
    private static final Pattern USES = Pattern.compile("(^|[\\s;&|(`/\"'])kubectl([\\s\"']|$)");
    private static final String BEGUN = "cluster/begun";
    private static final String ENDED = "cluster/ended";

    private final JobRuntime job;

    ClusterWatch(JobRuntime job) {
        this.job = job;
    }

    /// Looks before a step, if it is one to be watched.
    void before(StepSite site, String script, StepOutput log) throws IOException {
        boolean watched =
                !job.spec().environment().isEmpty()
                        && USES.matcher(script).find()
                        && job.checkpoint().recall(ENDED).isEmpty();
        if (watched) {
            try {
                look(site, "before", log);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while asking the cluster.");
            }
        }
    }

    /// Looks after a step that was looked at before it, and tells the farm.
    void after(StepSite site, StepOutput log) throws InterruptedException {
        if (job.checkpoint().recall(key(site, "before")).isEmpty()) {
            return;
        }
        Optional<Workloads> before = look(site, "before", log);
        Optional<Workloads> after = look(site, "after", log);
        if (before.isEmpty() || after.isEmpty()) {
            return;
        }
        try {
            tell(site, before.get(), after.get(), log);
        } catch (IOException problem) {
            throw new InfrastructureException(
                    "cannot record the deployment: " + problem.getMessage(), problem);
        }
    }

    private static String key(StepSite site, String when) {
        return site.path() + "/cluster/" + when;
    }

    private void tell(StepSite site, Workloads before, Workloads after, StepOutput log)
            throws IOException, InterruptedException {
        Workloads changed = after.changedSince(before);
        Optional<Value> begun = job.checkpoint().recall(BEGUN);
        if (begun.isEmpty() && !changed.isEmpty()) {
            begin(site, before.of(changed), changed, log);
        } else if (begun.isPresent()) {
            var was = Workloads.parse(begun.get().get("was").text());
            Workloads now = after.of(Workloads.parse(begun.get().get("deployed").text()));
            if (!was.isEmpty() && now.runSameAs(was)) {
                String detail = "'%s' brought it back.".formatted(now.names());
                report(begun.get(), Phase.ROLLBACK, detail, "");
                report(begun.get(), Phase.ROLLED_BACK, detail, now.images());
                log.say(site.path() + "/cluster/back", "Recorded: rolled back to " + now.images());
            }
        }
    }

    private void begin(StepSite site, Workloads was, Workloads deployed, StepOutput log)
            throws IOException, InterruptedException {
        DeploymentLog records = job.deployments();
        Begun given =
                records.begin(
                        new Plan(
                                site.path(),
                                job.spec().environment(),
                                "kubernetes",
                                deployed.names(),
                                deployed.images(),
                                "",
                                Optional.empty()));
        Value begun =
                job.checkpoint()
                        .record(
                                BEGUN,
                                Values.object(
                                        "environment", given.environment(),
                                        "number", given.number(),
                                        "was", was.table(),
                                        "deployed", deployed.table()));
        report(begun, Phase.ROLLOUT, "", deployed.images());
        log.say(
                site.path() + "/cluster/begun",
                "Recorded: deployment %d to '%s', %s runs %s"
                        .formatted(
                                given.number(),
                                given.environment(),
                                deployed.names(),
                                deployed.images()));
    }

    /// The job is over. What a failed job leaves behind is not known: the farm calls it failed.
    void finish(Conclusion conclusion) throws IOException, InterruptedException {
        Optional<Value> begun = job.checkpoint().recall(BEGUN);
        if (begun.isPresent() && conclusion == Conclusion.SUCCESS) {
            var deployed = Workloads.parse(begun.get().get("deployed").text());
            report(begun.get(), Phase.SUCCEEDED, "", deployed.images());
        }
    }

    private void report(Value begun, Phase phase, String detail, String running)
            throws IOException, InterruptedException {
        if (job.checkpoint().recall(ENDED).isPresent()) {
            return;
        }
        job.deployments()
                .report(
                        new Report(
                                begun.get("environment").text(),
                                StateCodec.integer(begun.get("number")),
                                phase,
                                detail,
                                running,
                                ""));
        if (phase == Phase.SUCCEEDED || phase == Phase.ROLLED_BACK) {
            job.checkpoint().record(ENDED, Value.of(phase.name()));
        }
    }

    private Optional<Workloads> look(StepSite site, String when, StepOutput log)
            throws InterruptedException {
        String key = key(site, when);
        Optional<Value> seen = job.checkpoint().recall(key);
        if (seen.isEmpty()) {
            seen = Optional.of(job.checkpoint().record(key, Value.of(ask(site, key, log))));
        }
        String table = seen.get().text();
        return table.equals("?") ? Optional.empty() : Optional.of(Workloads.parse(table));
    }

    /// @return a table, or `?`
    private String ask(StepSite site, String key, StepOutput log) throws InterruptedException {
        Optional<Path> program = Programs.find("kubectl", site.searchPath());
        if (program.isEmpty()) {
            return "?"; // The step itself will say so.
        }
        var kubectl =
                new Kubectl(
                        program.get(),
                        site.processEnvironment(Map.of(), Map.of()),
                        job.folders().workspace(),
                        job.folders().temp(),
                        job.machine().timers());
        try {
            return kubectl.workloads().table();
        } catch (IOException problem) {
            log.say(
                    key,
                    "What this step does to the cluster is not recorded: kubectl get deployments: "
                            + problem.getMessage());
            return "?";
        }
    }
}

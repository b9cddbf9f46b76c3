package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunRecords;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.WorkflowFile;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.Refusal;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.planning.JobDecision;
import dev.slipway.planning.JobLeg;
import dev.slipway.planning.JobResult;
import dev.slipway.planning.RunPlan;
import dev.slipway.planning.RunView;
import dev.slipway.workflow.Problem;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The plans of runs, made from what was submitted and kept a while: a plan is derived, never
/// stored. Safe for many threads, but the engine has one of its own so that nobody makes it wait.
public final class RunPlans {
    private static final int KEPT = 512;

    private final Map<PlanKey, RunPlan> plans = new Recent<>();
    private final Map<ContextKey, RunContexts> contexts = new Recent<>();

    /// What a submission turned out to be.
    ///
    /// @param plan present when nothing is wrong
    /// @param problem what is wrong
    public record Prepared(Optional<RunPlan> plan, Optional<Refusal> problem) {}

    /// Reads the workflows of a submission. Costs time the first time only: call it before the
    /// engine does, on a thread that may wait.
    public Prepared prepare(RunSpec spec) {
        var key = new PlanKey(spec.workflow(), spec.calledWorkflows(), spec.jobs());
        synchronized (plans) {
            RunPlan known = plans.get(key);
            if (known != null) {
                return new Prepared(Optional.of(known), Optional.empty());
            }
        }
        RunPlan.Loaded loaded = load(spec);
        if (loaded.plan().isEmpty()) {
            return wrong(ErrorCode.INVALID_WORKFLOW, text(loaded.problems()));
        }
        RunPlan plan = loaded.plan().get();
        if (!spec.jobs().isEmpty()) {
            try {
                plan = plan.restrictedTo(new HashSet<>(spec.jobs()));
            } catch (IllegalArgumentException unknownJob) {
                return wrong(ErrorCode.INVALID_ARGUMENT, String.valueOf(unknownJob.getMessage()));
            }
        }
        if (!plan.unsupported().isEmpty()) {
            return wrong(ErrorCode.UNSUPPORTED_WORKFLOW, text(plan.unsupported()));
        }
        synchronized (plans) {
            plans.put(key, plan);
        }
        return new Prepared(Optional.of(plan), Optional.empty());
    }

    /// The plan of a run that was accepted.
    ///
    /// @throws IllegalArgumentException when it would not be accepted now
    public RunPlan plan(RunSpec spec) {
        Prepared prepared = prepare(spec);
        return prepared.plan()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        prepared.problem().map(Refusal::message).orElse("")));
    }

    private static Prepared wrong(ErrorCode code, String message) {
        return new Prepared(Optional.empty(), Optional.of(new Refusal(code, message)));
    }

    /// The contexts that all jobs of a run attempt share.
    ///
    /// @throws ExpressionException when payload or inputs are wrong
    public RunContexts contexts(RunSpec spec, RunHead head, int runAttempt) {
        var key = new ContextKey(head.number(), runAttempt, spec.clientToken());
        synchronized (contexts) {
            RunContexts known = contexts.get(key);
            if (known != null) {
                return known;
            }
        }
        RunContexts made = RunContexts.of(spec, head, runAttempt, plan(spec));
        synchronized (contexts) {
            contexts.put(key, made);
        }
        return made;
    }

    /// A planned job as `planning` sees it, with its matrix, strategy, needs and inputs contexts.
    ///
    /// @param records the run and all its jobs
    /// @throws IllegalArgumentException when the job is not planned or runs no steps
    public JobLeg leg(RunRecords records, RunSpec spec, JobState job) {
        RunPlan plan = plan(spec);
        for (boolean cancelled : new boolean[] {false, true}) {
            RunView view = view(spec, records.run(), records.jobs(), cancelled);
            if (plan.decide(job.node().node(), view) instanceof JobDecision.Run run) {
                for (JobLeg leg : run.legs()) {
                    if (leg.key().equals(job.node().key())) {
                        return leg;
                    }
                }
            }
        }
        throw new IllegalArgumentException(
                "job %s (%s) is not one that an agent runs".formatted(job.id(), job.node().key()));
    }

    /// What is known of a run so far, for `planning`.
    public RunView view(RunSpec spec, RunState run, Collection<JobState> jobs, boolean cancelled) {
        RunContexts shared = contexts(spec, run.head(), run.runAttempt());
        return new View(shared, new NodeResults(jobs), cancelled);
    }

    /// What becomes of a node; never throws: what cannot be planned fails.
    JobDecision decide(FarmView farm, RunState run, String node, boolean cancelled) {
        try {
            RunSpec spec = farm.spec(run.number()).orElseThrow();
            return plan(spec).decide(node, view(spec, run, farm.jobs(run.number()), cancelled));
        } catch (RuntimeException bug) {
            return new JobDecision.Fail(
                    "Slipway could not plan this job (%s). Please report this as a bug."
                            .formatted(bug));
        }
    }

    private static RunPlan.Loaded load(RunSpec spec) {
        return RunPlan.load(
                spec.workflow().path(),
                spec.workflow().source().toArray(),
                path -> called(spec, path));
    }

    private static String text(List<Problem> problems) {
        List<String> errors =
                problems.stream().filter(Problem::isError).map(Problem::toString).toList();
        String shown = String.join("\n", errors.subList(0, Math.min(20, errors.size())));
        return errors.size() <= 20
                ? shown
                : shown + "\n… and %d more".formatted(errors.size() - 20);
    }

    private static Optional<byte[]> called(RunSpec spec, String path) {
        return spec.calledWorkflows().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .map(file -> file.source().toArray());
    }

    private record PlanKey(WorkflowFile workflow, List<WorkflowFile> called, List<String> jobs) {}

    private record ContextKey(long run, int runAttempt, String clientToken) {}

    private record View(RunContexts shared, NodeResults results, boolean cancelled)
            implements RunView {
        @Override
        public Value github() {
            return shared.github();
        }

        @Override
        public Value vars() {
            return shared.vars();
        }

        @Override
        public Value inputs() {
            return shared.inputs();
        }

        @Override
        public Optional<JobResult> result(String nodeKey) {
            return results.of(nodeKey);
        }
    }

    /// Forgets what was used longest ago.
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > KEPT;
        }
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.deployments.Placement;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobNode;
import dev.slipway.coordinator.model.JobPlan;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.Labels;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;
import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.id.JobId;
import dev.slipway.planning.CallLeg;
import dev.slipway.planning.CallOutcome;
import dev.slipway.planning.DeploymentTarget;
import dev.slipway.planning.JobDecision;
import dev.slipway.planning.JobLeg;
import dev.slipway.planning.JobResults;
import dev.slipway.planning.RunsOn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Plans the nodes of a run whose needs are done, and ends calls whose jobs are done.
final class NodePlanner {
    private final RunPlans plans;

    NodePlanner(RunPlans plans) {
        this.plans = plans;
    }

    /// What becomes of every node that is ready.
    List<Event> plan(FarmView view, RunState run, Collection<JobState> jobs, Turn turn) {
        var results = new NodeResults(jobs);
        var pass = new Pass(view, run, turn, results);
        for (JobState job : jobs) {
            boolean first = job.id().job() == job.node().group();
            if (first && ready(view, job, results)) {
                pass.plan(job);
            }
        }
        return pass.events;
    }

    /// The ends of calls that are under way and whose jobs have all ended.
    List<Event> finishCalls(FarmView view, RunState run, Collection<JobState> jobs, Turn turn) {
        var events = new ArrayList<Event>();
        for (JobState call : jobs) {
            if (!call.isCall() || call.status() != Status.RUNNING) {
                continue;
            }
            List<JobState> inside = view.children(run.number(), call.id().job());
            if (!inside.isEmpty() && inside.stream().allMatch(JobState::finished)) {
                events.add(finishCall(view, run, call, inside, turn));
                return events;
            }
        }
        return events;
    }

    private static boolean ready(FarmView view, JobState job, NodeResults results) {
        if (job.planned() || job.status() != Status.WAITING) {
            return false;
        }
        int parent = job.node().parent();
        boolean underWay =
                parent == 0
                        || view.job(new JobId(job.id().run(), parent))
                                .filter(call -> call.status() == Status.RUNNING)
                                .isPresent();
        return underWay
                && job.node().needs().stream().allMatch(need -> results.of(need).isPresent());
    }

    private Event finishCall(
            FarmView view, RunState run, JobState call, List<JobState> inside, Turn turn) {
        boolean last =
                view.group(run.number(), call.node().group()).stream()
                        .allMatch(leg -> leg.finished() || leg.id().equals(call.id()));
        Conclusion own =
                NodeResults.conclusion(
                        JobResults.worst(
                                inside.stream()
                                        .map(JobState::forgivenConclusion)
                                        .map(NodeResults::conclusion)
                                        .toList()));
        SortedMap<String, String> outputs = new TreeMap<>();
        String message = "";
        if (last) {
            try {
                RunSpec spec = view.spec(run.number()).orElseThrow();
                CallOutcome outcome =
                        plans.plan(spec)
                                .finishCall(
                                        call.node().node(),
                                        plans.view(
                                                spec,
                                                run,
                                                view.jobs(run.number()),
                                                run.cancelRequested()));
                outputs.putAll(outcome.result().outputs());
                message = outcome.error().orElse("");
            } catch (RuntimeException bug) {
                message =
                        "Slipway could not end this call (%s). Please report this as a bug."
                                .formatted(bug);
            }
        }
        return new Event.JobFinished(
                call.id(),
                message.isEmpty() ? own : Conclusion.FAILURE,
                message,
                outputs,
                "",
                turn.now());
    }

    /// One look at a run: counts the ordinals that it gives away.
    private final class Pass {
        private final FarmView view;
        private final RunState run;
        private final Turn turn;
        private final NodeResults results;
        private final List<Event> events = new ArrayList<>();
        private int lastOrdinal;

        Pass(FarmView view, RunState run, Turn turn, NodeResults results) {
            this.view = view;
            this.run = run;
            this.turn = turn;
            this.results = results;
            this.lastOrdinal = run.jobs();
        }

        void plan(JobState node) {
            List<JobState> rows = view.group(run.number(), node.node().group());
            switch (plans.decide(view, run, node.node().node(), run.cancelRequested())) {
                case JobDecision.Skip skip -> finishAll(rows, Conclusion.SKIPPED, skip.reason());
                case JobDecision.Fail fail -> finishAll(rows, Conclusion.FAILURE, fail.message());
                case JobDecision.Run legs -> run(rows, legs);
                case JobDecision.Call calls -> call(rows, calls);
            }
        }

        private void run(List<JobState> rows, JobDecision.Run decision) {
            RunSpec spec = view.spec(run.number()).orElseThrow();
            int count = decision.legs().size();
            for (int i = 0; i < count; i++) {
                JobLeg leg = decision.legs().get(i);
                int index = leg.key().equals(leg.node()) ? -1 : leg.index();
                Optional<DeploymentTarget> target = target(leg);
                JobPlan plan =
                        new JobPlan(
                                leg.name(),
                                labels(leg.runsOn().withAliases(spec.labelMapping())),
                                json(leg.matrix()),
                                count,
                                decision.maxParallel(),
                                decision.failFast(),
                                leg.continueOnError(),
                                target.map(DeploymentTarget::name).orElse(""),
                                target.map(DeploymentTarget::deployment).orElse(false),
                                leg.concurrency().map(Submission::concurrency),
                                minutes(leg.timeout()),
                                minutes(leg.cancelTimeout()));
                planned(rows, i, index, plan);
            }
            dropSurplus(rows, count);
        }

        /// What the job says, else what the farm's rule says of it.
        private Optional<DeploymentTarget> target(JobLeg leg) {
            return leg.environment()
                    .or(
                            () ->
                                    Placement.of(view.deployments(), run.head(), leg.node())
                                            .map(label -> new DeploymentTarget(label, true)));
        }

        private void call(List<JobState> rows, JobDecision.Call decision) {
            int count = decision.legs().size();
            for (int i = 0; i < count; i++) {
                CallLeg leg = decision.legs().get(i);
                int index = leg.key().equals(leg.node()) ? -1 : leg.index();
                JobPlan plan =
                        new JobPlan(
                                leg.name(),
                                List.of(),
                                json(leg.matrix()),
                                count,
                                decision.maxParallel(),
                                decision.failFast(),
                                false,
                                "",
                                false,
                                leg.concurrency().map(Submission::concurrency),
                                360,
                                5);
                JobId id = planned(rows, i, index, plan);
                addCalled(leg, id);
            }
            dropSurplus(rows, count);
        }

        /// The jobs of a called workflow, if they are not there from the start of the run.
        private void addCalled(CallLeg leg, JobId call) {
            Map<String, Integer> ordinals = new HashMap<>();
            ordinals.put(leg.key(), call.job());
            for (dev.slipway.planning.JobNode node : leg.nodes()) {
                if (results.known(node.key())) {
                    continue;
                }
                int ordinal = ++lastOrdinal;
                ordinals.put(node.key(), ordinal);
                int parent = node.parent().map(ordinals::get).orElse(call.job());
                events.add(
                        new Event.JobAdded(
                                new JobId(run.number(), ordinal),
                                Submission.place(node, ordinal, parent),
                                node.name(),
                                turn.now()));
            }
        }

        private JobId planned(List<JobState> rows, int i, int index, JobPlan plan) {
            JobNode place = rows.getFirst().node().withLeg(index);
            JobId id = i < rows.size() ? rows.get(i).id() : new JobId(run.number(), ++lastOrdinal);
            events.add(new Event.JobPlanned(id, place, plan, turn.now()));
            return id;
        }

        /// Legs of an earlier run attempt that the matrix no longer has.
        private void dropSurplus(List<JobState> rows, int count) {
            if (rows.size() > count) {
                finishAll(
                        rows.subList(count, rows.size()),
                        Conclusion.SKIPPED,
                        "the matrix of this run attempt has no such combination");
            }
        }

        private void finishAll(List<JobState> rows, Conclusion conclusion, String message) {
            for (JobState row : rows) {
                if (!row.finished()) {
                    events.add(Consequences.finished(row, conclusion, message, turn));
                }
            }
        }
    }

    /// A runner group is asked for as one more label.
    private static List<String> labels(RunsOn runsOn) {
        var labels = new ArrayList<>(runsOn.labels());
        runsOn.group().ifPresent(labels::add);
        return Labels.normal(labels);
    }

    /// A matrix as it is stored: nothing without one.
    private static String json(Value matrix) {
        return matrix instanceof Value.NullValue ? "" : Json.compact(matrix);
    }

    private static double minutes(Duration duration) {
        return duration.toMillis() / 60_000.0;
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Command.Submitted;
import dev.slipway.coordinator.model.Concurrency;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.EventFacts;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.JobNode;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.error.ErrorCode;
import dev.slipway.expression.ExpressionException;
import dev.slipway.expression.Value;
import dev.slipway.id.JobId;
import dev.slipway.planning.ConcurrencyGroup;
import dev.slipway.planning.JobResult;
import dev.slipway.planning.RunPlan;
import dev.slipway.planning.RunView;
import dev.slipway.workflow.Trigger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides on submissions: valid, supported, not seen before; then the run and its jobs come into
/// being.
final class Submission {
    private static final int MAX_FILE = 1 << 20;
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);

    private final RunPlans plans;

    Submission(RunPlans plans) {
        this.plans = plans;
    }

    Decision<Submitted> decide(FarmView view, RunSpec spec, Turn turn) {
        Optional<String> malformed = malformed(spec);
        if (malformed.isPresent()) {
            return Decision.refused(ErrorCode.INVALID_ARGUMENT, malformed.get());
        }
        Optional<FarmView.TokenUse> use = tokenUse(view, spec.clientToken(), turn);
        if (use.isPresent()) {
            return new Decision.Accepted<>(List.of(), new Submitted(use.get().run(), true));
        }
        RunPlans.Prepared prepared = plans.prepare(spec);
        if (prepared.plan().isEmpty()) {
            return new Decision.Refused<>(prepared.problem().orElseThrow());
        }
        RunPlan plan = prepared.plan().get();
        Optional<Decision<Submitted>> unfit = unfit(plan, spec);
        return unfit.isPresent() ? unfit.get() : queue(view, plan, spec, turn);
    }

    /// A client token that was used within its life.
    static Optional<FarmView.TokenUse> tokenUse(FarmView view, String token, Turn turn) {
        return view.runOfToken(token).filter(use -> use.at().plus(TOKEN_LIFE).isAfter(turn.now()));
    }

    private static Optional<String> malformed(RunSpec spec) {
        if (spec.clientToken().isEmpty() || spec.clientToken().length() > 128) {
            return Optional.of(
                    "client_token must have 1 to 128 characters; send a random one per submission");
        }
        if (spec.project().isBlank()) {
            return Optional.of("project must not be empty; use owner/name or the folder's name");
        }
        if (Math.abs(spec.priority()) > 100) {
            return Optional.of("priority %d is not in -100 to 100".formatted(spec.priority()));
        }
        if (spec.workflow().source().size() > MAX_FILE) {
            return Optional.of(
                    "the workflow file '%s' has %d bytes; at most 1 MiB is allowed"
                            .formatted(spec.workflow().path(), spec.workflow().source().size()));
        }
        return Optional.empty();
    }

    private static Optional<Decision<Submitted>> unfit(RunPlan plan, RunSpec spec) {
        if (plan.workflow().trigger(spec.event().name()).isEmpty()) {
            return Optional.of(
                    Decision.refused(
                            ErrorCode.INVALID_ARGUMENT,
                            "'%s' does not run on the event '%s'; its `on` has: %s"
                                    .formatted(
                                            spec.workflow().path(),
                                            spec.event().name(),
                                            String.join(
                                                    ", ",
                                                    plan.workflow().triggers().stream()
                                                            .map(Trigger::event)
                                                            .toList()))));
        }
        return Optional.empty();
    }

    private Decision<Submitted> queue(FarmView view, RunPlan plan, RunSpec spec, Turn turn) {
        long number = view.lastRun() + 1;
        EventFacts event = spec.event();
        String path = spec.workflow().path();
        RunHead head =
                new RunHead(
                        number,
                        spec.project(),
                        plan.workflow().displayName(),
                        path,
                        "",
                        event.name(),
                        event.ref(),
                        event.branch(),
                        event.sha(),
                        event.actor(),
                        view.runsOfWorkflow(spec.project(), path) + 1,
                        spec.priority(),
                        Optional.empty());
        try {
            head = named(head, spec, plan);
        } catch (ExpressionException wrong) {
            return Decision.refused(
                    ErrorCode.INVALID_WORKFLOW, path + ": error: " + wrong.getMessage());
        }
        var events = new ArrayList<Event>();
        events.add(new Event.RunQueued(head, spec, turn.now()));
        addJobs(events, number, plan.nodes(), turn);
        return new Decision.Accepted<>(events, new Submitted(number, false));
    }

    private RunHead named(RunHead head, RunSpec spec, RunPlan plan) {
        RunContexts contexts = plans.contexts(spec, head, 1);
        RunView view = new BeforeJobs(contexts);
        Optional<Concurrency> concurrency = plan.concurrency(view).map(Submission::concurrency);
        String title = plan.runName(view).orElseGet(() -> title(contexts, head.workflowName()));
        return new RunHead(
                head.number(),
                head.project(),
                head.workflowName(),
                head.workflowPath(),
                title,
                head.eventName(),
                head.ref(),
                head.branch(),
                head.sha(),
                head.actor(),
                head.numberInWorkflow(),
                head.priority(),
                concurrency);
    }

    static Concurrency concurrency(ConcurrencyGroup group) {
        return new Concurrency(
                group.group(),
                group.cancelInProgress(),
                group.queue() == ConcurrencyGroup.Queue.MAX);
    }

    /// GitHub's default: the commit's or the pull request's title, else the workflow's name.
    private static String title(RunContexts contexts, String workflowName) {
        Value event = contexts.github().get("event");
        String commit = event.get("head_commit").get("message").text();
        String request = event.get("pull_request").get("title").text();
        String title = commit.isBlank() ? request : commit.strip().lines().findFirst().orElse("");
        return title.isBlank() ? workflowName : title;
    }

    private static void addJobs(
            List<Event> events, long run, List<dev.slipway.planning.JobNode> nodes, Turn turn) {
        Map<String, Integer> ordinals = new HashMap<>();
        int ordinal = 0;
        for (dev.slipway.planning.JobNode node : nodes) {
            ordinals.put(node.key(), ++ordinal);
            int parent = node.parent().map(key -> ordinals.getOrDefault(key, 0)).orElse(0);
            events.add(
                    new Event.JobAdded(
                            new JobId(run, ordinal),
                            place(node, ordinal, parent),
                            node.name(),
                            turn.now()));
        }
    }

    static JobNode place(dev.slipway.planning.JobNode node, int ordinal, int parent) {
        return new JobNode(
                node.key(),
                -1,
                ordinal,
                parent,
                node.call() ? JobNode.Kind.CALL : JobNode.Kind.STEPS,
                node.needs());
    }

    /// A run in which nothing has happened yet.
    private record BeforeJobs(RunContexts contexts) implements RunView {
        @Override
        public Value github() {
            return contexts.github();
        }

        @Override
        public Value vars() {
            return contexts.vars();
        }

        @Override
        public Value inputs() {
            return contexts.inputs();
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public Optional<JobResult> result(String nodeKey) {
            return Optional.empty();
        }
    }
}

package dev.slipway.coordinator.rules;

import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.model.Notification;
import dev.slipway.coordinator.model.Notification.Said;
import dev.slipway.coordinator.model.Notification.Subject;
import dev.slipway.coordinator.model.NotificationRule;
import dev.slipway.coordinator.model.NotificationView;
import dev.slipway.coordinator.model.Occasion;
import dev.slipway.coordinator.model.RunHead;
import dev.slipway.coordinator.model.RunState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// What follows for notifications from an event that is about to be applied: which rules owe a
/// message for it. The answer is written with the event, in the same entry.
public final class Tidings {
    /// Who discards when too much is kept.
    static final String SLIPWAY = "slipway";

    private static final int MAX_TITLE = 300;
    private static final int MAX_TEXT = 2_000;

    private final FarmView view;
    private final Instant now;
    private final List<Event> events = new ArrayList<>();

    private Tidings(FarmView view, Instant now) {
        this.view = view;
        this.now = now;
    }

    /// @param view as it was before the event
    /// @return what is to be applied right after the event
    public static List<Event> of(FarmView view, Event event, Instant now) {
        var tidings = new Tidings(view, now);
        switch (event) {
            case Event.RunFinished e -> view.run(e.run()).ifPresent(run -> tidings.ended(run, e));
            case Event.DeploymentBegun e ->
                    tidings.deployment(Occasion.DEPLOYMENT_STARTED, e.deployment());
            case Event.DeploymentChanged e -> tidings.changed(e.deployment());
            default -> {
                // Nobody is told of it.
            }
        }
        return tidings.events;
    }

    // -- Runs

    private void ended(RunState run, Event.RunFinished end) {
        Subject subject = subject(run.head());
        Optional<Long> broken = view.notifications().brokenBy(subject.line());
        if (end.conclusion() == Conclusion.FAILURE) {
            if (broken.isEmpty()) {
                events.add(new Event.LineBroken(subject.line(), run.number(), now));
            }
            tell(Occasion.FAILURE, subject, run.runAttempt(), failed(run, end));
        } else if (end.conclusion() == Conclusion.SUCCESS && broken.isPresent()) {
            events.add(new Event.LineMended(subject.line(), run.number(), now));
            tell(Occasion.RECOVERY, subject, run.runAttempt(), recovered(run, broken.get()));
        }
    }

    private static Subject subject(RunHead head) {
        return new Subject(
                head.project(),
                head.workflowPath(),
                branch(head.eventName(), head.branch(), head.ref()),
                head.sha(),
                head.number(),
                "",
                0);
    }

    /// A pull request is no run of the branch that it comes from: that may be a fork's `main`.
    private static String branch(String event, String branch, String ref) {
        boolean pull = event.startsWith("pull_request");
        return pull || branch.isEmpty() ? ref.replaceFirst("^refs/(heads/)?", "") : branch;
    }

    private static Said failed(RunState run, Event.RunFinished end) {
        RunHead head = run.head();
        return new Said(
                "%s: %s failed on %s"
                        .formatted(head.project(), head.workflowName(), subject(head).branch()),
                lines(
                        "Run %d (%s)%s by %s."
                                .formatted(
                                        head.number(),
                                        head.title(),
                                        again(run.runAttempt()),
                                        head.actor()),
                        commit(head.sha()),
                        end.message()),
                "failure");
    }

    private static Said recovered(RunState run, long since) {
        RunHead head = run.head();
        return new Said(
                "%s: %s succeeds again on %s"
                        .formatted(head.project(), head.workflowName(), subject(head).branch()),
                lines(
                        "Run %d (%s)%s by %s. It had failed since run %d."
                                .formatted(
                                        head.number(),
                                        head.title(),
                                        again(run.runAttempt()),
                                        head.actor(),
                                        since),
                        commit(head.sha())),
                "success");
    }

    private static String again(int runAttempt) {
        return runAttempt == 1 ? "" : ", attempt " + runAttempt + ",";
    }

    // -- Deployments

    private void changed(Deployment now) {
        boolean had =
                view.deployments().deployment(now.name()).filter(Deployment::ended).isPresent();
        if (!had) {
            switch (now.phase()) {
                case SUCCEEDED -> deployment(Occasion.DEPLOYMENT_SUCCEEDED, now);
                case FAILED -> deployment(Occasion.DEPLOYMENT_FAILED, now);
                case ROLLED_BACK -> deployment(Occasion.DEPLOYMENT_ROLLED_BACK, now);
                case CLAIMED, ROLLOUT, HEALTH, ROLLBACK, SUPERSEDED -> {
                    // Under way, or another one has taken over.
                }
            }
        }
    }

    private void deployment(Occasion occasion, Deployment it) {
        Deployment.Origin from = it.origin();
        String ref = from.ref();
        var subject =
                new Subject(
                        it.environment().project(),
                        from.workflowPath(),
                        branch(from.event(), "", ref),
                        from.sha(),
                        from.attempt().run(),
                        it.label(),
                        it.number());
        tell(occasion, subject, from.runAttempt(), said(occasion, it));
    }

    private static Said said(Occasion occasion, Deployment it) {
        String word =
                switch (occasion) {
                    case DEPLOYMENT_STARTED -> "started";
                    case DEPLOYMENT_SUCCEEDED -> "succeeded";
                    case DEPLOYMENT_FAILED -> "failed";
                    case DEPLOYMENT_ROLLED_BACK -> "was rolled back";
                    case FAILURE, RECOVERY ->
                            throw new IllegalArgumentException("no deployment: " + occasion);
                };
        Deployment.Origin from = it.origin();
        String status =
                switch (occasion) {
                    case DEPLOYMENT_STARTED -> "started";
                    case DEPLOYMENT_SUCCEEDED -> "success";
                    default -> "failure";
                };
        return new Said(
                "%s: deployment %d to %s %s"
                        .formatted(it.environment().project(), it.number(), it.label(), word),
                lines(
                        "Run %d, job %s, by %s."
                                .formatted(from.attempt().run(), from.jobName(), from.actor()),
                        it.target().version().isEmpty() ? "" : "Version " + it.target().version(),
                        commit(from.sha()),
                        it.detail(),
                        it.url()),
                status);
    }

    // -- Both

    private void tell(Occasion occasion, Subject subject, int runAttempt, Said said) {
        NotificationView known = view.notifications();
        int kept = known.kept().size();
        Iterator<Notification> oldest = known.dead().iterator();
        for (NotificationRule rule : known.rules()) {
            if (!RuleMatch.concerns(rule, occasion, subject)) {
                continue;
            }
            String key = key(rule, occasion, subject, runAttempt);
            if (kept >= Notification.MAX_KEPT && !oldest.hasNext()) {
                events.add(new Event.NotificationDropped(rule.name(), key, now));
                continue;
            }
            if (kept >= Notification.MAX_KEPT) {
                List<Long> given = List.of(oldest.next().id());
                events.add(new Event.NotificationsDiscarded(given, SLIPWAY, now));
                kept--;
            }
            kept++;
            // The place that its own event will have among all events: nobody else has it.
            long id = view.sequence() + 2 + events.size();
            events.add(
                    new Event.NotificationQueued(
                            new Notification(
                                    id,
                                    rule.name(),
                                    key,
                                    occasion,
                                    subject,
                                    cut(said),
                                    now,
                                    0,
                                    false,
                                    ""),
                            now));
        }
    }

    /// The same for the same event and rule, whoever asks when.
    private String key(NotificationRule rule, Occasion occasion, Subject about, int runAttempt) {
        String what =
                about.deployment() == 0
                        ? "run-%d-%d".formatted(about.run(), runAttempt)
                        : "run-%d-%d-%s-%d"
                                .formatted(
                                        about.run(),
                                        runAttempt,
                                        about.environment(),
                                        about.deployment());
        return "%s/%s/%s/%s".formatted(view.farmId(), what, occasion.label(), rule.name());
    }

    private static Said cut(Said said) {
        return new Said(
                cut(said.title().replaceAll("\\s+", " "), MAX_TITLE),
                cut(said.text(), MAX_TEXT),
                said.status());
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    private static String commit(String sha) {
        return sha.isEmpty() ? "" : "Commit " + sha;
    }

    private static String lines(String... lines) {
        var all = new StringBuilder();
        for (String line : lines) {
            if (!line.isBlank()) {
                all.append(all.isEmpty() ? "" : "\n").append(line.strip());
            }
        }
        return all.toString();
    }
}

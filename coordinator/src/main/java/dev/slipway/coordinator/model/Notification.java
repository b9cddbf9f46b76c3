package dev.slipway.coordinator.model;

import java.time.Instant;

/// One message that a rule owes to its destination, until that has taken it. Immutable. It comes
/// into being in the same journal entry as what it tells of, so that neither is there without the
/// other.
///
/// ```
/// waiting ──delivered──▶ gone
///    │ ▲
///    │ └─replayed─┐
///    └─gave up──▶ dead ──discarded──▶ gone
/// ```
///
/// @param id rises with time, farm-wide
/// @param rule whose it is
/// @param key the same for the same event and rule: a receiver knows a message by it
/// @param said what it says
/// @param tries how often it was tried in vain since it was queued or replayed
/// @param dead nobody tries any more, until it is replayed
/// @param problem why the last try was in vain; empty before
public record Notification(
        long id,
        String rule,
        String key,
        Occasion occasion,
        Subject subject,
        Said said,
        Instant at,
        int tries,
        boolean dead,
        String problem) {
    /// How many tries there are: with pauses that double up to half an hour, two hours in all.
    public static final int MAX_TRIES = 12;

    /// How many a farm keeps, dead ones included.
    public static final int MAX_KEPT = 10_000;

    public static final int MAX_PROBLEM = 500;

    /// What it is about.
    ///
    /// @param workflow its path
    /// @param branch without `refs/heads/`; of pull requests and tags the ref without `refs/`
    /// @param environment empty for a run's end
    /// @param deployment 0 for a run's end
    public record Subject(
            String project,
            String workflow,
            String branch,
            String sha,
            long run,
            String environment,
            long deployment) {
        public Line line() {
            return new Line(project, workflow, branch);
        }
    }

    /// @param status one word: `failure`, `success`, …
    public record Said(String title, String text, String status) {}

    /// What fails and recovers: the runs of one workflow on one branch.
    public record Line(String project, String workflow, String branch) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            int byProject = project.compareTo(other.project);
            int byWorkflow = byProject != 0 ? byProject : workflow.compareTo(other.workflow);
            return byWorkflow != 0 ? byWorkflow : branch.compareTo(other.branch);
        }
    }

    Notification failed(String why, boolean forGood) {
        return with(tries + 1, forGood, why);
    }

    Notification replayed() {
        return with(0, false, problem);
    }

    private Notification with(int triesNow, boolean deadNow, String problemNow) {
        return new Notification(
                id, rule, key, occasion, subject, said, at, triesNow, deadNow, problemNow);
    }
}

package dev.slipway.coordinator.deployments;

import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Commit;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.Deployment.Phase;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.Incident;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The four figures of DORA for one environment, from its delivery record. Definitions and their
/// sources are in `docs/using/dora.md`; what is said here and there is the same.
public final class Dora {
    private final List<Shipped> history;
    private final List<Incident> incidents;
    private final Instant from;
    private final Instant to;

    /// @param commits what it brought
    public record Shipped(Deployment deployment, List<Commit> commits) {
        public Shipped {
            commits = List.copyOf(commits);
        }
    }

    /// Durations, if there was anything to measure.
    ///
    /// @param count how many
    /// @param median the middle one, or the mean of the two in the middle
    /// @param p90 the smallest that 90 % do not exceed (nearest rank)
    public record Spread(int count, Duration median, Duration p90) {}

    /// @param deployments how many new versions went live
    /// @param perDay the same, a day
    /// @param leadTime from a commit to its going live, for each commit
    /// @param changes how many changes ended, well or badly
    /// @param failedChanges how many of them failed
    /// @param restore from the beginning of a failure to its end, for each failure that has ended
    /// @param unrestored failures that have not ended
    public record Figures(
            EnvironmentName environment,
            Instant from,
            Instant to,
            int deployments,
            double perDay,
            Optional<Spread> leadTime,
            int changes,
            int failedChanges,
            Optional<Spread> restore,
            int unrestored) {
        /// From 0 to 1; nothing without changes.
        public Optional<Double> changeFailureRate() {
            return changes == 0 ? Optional.empty() : Optional.of((double) failedChanges / changes);
        }
    }

    /// @param history all deployments of the environment, in any order
    /// @param incidents all of the environment, in any order
    /// @param from inclusive
    /// @param to exclusive
    public Dora(List<Shipped> history, List<Incident> incidents, Instant from, Instant to) {
        this.history =
                history.stream()
                        .sorted(Comparator.comparingLong(one -> one.deployment().number()))
                        .toList();
        this.incidents = List.copyOf(incidents);
        this.from = from;
        this.to = to;
    }

    public Figures figures(EnvironmentName environment) {
        List<Deployment> changes = changes();
        var failures = new ArrayList<Failure>();
        for (Deployment change : changes) {
            failure(change).ifPresent(failures::add);
        }
        var restored = new ArrayList<Duration>();
        for (Failure failure : failures) {
            Instant end = failure.end;
            if (end != null) {
                restored.add(notNegative(Duration.between(failure.begin, end)));
            }
        }
        int live = (int) changes.stream().filter(Deployment::succeeded).count();
        return new Figures(
                environment,
                from,
                to,
                live,
                live / (Duration.between(from, to).toMillis() / 86_400_000.0),
                spread(leadTimes()),
                changes.size(),
                failures.size(),
                spread(restored),
                failures.size() - restored.size());
    }

    /// What ended in time, changed something, and was not itself a way back.
    private List<Deployment> changes() {
        return history.stream()
                .map(Shipped::deployment)
                .filter(this::endedInTime)
                .filter(one -> one.lineage().rollbackOf() == 0)
                .filter(Dora::changedSomething)
                .toList();
    }

    private boolean endedInTime(Deployment deployment) {
        Instant end = deployment.times().finishedAt();
        return end != null && !end.isBefore(from) && end.isBefore(to);
    }

    private static boolean changedSomething(Deployment deployment) {
        return switch (deployment.phase()) {
            case SUCCEEDED, ROLLED_BACK -> true;
            case FAILED ->
                    deployment.times().changingSince() != null
                            || deployment.origin().step().isEmpty()
                                    && deployment.cause() != Cause.CANCELLED;
            case CLAIMED, ROLLOUT, HEALTH, ROLLBACK, SUPERSEDED -> false;
        };
    }

    private List<Duration> leadTimes() {
        Set<String> live = new HashSet<>();
        var times = new ArrayList<Duration>();
        for (Shipped shipped : history) {
            Deployment deployment = shipped.deployment();
            Instant end = deployment.times().finishedAt();
            if (!deployment.succeeded() || end == null || deployment.lineage().rollbackOf() != 0) {
                continue;
            }
            for (Commit commit : shipped.commits()) {
                if (live.add(commit.sha()) && endedInTime(deployment)) {
                    times.add(notNegative(Duration.between(commit.at(), end)));
                }
            }
        }
        return times;
    }

    /// @param end null while it lasts
    private record Failure(Instant begin, @Nullable Instant end) {
        /// Both at once: it begins with the first and ends with the last.
        Failure and(Failure other) {
            Instant first = begin.isBefore(other.begin) ? begin : other.begin;
            if (end == null || other.end == null) {
                return new Failure(first, null);
            }
            return new Failure(first, end.isAfter(other.end) ? end : other.end);
        }
    }

    /// Why a change has failed, in every way in which it did.
    private Optional<Failure> failure(Deployment change) {
        var all = new ArrayList<Failure>();
        Instant end = change.times().finishedAt();
        if (change.phase() == Phase.ROLLED_BACK) {
            all.add(new Failure(begin(change), end));
        } else if (change.phase() == Phase.FAILED) {
            all.add(new Failure(begin(change), nextSuccess(change)));
        } else if (end != null) {
            Instant live = end;
            if (takenBack(change)) {
                all.add(new Failure(live, nextSuccess(change)));
            }
        }
        for (Incident incident : incidents) {
            if (incident.number() == change.number() && incident.openedAt().isBefore(to)) {
                all.add(new Failure(incident.openedAt(), incident.closedAt()));
            }
        }
        return all.stream().reduce(Failure::and);
    }

    private static Instant begin(Deployment change) {
        Instant since = change.times().changingSince();
        return since == null ? change.times().startedAt() : since;
    }

    private @Nullable Instant nextSuccess(Deployment failed) {
        return history.stream()
                .map(Shipped::deployment)
                .filter(one -> one.number() > failed.number())
                .filter(Deployment::succeeded)
                .findFirst()
                .map(one -> one.times().finishedAt())
                .orElse(null);
    }

    private boolean takenBack(Deployment change) {
        return history.stream()
                .anyMatch(one -> one.deployment().lineage().rollbackOf() == change.number());
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    static Optional<Spread> spread(List<Duration> durations) {
        if (durations.isEmpty()) {
            return Optional.empty();
        }
        List<Duration> sorted = durations.stream().sorted().toList();
        int count = sorted.size();
        Duration median = sorted.get((count - 1) / 2).plus(sorted.get(count / 2)).dividedBy(2);
        Duration p90 = sorted.get((count * 9 + 9) / 10 - 1);
        return Optional.of(new Spread(count, median, p90));
    }
}

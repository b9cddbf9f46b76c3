package dev.slipway.agent.deployment.health;

import dev.slipway.agent.deployment.Health;
import dev.slipway.agent.deployment.Release;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Watches a version in rounds: until enough rounds in a row were good (bounded by the deadline),
/// then over the watch window, in which the metric is looked at as well.
public final class HealthGate implements Health {
    private final List<? extends Check> checks;
    private final Optional<MetricCheck> metric;
    private final GateTimes times;
    private final Clock clock;
    private final Timers timers;
    private final Consumer<String> say;

    HealthGate(
            List<? extends Check> checks,
            Optional<MetricCheck> metric,
            GateTimes times,
            Clock clock,
            Timers timers,
            Consumer<String> say) {
        this.checks = List.copyOf(checks);
        this.metric = metric;
        this.times = times;
        this.clock = clock;
        this.timers = timers;
        this.say = say;
    }

    @Override
    public void before() throws InterruptedException {
        if (metric.isPresent()) {
            metric.get().measureBefore();
        }
    }

    @Override
    public Optional<String> watch(Release release, Life life)
            throws IOException, InterruptedException {
        Optional<String> wrong = becomeHealthy(release, life);
        if (wrong.isPresent() || (times.window().isZero() && metric.isEmpty())) {
            return wrong;
        }
        return stayHealthy(release, life);
    }

    @Override
    public Optional<String> recovered(Release release, Life life)
            throws IOException, InterruptedException {
        return becomeHealthy(release, life);
    }

    private Optional<String> becomeHealthy(Release release, Life life)
            throws IOException, InterruptedException {
        Duration end = clock.uptime().plus(times.deadline());
        int good = 0;
        String last = "";
        while (true) {
            Optional<String> dead = life.problem();
            if (dead.isPresent()) {
                return dead;
            }
            Optional<String> wrong = round(release);
            good = wrong.isPresent() ? 0 : good + 1;
            if (wrong.isPresent() && !wrong.get().equals(last)) {
                last = wrong.get();
                say.accept("not healthy yet: " + last);
            }
            if (good >= times.successes()) {
                say.accept("healthy %d times in a row".formatted(good));
                return Optional.empty();
            }
            if (clock.uptime().plus(times.interval()).compareTo(end) > 0) {
                return Optional.of(
                        "not healthy within %s: %s"
                                .formatted(
                                        text(times.deadline()),
                                        wrong.orElse(
                                                "only %d good checks in a row".formatted(good))));
            }
            timers.pause(times.interval());
        }
    }

    private Optional<String> stayHealthy(Release release, Life life)
            throws IOException, InterruptedException {
        Duration start = clock.uptime();
        Duration end = start.plus(times.window());
        say.accept("watching for " + text(times.window()));
        int bad = 0;
        while (true) {
            Optional<String> dead = life.problem();
            if (dead.isPresent()) {
                return dead;
            }
            Optional<String> wrong = round(release);
            if (wrong.isEmpty() && metric.isPresent()) {
                wrong = metric.get().look(release);
            }
            bad = wrong.isPresent() ? bad + 1 : 0;
            wrong.ifPresent(what -> say.accept("not healthy: " + what));
            boolean last = clock.uptime().compareTo(end) >= 0;
            if (wrong.isPresent() && (last || bad >= times.failures())) {
                return Optional.of(
                        "%s after it was watched for %s: %s"
                                .formatted(
                                        bad > 1
                                                ? "unhealthy %d times in a row".formatted(bad)
                                                : "unhealthy",
                                        text(clock.uptime().minus(start)),
                                        wrong.get()));
            }
            if (last) {
                return metric.flatMap(MetricCheck::verdict);
            }
            Duration left = end.minus(clock.uptime());
            timers.pause(left.compareTo(times.interval()) < 0 ? left : times.interval());
        }
    }

    private Optional<String> round(Release release) throws InterruptedException {
        for (Check check : checks) {
            Optional<String> wrong = check.look(release);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    /// `1m30s`, as it is written in a workflow.
    static String text(Duration duration) {
        long seconds = duration.toSeconds();
        long millis = duration.toMillisPart();
        if (millis > 0 && seconds < 10) {
            return "%.1fs".formatted(duration.toMillis() / 1000.0);
        }
        return seconds < 60
                ? seconds + "s"
                : seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
}

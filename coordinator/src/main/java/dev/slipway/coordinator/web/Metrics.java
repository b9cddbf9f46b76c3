package dev.slipway.coordinator.web;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// All metrics of a coordinator: their names, what they mean, where they come from. Values are read
/// when somebody scrapes; nothing is counted twice. `docs/operating/metrics.md` says the same
/// (checked by a test).
public final class Metrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();

    /// Where the values come from.
    ///
    /// @param farm counts of the engine, read together
    /// @param calls finished calls by `method` and `code`
    /// @param deliveries figures of the last 30 days, one per environment
    public record Sources(
            Supplier<Farm> farm,
            LongSupplier logChunks,
            LongSupplier logBytes,
            LongSupplier logSyncs,
            LongSupplier blobBytes,
            LongSupplier blobQuota,
            LongSupplier watchedRuns,
            Supplier<Map<Call, Long>> calls,
            Supplier<List<Delivery>> deliveries,
            Notified notified,
            Supplier<Double> uptimeSeconds) {}

    /// What the farm is at one moment.
    public record Farm(
            long epoch,
            long position,
            int agentsConnected,
            int agentsUnreachable,
            int slots,
            int busySlots,
            int runsActive,
            int jobsQueued,
            int jobsRunning,
            int notificationsWaiting,
            int notificationsDead) {}

    /// What became of notifications since the start.
    public record Notified(
            LongSupplier delivered,
            LongSupplier retried,
            LongSupplier dead,
            LongSupplier dropped) {}

    /// One kind of call that has ended.
    public record Call(String method, String code) {}

    /// The figures of DORA of one environment, as `docs/using/dora.md` defines them.
    ///
    /// @param leadSeconds by quantile; empty when nothing was measured
    /// @param restoreSeconds by quantile; empty when nothing was measured
    public record Delivery(
            String project,
            String environment,
            int deployments,
            int changes,
            int failedChanges,
            int unrestored,
            Map<String, Double> leadSeconds,
            Map<String, Double> restoreSeconds) {}

    public Metrics(Sources from) {
        farm(from.farm());
        counter(
                "slipway_coordinator_log_chunks_total",
                "Chunks of output stored since the start",
                from.logChunks());
        counter(
                "slipway_coordinator_log_bytes_total",
                "Compressed bytes of output stored since the start",
                from.logBytes());
        counter(
                "slipway_coordinator_log_syncs_total",
                "Syncs of log segments since the start",
                from.logSyncs());
        gauge(
                "slipway_coordinator_blob_bytes",
                "Bytes of sources, artifacts and caches held",
                from.blobBytes());
        gauge(
                "slipway_coordinator_blob_quota_bytes",
                "Bytes that sources, artifacts and caches may take",
                from.blobQuota());
        gauge(
                "slipway_coordinator_watched_runs",
                "Runs that clients watch or follow",
                from.watchedRuns());
        calls(from.calls());
        deliveries(from.deliveries());
        notifications(from.notified());
        GaugeWithCallback.builder()
                .name("slipway_coordinator_uptime_seconds")
                .help("Seconds since the start")
                .callback(callback -> callback.call(from.uptimeSeconds().get()))
                .register(registry);
        JvmMetrics.builder().register(registry);
    }

    private void farm(Supplier<Farm> farm) {
        gauge("slipway_coordinator_epoch", "Epoch of this reign", () -> farm.get().epoch());
        counter(
                "slipway_coordinator_journal_entries_total",
                "Position of the journal: entries ever written",
                () -> farm.get().position());
        gauge(
                "slipway_coordinator_agents_connected",
                "Agents with a session",
                () -> farm.get().agentsConnected());
        gauge(
                "slipway_coordinator_agents_unreachable",
                "Agents that hold jobs without a session",
                () -> farm.get().agentsUnreachable());
        GaugeWithCallback.builder()
                .name("slipway_coordinator_agent_slots")
                .help("Slots of connected agents by state")
                .labelNames("state")
                .callback(
                        callback -> {
                            Farm now = farm.get();
                            callback.call(now.busySlots(), "busy");
                            callback.call(Math.max(0, now.slots() - now.busySlots()), "free");
                        })
                .register(registry);
        gauge(
                "slipway_coordinator_runs_active",
                "Runs that have not ended",
                () -> farm.get().runsActive());
        GaugeWithCallback.builder()
                .name("slipway_coordinator_jobs")
                .help("Jobs by state: waiting for an agent, or held by one")
                .labelNames("state")
                .callback(
                        callback -> {
                            Farm now = farm.get();
                            callback.call(now.jobsQueued(), "queued");
                            callback.call(now.jobsRunning(), "running");
                        })
                .register(registry);
        GaugeWithCallback.builder()
                .name("slipway_coordinator_notifications")
                .help("Notifications that wait for their destination, or were given up")
                .labelNames("state")
                .callback(
                        callback -> {
                            Farm now = farm.get();
                            callback.call(now.notificationsWaiting(), "waiting");
                            callback.call(now.notificationsDead(), "dead");
                        })
                .register(registry);
    }

    private void notifications(Notified notified) {
        counter(
                "slipway_coordinator_notifications_delivered_total",
                "Notifications that their destinations took since the start",
                notified.delivered());
        counter(
                "slipway_coordinator_notifications_retried_total",
                "Tries in vain after which a notification is tried again, since the start",
                notified.retried());
        counter(
                "slipway_coordinator_notifications_dead_total",
                "Notifications that were given up since the start",
                notified.dead());
        counter(
                "slipway_coordinator_notifications_dropped_total",
                "Notifications that were not kept since the start: too many were",
                notified.dropped());
    }

    private void calls(Supplier<Map<Call, Long>> calls) {
        CounterWithCallback.builder()
                .name("slipway_coordinator_grpc_calls_total")
                .help("gRPC calls that have ended, by method and status")
                .labelNames("method", "code")
                .callback(
                        callback ->
                                calls.get()
                                        .forEach(
                                                (call, count) ->
                                                        callback.call(
                                                                count, call.method(), call.code())))
                .register(registry);
    }

    private void deliveries(Supplier<List<Delivery>> all) {
        delivery(
                "slipway_delivery_deployments",
                "New versions that went live in the last 30 days",
                all,
                Delivery::deployments);
        delivery(
                "slipway_delivery_changes",
                "Changes that ended in the last 30 days, well or badly",
                all,
                Delivery::changes);
        delivery(
                "slipway_delivery_failed_changes",
                "Changes of the last 30 days that failed",
                all,
                Delivery::failedChanges);
        delivery(
                "slipway_delivery_unrestored",
                "Failures of the last 30 days that have not ended",
                all,
                Delivery::unrestored);
        quantiles(
                "slipway_delivery_lead_time_seconds",
                "From a commit to its going live, in the last 30 days",
                all,
                Delivery::leadSeconds);
        quantiles(
                "slipway_delivery_restore_seconds",
                "From the beginning of a failure to its end, in the last 30 days",
                all,
                Delivery::restoreSeconds);
    }

    private void delivery(
            String name,
            String help,
            Supplier<List<Delivery>> all,
            ToDoubleFunction<Delivery> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("project", "environment")
                .callback(
                        callback ->
                                all.get()
                                        .forEach(
                                                one ->
                                                        callback.call(
                                                                value.applyAsDouble(one),
                                                                one.project(),
                                                                one.environment())))
                .register(registry);
    }

    private void quantiles(
            String name,
            String help,
            Supplier<List<Delivery>> all,
            Function<Delivery, Map<String, Double>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("project", "environment", "quantile")
                .callback(
                        callback -> {
                            for (Delivery one : all.get()) {
                                values.apply(one)
                                        .forEach(
                                                (quantile, seconds) ->
                                                        callback.call(
                                                                seconds,
                                                                one.project(),
                                                                one.environment(),
                                                                quantile));
                            }
                        })
                .register(registry);
    }

    private void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }

    private void counter(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }

    PrometheusRegistry registry() {
        return registry;
    }
}

package dev.slipway.coordinator;

import dev.slipway.coordinator.api.CallCounts;
import dev.slipway.coordinator.api.GrpcServer;
import dev.slipway.coordinator.api.Leadership;
import dev.slipway.coordinator.api.Leadership.Standing;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.deployments.Deliveries;
import dev.slipway.coordinator.deployments.Dora;
import dev.slipway.coordinator.engine.AgentView;
import dev.slipway.coordinator.engine.EngineView;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.notify.DeliveryCounts;
import dev.slipway.coordinator.settings.CoordinatorSettings;
import dev.slipway.coordinator.web.Metrics;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the values behind the metrics.
final class Figures {
    private static final Duration WINDOW = Duration.ofDays(30);
    private static final Duration SHARED = Duration.ofSeconds(10);

    private final Leadership leadership;
    private final LogStore logs;
    private final BlobStore blobs;
    private final Deliveries deliveries;
    private final DeliveryCounts notified;
    private final GrpcServer grpc;
    private final CoordinatorSettings settings;
    private final Clock clock;
    private final Duration startedAt;
    private List<Metrics.Delivery> delivered = List.of();
    private Duration deliveredAt = Duration.ZERO;

    Figures(
            Leadership leadership,
            Stores stores,
            GrpcServer grpc,
            CoordinatorSettings settings,
            Clock clock) {
        this.leadership = leadership;
        this.logs = stores.logs;
        this.blobs = stores.blobs;
        this.deliveries = new Deliveries(stores.runs.deployments());
        this.notified = stores.notified;
        this.grpc = grpc;
        this.settings = settings;
        this.clock = clock;
        this.startedAt = clock.uptime();
    }

    Metrics metrics() {
        return new Metrics(
                new Metrics.Sources(
                        this::farm,
                        () -> logs.taken().chunks(),
                        () -> logs.taken().bytes(),
                        () -> logs.taken().syncs(),
                        blobs::bytesUsed,
                        settings::blobQuota,
                        grpc::watching,
                        this::calls,
                        this::deliveries,
                        new Metrics.Notified(
                                notified::delivered,
                                notified::retried,
                                notified::dead,
                                notified::dropped),
                        () -> clock.uptime().minus(startedAt).toMillis() / 1000.0));
    }

    /// Reading the whole delivery record takes longer than a counter: a few scrapes share it.
    private synchronized List<Metrics.Delivery> deliveries() {
        Duration now = clock.uptime();
        if (deliveredAt.isZero() || now.minus(deliveredAt).compareTo(SHARED) > 0) {
            Instant to = clock.now();
            delivered =
                    deliveries.dora(new Deliveries.Filter("", ""), to.minus(WINDOW), to).stream()
                            .map(Figures::delivery)
                            .toList();
            deliveredAt = now;
        }
        return delivered;
    }

    private static Metrics.Delivery delivery(Dora.Figures figures) {
        return new Metrics.Delivery(
                figures.environment().project(),
                figures.environment().name(),
                figures.deployments(),
                figures.changes(),
                figures.failedChanges(),
                figures.unrestored(),
                figures.leadTime().map(Figures::quantiles).orElse(Map.of()),
                figures.restore().map(Figures::quantiles).orElse(Map.of()));
    }

    private static Map<String, Double> quantiles(Dora.Spread spread) {
        return Map.of(
                "0.5",
                spread.median().toMillis() / 1000.0,
                "0.9",
                spread.p90().toMillis() / 1000.0);
    }

    private Metrics.Farm farm() {
        Standing standing = leadership.standing();
        try {
            return standing.leads()
                    ? leadership.require().engine().read(view -> farm(view, standing))
                    : standby(standing, leadership.read(farm -> farm.runs().size()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SlipwayException(
                    ErrorCode.NOT_LEADER, "Interrupted while reading figures.", interrupted);
        }
    }

    /// Agents and queues are the leader's to tell.
    private static Metrics.Farm standby(Standing standing, int runs) {
        return new Metrics.Farm(
                standing.epoch(), standing.position(), 0, 0, 0, 0, runs, 0, 0, 0, 0);
    }

    private static Metrics.Farm farm(EngineView view, Standing standing) {
        int connected = 0;
        int unreachable = 0;
        int slots = 0;
        int busy = 0;
        for (AgentView agent : view.agents()) {
            if (agent.connected()) {
                connected++;
                slots += agent.info().slots();
                busy += agent.busySlots();
            } else if (agent.busySlots() > 0) {
                unreachable++;
            }
        }
        return new Metrics.Farm(
                standing.epoch(),
                view.farm().position(),
                connected,
                unreachable,
                slots,
                busy,
                view.farm().runs().size(),
                view.queuedJobs(),
                view.leasedJobs(),
                view.farm().notifications().waiting(),
                view.farm().notifications().dead().size());
    }

    private Map<Metrics.Call, Long> calls() {
        var calls = new HashMap<Metrics.Call, Long>();
        Map<CallCounts.Label, java.util.concurrent.atomic.LongAdder> counted =
                grpc.counts().finished();
        counted.forEach(
                (label, count) ->
                        calls.put(new Metrics.Call(label.method(), label.code()), count.sum()));
        return calls;
    }
}

package dev.slipway.agent.session;

import dev.slipway.agent.runner.AttemptView;
import dev.slipway.agent.runner.Attempts;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.session.CoordinatorLink.Connection;
import dev.slipway.agent.session.IdentityFiles.SeenEpoch;
import dev.slipway.agent.v1.AgentIdentity;
import dev.slipway.agent.v1.Capacity;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.time.Clock;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tells the coordinator this agent's state: the whole of it on every connection, then what has
/// changed since it was last told. Belongs to the session's thread.
final class StateTeller {
    private final Identity identity;
    private final Offer offer;
    private final Attempts attempts;
    private final LeaseClock lease;
    private final Clock clock;
    private final Map<Token, Long> toldRevisions = new HashMap<>();
    private long sequence;
    private boolean draining;
    private Capacity toldCapacity = Capacity.getDefaultInstance();
    private @Nullable Connection connection;

    StateTeller(Identity identity, Offer offer, Attempts attempts, LeaseClock lease, Clock clock) {
        this.identity = identity;
        this.offer = offer;
        this.attempts = attempts;
        this.lease = lease;
        this.clock = clock;
    }

    /// Starts a new stream with the whole state.
    void greet(Connection fresh, SeenEpoch seen) {
        connection = fresh;
        sequence = 0;
        toldRevisions.clear();
        lease.newConnection(clock.uptime());
        var whole =
                ExchangeRequest.newBuilder()
                        .setFull(true)
                        .setIdentity(
                                AgentIdentity.newBuilder()
                                        .setAgentId(identity.agentId())
                                        .setName(identity.name())
                                        .setBootId(identity.bootId())
                                        .setVersion(identity.version())
                                        .setProcessId(identity.processId())
                                        .setHighestEpoch(seen.epoch())
                                        .setFarmId(seen.farmId()))
                        .setCapacity(capacity());
        send(whole, attempts.views());
    }

    void disconnected() {
        connection = null;
    }

    /// Asks for the leases to be renewed, and says what has changed, e.g. that the disk is full.
    void beat() {
        var request = ExchangeRequest.newBuilder();
        Capacity capacity = capacity();
        if (!capacity.equals(toldCapacity)) {
            request.setCapacity(capacity);
        }
        send(request, changed());
    }

    /// Says what has changed, if anything has.
    void changes() {
        var changed = changed();
        if (!changed.isEmpty()) {
            send(ExchangeRequest.newBuilder(), changed);
        }
    }

    /// From now on this agent takes no new attempts.
    void drain() {
        draining = true;
        send(ExchangeRequest.newBuilder().setCapacity(capacity()), changed());
    }

    /// Whether the coordinator knows from this connection that the attempt is here.
    boolean hasTold(Token token) {
        return toldRevisions.containsKey(token);
    }

    void forget(Token token) {
        toldRevisions.remove(token);
    }

    private List<AttemptView> changed() {
        return attempts.views().stream()
                .filter(view -> toldRevisions.getOrDefault(view.token(), -1L) < view.revision())
                .toList();
    }

    private Capacity capacity() {
        return Capacity.newBuilder()
                .setSlots(offer.slots())
                .addAllLabels(offer.labels())
                .setOs(offer.os())
                .setArch(offer.arch())
                .setDraining(draining)
                .setUnavailableReason(offer.unavailableReason().get())
                .addAllWarmProjects(offer.warmProjects().get())
                .build();
    }

    private void send(ExchangeRequest.Builder request, List<AttemptView> views) {
        Connection current = connection;
        if (current == null) {
            return;
        }
        sequence++;
        request.setSequence(sequence);
        if (request.hasCapacity()) {
            toldCapacity = request.getCapacity();
        }
        for (AttemptView view : views) {
            request.addAttempts(Messages.state(view));
            toldRevisions.put(view.token(), view.revision());
        }
        lease.sent(sequence, clock.uptime());
        current.send(request.build());
    }
}

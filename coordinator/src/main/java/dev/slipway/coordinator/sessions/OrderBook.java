package dev.slipway.coordinator.sessions;

import dev.slipway.agent.v1.AttemptOrder;
import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.Token;
import dev.slipway.id.AttemptId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one agent holds and what it was told about it, so that only what differs is told again.
/// Belongs to a session's actor.
final class OrderBook {
    private final String farmId;

    /// What the agent has reported, until it is told to forget it.
    private final Map<AttemptId, Held> held = new TreeMap<>();

    /// The latest order per attempt that the agent was sent.
    private final Map<AttemptId, AttemptOrder> told = new TreeMap<>();

    /// @param revision the latest that is durable
    private record Held(Token token, long revision) {}

    /// @param orders to be sent now
    /// @param forgotten what the agent is told to forget
    record News(List<AttemptOrder> orders, List<AttemptId> forgotten) {}

    OrderBook(String farmId) {
        this.farmId = farmId;
    }

    void clear() {
        held.clear();
        told.clear();
    }

    /// The agent says that it holds an attempt.
    void reported(AttemptId attempt, Token token) {
        held.compute(
                attempt, (id, before) -> new Held(token, before == null ? 0 : before.revision()));
    }

    /// A revision of what the agent said of an attempt is recorded.
    void durable(AttemptId attempt, long revision) {
        held.computeIfPresent(attempt, (id, before) -> new Held(before.token(), revision));
    }

    boolean isHeld(AttemptId attempt) {
        return held.containsKey(attempt);
    }

    /// The orders that the agent has not been sent yet.
    ///
    /// @param whole all orders, sent before or not
    News news(Desired desired, boolean whole) {
        var attempts = new TreeSet<>(desired.orders().keySet());
        attempts.addAll(held.keySet());
        var news = new News(new ArrayList<>(), new ArrayList<>());
        for (AttemptId attempt : attempts) {
            AttemptOrder order = order(attempt, desired.orders().get(attempt));
            AttemptOrder before = told.put(attempt, order);
            if (whole || !order.equals(before)) {
                news.orders().add(order);
            }
            if (order.getAction() == Action.ACTION_FORGET) {
                news.forgotten().add(attempt);
            }
        }
        told.keySet().retainAll(attempts);
        news.forgotten().forEach(held::remove);
        news.forgotten().forEach(told::remove);
        return news;
    }

    private AttemptOrder order(AttemptId attempt, Desired.@Nullable Order wanted) {
        Held reported = held.get(attempt);
        var order = AttemptOrder.newBuilder();
        if (reported != null) {
            order.setAcknowledgedRevision(reported.revision());
        }
        if (wanted != null && (reported == null || isSame(reported.token(), wanted))) {
            return order.setToken(token(attempt, wanted.epoch()))
                    .setAction(wanted.action())
                    .setReason(wanted.reason())
                    .build();
        }
        Token token = reported == null ? token(attempt, 0) : reported.token();
        return order.setToken(token)
                .setAction(Action.ACTION_FORGET)
                .setReason("its end is recorded, or the farm did not give it to this agent")
                .build();
    }

    private boolean isSame(Token token, Desired.Order wanted) {
        return token.getEpoch() == wanted.epoch() && token.getFarmId().equals(farmId);
    }

    private Token token(AttemptId attempt, long epoch) {
        return Token.newBuilder()
                .setFarmId(farmId)
                .setAttempt(attempt.toString())
                .setEpoch(epoch)
                .build();
    }
}

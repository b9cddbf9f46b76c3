package dev.slipway.simulation;

import dev.slipway.agent.executor.Executor;
import dev.slipway.agent.runner.Attempts;
import dev.slipway.agent.runner.Farm;
import dev.slipway.agent.v1.AttemptOrder.Action;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.storage.Batch;
import dev.slipway.coordinator.storage.Database.Durability;
import dev.slipway.coordinator.storage.MemoryDatabase;
import dev.slipway.time.Clock;

import java.time.Duration;

/// Deliberately broken farms, made by wrapping ports: each must be caught by a named invariant, or
/// the simulation is blind. {@link #SOUND} is the farm as it is.
enum Variant {
    SOUND,
    /// The log lets a coordinator write that was replaced.
    NO_FENCING,
    /// A coordinator that was replaced goes on to acknowledge heartbeats.
    NO_AUTHORITY,
    /// Agents follow a coordinator that was replaced, and it says the epoch that they want to hear.
    OLD_EPOCH_FOLLOWED,
    /// The coordinator gives jobs away when a quarter of the lease has gone by.
    LEASE_CUT_SHORT,
    /// Agents count the lease from the answer instead of from the question.
    LEASE_FROM_RECEIPT,
    /// The journal says that an entry is durable before it is.
    ACKNOWLEDGE_BEFORE_SYNC,
    /// A restarted log store has forgotten how far the steps' logs had come.
    OFFSET_RESET,
    /// A restarted agent starts a running step again instead of adopting it.
    START_AGAIN,
    /// Cancels that are ordered while an agent is away are not told when it is back.
    CANCEL_DROPPED,
    /// A job's secrets are not masked.
    MASKS_FORGOTTEN;

    private static final Duration LONG_LEASE = Duration.ofSeconds(80);
    private static final byte[] LAST_KEY = {-1, -1, -1, -1, -1, -1, -1, -1, -1};

    boolean fences() {
        return this != NO_FENCING;
    }

    boolean stepsDown() {
        return this != NO_AUTHORITY && this != OLD_EPOCH_FOLLOWED;
    }

    /// Whether the mistake is the coordinator's, so that it may be caught there already.
    boolean renewalsAreWatched() {
        return this != OLD_EPOCH_FOLLOWED;
    }

    Authority authority(Authority real) {
        return stepsDown() ? real : Authority.STANDALONE;
    }

    /// Where the mistake can show.
    Mood mood(Mood any) {
        return switch (this) {
            case NO_FENCING, NO_AUTHORITY, OLD_EPOCH_FOLLOWED, CANCEL_DROPPED -> Mood.LEADERSHIP;
            case LEASE_CUT_SHORT, LEASE_FROM_RECEIPT -> Mood.LEASES;
            default -> any;
        };
    }

    /// How long agents are told that a lease lasts.
    Duration told(Duration any) {
        return this == LEASE_CUT_SHORT ? LONG_LEASE : any;
    }

    /// How long it lasts for the coordinator.
    Duration meant(Duration any) {
        return this == LEASE_CUT_SHORT ? LONG_LEASE.dividedBy(4) : any;
    }

    void atMount(MemoryDatabase database) {
        if (this == OFFSET_RESET) {
            var batch = new Batch();
            batch.deleteRange("log_steps", new byte[0], LAST_KEY);
            database.write(batch, Durability.SYNCED);
        }
    }

    Attempts attempts(Attempts real, Clock clock, Duration lease) {
        return this == LEASE_FROM_RECEIPT ? new LateLease(real, clock, lease) : real;
    }

    Executor executor(Executor real) {
        return this == START_AGAIN ? new Restarting(real) : real;
    }

    Farm farm(Farm real) {
        return this == MASKS_FORGOTTEN ? new Unmasked(real) : real;
    }

    /// What an agent hears instead of `said`.
    ExchangeResponse heard(ExchangeResponse said, long highestEpoch) {
        if (this == OLD_EPOCH_FOLLOWED) {
            return said.toBuilder().setEpoch(Math.max(said.getEpoch(), highestEpoch)).build();
        }
        if (this == LEASE_CUT_SHORT && said.hasPace()) {
            var longer = said.toBuilder();
            longer.getPaceBuilder().setLeaseTtlMs(LONG_LEASE.toMillis());
            return longer.build();
        }
        if (this == CANCEL_DROPPED && said.getFull()) {
            var dropped = said.toBuilder();
            dropped.getAttemptsBuilderList().stream()
                    .filter(order -> order.getAction() == Action.ACTION_CANCEL)
                    .forEach(order -> order.setAction(Action.ACTION_RUN));
            return dropped.build();
        }
        return said;
    }

    /// What a coordinator hears instead of `said`.
    ExchangeRequest told(ExchangeRequest said) {
        if (this == OLD_EPOCH_FOLLOWED && said.hasIdentity()) {
            var unaware = said.toBuilder();
            unaware.getIdentityBuilder().setHighestEpoch(0);
            return unaware.build();
        }
        return said;
    }
}

package dev.slipway.coordinator.journal;

import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

/// What the replicated logs need from the world besides BookKeeper and ZooKeeper.
public record LogsPorts(Clock clock, Timers timers, Threads threads, Ids ids) {}

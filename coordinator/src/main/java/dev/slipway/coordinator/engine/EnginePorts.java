package dev.slipway.coordinator.engine;

import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

/// The world as the engine sees it.
public record EnginePorts(
        Clock clock, Timers timers, Threads threads, Ids ids, Authority authority) {}

package dev.slipway.coordinator;

import dev.slipway.coordinator.api.Leadership;
import dev.slipway.coordinator.api.Members;
import dev.slipway.coordinator.settings.Address;

/// What decides whether a coordinator leads: always ({@link LoneRole}), or when elected ({@link
/// ClusterRole}).
interface Role extends Leadership, Members, AutoCloseable {
    /// Called once, when the coordinator listens.
    ///
    /// @param address where
    void start(Address address) throws InterruptedException;

    /// Why this coordinator is of no use to anybody at the moment; empty when it is.
    String unready();

    @Override
    void close();
}

package dev.slipway.coordinator.servers;

import dev.slipway.coordinator.settings.Address;
import dev.slipway.coordinator.settings.ZooKeeperAddress;

import java.nio.file.Path;
import java.time.Duration;

/// What an operator says about a bookie.
///
/// @param data directory for everything that it keeps
/// @param listen port 0 takes a free one; clients are told this address
/// @param zooKeeper the same as the coordinators'
/// @param lostAfter silence of another bookie after which its ledgers are copied again; at least a
///   second
public record BookieSettings(
        Path data, Address listen, ZooKeeperAddress zooKeeper, Duration lostAfter) {
    public static final Duration STANDARD_LOST_AFTER = Duration.ofMinutes(10);

    public BookieSettings {
        if (lostAfter.toSeconds() < 1) {
            throw new IllegalArgumentException("lost-after must be at least 1s");
        }
    }
}

package dev.slipway.coordinator.api;

import dev.slipway.coordinator.engine.Membership.Member;

import java.util.List;

/// The coordinators of the farm, as the services see them.
@FunctionalInterface
public interface Members {
    /// By id.
    ///
    /// @throws dev.slipway.error.SlipwayException when the registry cannot be reached
    List<Member> members() throws InterruptedException;
}

package dev.slipway.coordinator.sessions;

/// Whether this coordinator leads. Asked after a message has arrived and before it is acted on or
/// acknowledged: an acknowledgement renews leases, which only the leader may do.
@FunctionalInterface
public interface Authority {
    /// Standalone there is nobody else.
    Authority ALWAYS = () -> true;

    boolean isValid();
}

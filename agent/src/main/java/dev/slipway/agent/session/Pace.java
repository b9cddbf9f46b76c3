package dev.slipway.agent.session;

import java.time.Duration;

/// The intervals that the coordinator dictates.
record Pace(
        Duration heartbeatInterval,
        Duration leaseTtl,
        Duration reconnectWindow,
        Duration killGrace) {

    /// Until a coordinator has said otherwise.
    static final Pace INITIAL =
            new Pace(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10));

    /// What is missing or senseless in the message is taken from {@link #INITIAL}.
    static Pace of(dev.slipway.agent.v1.Pace pace) {
        return new Pace(
                positive(pace.getHeartbeatIntervalMs(), INITIAL.heartbeatInterval),
                positive(pace.getLeaseTtlMs(), INITIAL.leaseTtl),
                positive(pace.getReconnectWindowMs(), INITIAL.reconnectWindow),
                positive(pace.getKillGraceMs(), INITIAL.killGrace));
    }

    private static Duration positive(long millis, Duration otherwise) {
        return millis > 0 ? Duration.ofMillis(millis) : otherwise;
    }
}

package dev.slipway.coordinator.servers;

/// A bookie whose process was stopped (SIGSTOP): registered and connected, but it does not answer.
public final class StandingStill {
    private StandingStill() {}

    public static void stop(LocalBookie bookie) {
        bookie.server().suspendProcessing();
    }

    public static void goOn(LocalBookie bookie) {
        bookie.server().resumeProcessing();
    }
}

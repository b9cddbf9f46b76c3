package dev.slipway.agent.runner;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Stops steps by their number. A request may come before its step runs; then the step is stopped
/// as soon as it does. Safe for many threads.
final class StopRequests {
    private final Map<Integer, StepControl> running = new HashMap<>();
    private final Set<Integer> wanted = new HashSet<>();

    AutoCloseable register(int number, StepControl control) {
        boolean stopNow;
        synchronized (this) {
            running.put(number, control);
            stopNow = wanted.contains(number);
        }
        if (stopNow) {
            control.stop(StepControl.Stop.CANCELLED);
        }
        return () -> {
            synchronized (this) {
                running.remove(number);
            }
        };
    }

    void stop(int number) {
        StepControl control;
        synchronized (this) {
            wanted.add(number);
            control = running.get(number);
        }
        if (control != null) {
            control.stop(StepControl.Stop.CANCELLED);
        }
    }
}

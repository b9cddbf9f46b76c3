package dev.slipway.agent.session;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/// Knows when the last acknowledged heartbeat was **sent**: from there the lease counts, because
/// the coordinator cannot have renewed it before.
///
/// Sequence numbers start anew with every connection; the lease does not.
final class LeaseClock {
    private final ArrayDeque<Sent> waiting = new ArrayDeque<>();
    private Duration lastHeard = Duration.ZERO;
    private @Nullable Duration renewedAt;

    private record Sent(long sequence, Duration at) {}

    void newConnection(Duration now) {
        waiting.clear();
        lastHeard = now;
    }

    void sent(long sequence, Duration at) {
        waiting.addLast(new Sent(sequence, at));
    }

    /// @return true when this acknowledgement renews the lease
    boolean acknowledged(long sequence) {
        boolean renewed = false;
        while (!waiting.isEmpty() && waiting.peekFirst().sequence() <= sequence) {
            Duration at = waiting.removeFirst().at();
            renewedAt = at;
            lastHeard = at;
            renewed = true;
        }
        return renewed;
    }

    /// When something was last acknowledged, counted from its sending.
    Duration lastHeard() {
        return lastHeard;
    }

    Optional<Duration> endsAt(Duration ttl) {
        return Optional.ofNullable(renewedAt).map(at -> at.plus(ttl));
    }
}

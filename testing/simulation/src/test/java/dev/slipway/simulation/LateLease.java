package dev.slipway.simulation;

import dev.slipway.agent.runner.AttemptView;
import dev.slipway.agent.runner.Attempts;
import dev.slipway.agent.runner.Token;
import dev.slipway.id.AttemptId;
import dev.slipway.time.Clock;

import java.time.Duration;
import java.util.List;

/// Attempts whose lease counts from when its renewal arrived: {@link Variant#LEASE_FROM_RECEIPT}.
final class LateLease implements Attempts {
    private final Attempts real;
    private final Clock clock;
    private final Duration lease;
    private Duration end = Duration.ZERO;

    LateLease(Attempts real, Clock clock, Duration lease) {
        this.real = real;
        this.clock = clock;
        this.lease = lease;
    }

    @Override
    public List<AttemptView> views() {
        return real.views();
    }

    @Override
    public void run(Token token) {
        real.run(token);
    }

    @Override
    public void cancel(Token token, String reason) {
        real.cancel(token, reason);
    }

    @Override
    public void abandon(AttemptId attempt, String reason) {
        real.abandon(attempt, reason);
    }

    @Override
    public void forget(AttemptId attempt) {
        real.forget(attempt);
    }

    @Override
    public void renewLeases(Duration endsAt) {
        end = clock.uptime().plus(lease);
        real.renewLeases(end);
    }

    @Override
    public void leaseEnded() {
        if (clock.uptime().compareTo(end) >= 0) {
            real.leaseEnded();
        }
    }

    @Override
    public void onChange(Runnable listener) {
        real.onChange(listener);
    }
}

package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class LeaseClockTest {
    private static final Duration TTL = Duration.ofSeconds(60);

    private final LeaseClock clock = new LeaseClock();

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void leaseCountsFromTheSendingOfTheAcknowledgedHeartbeat() {
        clock.newConnection(at(0));
        clock.sent(1, at(10));
        clock.sent(2, at(15));

        assertThat(clock.acknowledged(1)).isTrue();

        assertThat(clock.endsAt(TTL)).contains(at(70));
        assertThat(clock.acknowledged(2)).isTrue();
        assertThat(clock.endsAt(TTL)).contains(at(75));
    }

    @Test
    void repeatedAcknowledgementRenewsNothing() {
        clock.newConnection(at(0));
        clock.sent(1, at(10));
        clock.acknowledged(1);

        assertThat(clock.acknowledged(1)).isFalse();
        assertThat(clock.endsAt(TTL)).contains(at(70));
    }

    @Test
    void newConnectionKeepsTheLeaseAndForgetsWhatWasSent() {
        clock.newConnection(at(0));
        clock.sent(1, at(10));
        clock.acknowledged(1);
        clock.sent(2, at(20));

        clock.newConnection(at(30));

        assertThat(clock.acknowledged(2)).isFalse();
        assertThat(clock.endsAt(TTL)).contains(at(70));
        assertThat(clock.lastHeard()).isEqualTo(at(30));
    }

    @Test
    void thereIsNoLeaseBeforeTheFirstAcknowledgement() {
        clock.newConnection(at(0));
        clock.sent(1, at(1));

        assertThat(clock.endsAt(TTL)).isEmpty();
    }
}

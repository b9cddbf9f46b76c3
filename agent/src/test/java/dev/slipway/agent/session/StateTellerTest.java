package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.runner.AttemptView;
import dev.slipway.agent.runner.Attempts;
import dev.slipway.agent.runner.Token;
import dev.slipway.agent.session.CoordinatorLink.Connection;
import dev.slipway.agent.session.IdentityFiles.SeenEpoch;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.id.AttemptId;
import dev.slipway.testkit.ManualTime;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class StateTellerTest {
    private final List<ExchangeRequest> sent = new ArrayList<>();
    private String shortage = "";
    private final ManualTime time = new ManualTime();
    private final StateTeller teller =
            new StateTeller(
                    new Identity("id", "one", "boot", "process", "test"),
                    new Offer(2, List.of(), "linux", "x64", () -> shortage, List::of),
                    new NoAttempts(),
                    new LeaseClock(),
                    time);

    @Test
    void diskThatGetsFullIsToldWithTheNextHeartbeatAndOnce() {
        teller.greet(new Recording(), new SeenEpoch("", 0));
        teller.beat();
        shortage = "the disk is full";

        teller.beat();
        teller.beat();

        assertThat(sent).hasSize(4);
        assertThat(sent.get(0).getCapacity().getUnavailableReason()).isEmpty();
        assertThat(sent.get(1).hasCapacity()).isFalse();
        assertThat(sent.get(2).getCapacity().getUnavailableReason()).isEqualTo("the disk is full");
        assertThat(sent.get(3).hasCapacity()).isFalse();
    }

    @Test
    void roomThatIsBackIsTold() {
        shortage = "the disk is full";
        teller.greet(new Recording(), new SeenEpoch("", 0));

        shortage = "";
        teller.beat();

        assertThat(sent.getLast().getCapacity().getSlots()).isEqualTo(2);
        assertThat(sent.getLast().getCapacity().getUnavailableReason()).isEmpty();
    }

    private final class Recording implements Connection {
        @Override
        public void send(ExchangeRequest request) {
            sent.add(request);
        }

        @Override
        public void send(SendLogRequest request) {
            throw new AssertionError("no output here");
        }

        @Override
        public FarmCalls calls() {
            throw new AssertionError("no calls here");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private static final class NoAttempts implements Attempts {
        @Override
        public List<AttemptView> views() {
            return List.of();
        }

        @Override
        public void run(Token token) {
            throw new AssertionError();
        }

        @Override
        public void cancel(Token token, String reason) {
            throw new AssertionError();
        }

        @Override
        public void abandon(AttemptId attempt, String reason) {
            throw new AssertionError();
        }

        @Override
        public void forget(AttemptId attempt) {
            throw new AssertionError();
        }

        @Override
        public void renewLeases(Duration endsAt) {
            // Nothing has a lease.
        }

        @Override
        public void leaseEnded() {
            // Nothing has a lease.
        }

        @Override
        public void onChange(Runnable listener) {
            // Nothing changes.
        }
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.error.Refusal;
import dev.slipway.error.SlipwayException;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;

/// A reply that somebody waits for.
final class WaitingReply<A> implements Reply<A> {
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable A answer;
    private @Nullable Refusal refusal;

    @Override
    public void accepted(A given, long position) {
        answer = given;
        done.countDown();
    }

    @Override
    public void refused(Refusal given) {
        refusal = given;
        done.countDown();
    }

    /// @throws SlipwayException when it was refused
    A await() throws InterruptedException {
        done.await();
        if (refusal != null) {
            throw refusal.asException();
        }
        if (answer == null) {
            throw new IllegalStateException("a command was accepted without an answer");
        }
        return answer;
    }
}

package dev.slipway.cli.serve;

import dev.slipway.cli.terminal.Signals;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts SIGTERM and SIGINT: the first asks to end in order, the second to end at once.
final class StopRequests implements AutoCloseable {
    private final AtomicInteger count = new AtomicInteger();
    private final Runnable inOrder;
    private final Runnable atOnce;
    private final Signals.Handling term;
    private final Signals.Handling interrupt;

    StopRequests(Runnable inOrder, Runnable atOnce) {
        this.inOrder = inOrder;
        this.atOnce = atOnce;
        this.term = Signals.handle("TERM", this::asked);
        this.interrupt = Signals.handle("INT", this::asked);
    }

    private void asked() {
        if (count.incrementAndGet() == 1) {
            inOrder.run();
        } else {
            atOnce.run();
        }
    }

    @Override
    public void close() {
        term.close();
        interrupt.close();
    }
}

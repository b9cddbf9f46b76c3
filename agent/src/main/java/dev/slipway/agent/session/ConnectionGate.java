package dev.slipway.agent.session;

import dev.slipway.agent.session.CoordinatorLink.Connection;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.time.Bell;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Where everything that needs a joined connection waits for it: calls, and the log stream. Safe
/// for many threads.
public final class ConnectionGate {
    private final Bell changed = new Bell();
    private @Nullable Connection current;
    private long generation;
    private Consumer<SendLogResponse> logListener = response -> {};
    private Runnable changeListener = () -> {};

    /// A joined connection; its generation rises with every new one.
    record Opened(Connection connection, long generation) {}

    void opened(Connection connection) {
        Runnable listener;
        synchronized (this) {
            current = connection;
            generation++;
            listener = changeListener;
        }
        changed.ring();
        listener.run();
    }

    void closed() {
        Runnable listener;
        synchronized (this) {
            current = null;
            listener = changeListener;
        }
        changed.ring();
        listener.run();
    }

    /// Calls the listener whenever a connection is opened or closed.
    synchronized void onChange(Runnable listener) {
        changeListener = listener;
    }

    /// Waits until this agent has joined.
    Opened await() throws InterruptedException {
        while (true) {
            CountDownLatch change;
            synchronized (this) {
                Connection connection = current;
                if (connection != null) {
                    return new Opened(connection, generation);
                }
                change = changed.next();
            }
            change.await();
        }
    }

    /// The connection in use, if this agent has joined.
    synchronized Optional<Opened> current() {
        Connection connection = current;
        return connection == null
                ? Optional.empty()
                : Optional.of(new Opened(connection, generation));
    }

    synchronized void onLogAnswer(Consumer<SendLogResponse> listener) {
        logListener = listener;
    }

    void logAnswered(SendLogResponse response) {
        Consumer<SendLogResponse> listener;
        synchronized (this) {
            listener = logListener;
        }
        listener.accept(response);
    }
}

package dev.slipway.agent.session;

import dev.slipway.agent.session.CoordinatorLink.Connection;
import dev.slipway.agent.v1.SendLogResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where everything that needs a joined connection waits for it: calls, and the log stream.
/// Safe for many threads.
public final class ConnectionGate {
    private @Nullable Connection current;
    private long generation;
    private Consumer<SendLogResponse> logListener = response -> {};

    /// A joined connection; its generation rises with every new one.
    record Opened(Connection connection, long generation) {}

    synchronized void opened(Connection connection) {
        current = connection;
        generation++;
        notifyAll();
    }

    synchronized void closed() {
        current = null;
        notifyAll();
    }

    /// Waits until this agent has joined.
    synchronized Opened await() throws InterruptedException {
        Connection connection = current;
        while (connection == null) {
            wait();
            connection = current;
        }
        return new Opened(connection, generation);
    }

    /// Whether a connection is still the one in use.
    @SuppressWarnings("ReferenceEquality") // this very connection, not one like it
    synchronized boolean isCurrent(Opened opened) {
        return current == opened.connection();
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

package dev.slipway.agent.session;

import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.agent.v1.ExchangeResponse;
import dev.slipway.agent.v1.SendLogRequest;
import dev.slipway.agent.v1.SendLogResponse;
import dev.slipway.error.SlipwayException;

/// The way to a coordinator: a port, so that a simulated farm needs no network.
///
/// All calls of one connection go to the coordinator it was opened for. A connection that has
/// broken stays broken; its owner opens the next one.
public interface CoordinatorLink {
    /// Opens a connection. Returns at once; a coordinator that cannot be reached shows as {@link
    /// Receiver#broken}.
    ///
    /// @param coordinator `HOST:PORT`
    Connection connect(String coordinator, Receiver receiver);

    /// Hears what comes back. Methods may be called from any thread, one at a time per stream, and
    /// must not block.
    interface Receiver {
        void received(ExchangeResponse response);

        void received(SendLogResponse response);

        /// The connection is of no more use; called at least once when it breaks, and possibly
        /// after {@link Connection#close}.
        void broken(SlipwayException why);
    }

    /// One connection with its two streams and the calls beside them.
    interface Connection extends AutoCloseable {
        /// Sends a state. Never blocks: states are few and small.
        void send(ExchangeRequest request);

        /// Sends a log chunk, waiting while the network is behind.
        void send(SendLogRequest request) throws InterruptedException;

        /// The calls of job specs and storage.
        FarmCalls calls();

        @Override
        void close();
    }
}

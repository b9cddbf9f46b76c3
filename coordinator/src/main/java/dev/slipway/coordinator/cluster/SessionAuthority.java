package dev.slipway.coordinator.cluster;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.time.Clock;
import dev.slipway.time.Timers;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/// Whether the leader's ZooKeeper session is certainly alive, so that nobody else can lead.
///
/// ZooKeeper's client does not tell when it last heard of the session, so this sends pings of its
/// own. A ping is a `sync`: it goes through the server that we are connected to to ZooKeeper's
/// leader, which answers only for sessions that it keeps. The session is alive for the session
/// timeout after ZooKeeper's leader heard of us. A server passes that on every half tick, a tick is
/// at most half a session timeout, and pings go out every twelfth of it. So after the *send* time
/// of an answered ping at least 1 − 1/4 − 1/12 = 2/3 of the timeout are certain, whatever happens
/// to that server. Our clock may drift less than ZooKeeper's rounding (up to a tick) gives away.
///
/// A lost connection takes the authority at once. A ping that is answered in the same session
/// brings it back. Safe for many threads; asking costs one look at the clock.
public final class SessionAuthority implements Authority, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionAuthority.class);

    private static final int PINGS_PER_TIMEOUT = 12;

    /// While there is no connection to send over.
    private static final Duration RETRY = Duration.ofMillis(200);

    private static final long NO_SESSION = 0;

    private final CuratorFramework client;
    private final Clock clock;
    private final Timers timers;
    private final ConnectionStateListener listener = (of, state) -> changed(state);

    private volatile @Nullable Duration validUntil;

    // Guarded by this.
    private long session = NO_SESSION;
    private int connection;
    private boolean connected = true;
    private boolean closed;

    SessionAuthority(CuratorFramework client, Clock clock, Timers timers) {
        this.client = client;
        this.clock = clock;
        this.timers = timers;
        client.getConnectionStateListenable().addListener(listener);
    }

    @Override
    public boolean valid() {
        @Nullable Duration until = validUntil;
        return until != null && clock.uptime().compareTo(until) < 0;
    }

    /// The lead hangs on this session from now on.
    void grant(long leadersSession) {
        synchronized (this) {
            session = leadersSession;
            validUntil = null;
        }
        ping();
    }

    /// There is no lead any more.
    synchronized void revoke() {
        session = NO_SESSION;
        validUntil = null;
    }

    private void changed(ConnectionState state) {
        synchronized (this) {
            connected = state.isConnected();
            connection++;
            if (connected) {
                return; // The next ping tells more.
            }
            if (validUntil != null) {
                LOG.warn(
                        "The connection to ZooKeeper is lost; acting as leader stops until it is"
                                + " back.");
            }
            validUntil = null;
        }
    }

    /// One ping, and the next one later, until the lead is gone.
    private void ping() {
        long leads;
        int over;
        boolean send;
        synchronized (this) {
            if (session == NO_SESSION || closed) {
                return;
            }
            leads = session;
            over = connection;
            send = connected;
        }
        timers.after(send ? send(leads, over) : RETRY, () -> pingAgain(leads));
    }

    /// @return when the next one is due
    private Duration send(long leads, int over) {
        try {
            ZooKeeper zooKeeper = client.getZookeeperClient().getZooKeeper();
            Duration timeout = Duration.ofMillis(zooKeeper.getSessionTimeout());
            if (zooKeeper.getSessionId() != leads || timeout.isZero()) {
                return RETRY;
            }
            Duration until = clock.uptime().plus(timeout.multipliedBy(2).dividedBy(3));
            zooKeeper.sync(
                    "/",
                    (code, path, context) -> {
                        if (code == KeeperException.Code.OK.intValue()) {
                            answered(leads, over, until);
                        }
                    },
                    null);
            return timeout.dividedBy(PINGS_PER_TIMEOUT);
        } catch (Exception problem) {
            // The connection is being made anew; without answers the authority ends by itself.
            LOG.debug("A ping to ZooKeeper could not be sent.", problem);
            return RETRY;
        }
    }

    private void pingAgain(long leads) {
        synchronized (this) {
            if (session != leads) {
                return; // Another term has pings of its own.
            }
        }
        ping();
    }

    private synchronized void answered(long leads, int over, Duration until) {
        if (session != leads || !connected || connection != over) {
            return;
        }
        @Nullable Duration before = validUntil;
        if (before == null || before.compareTo(until) < 0) {
            validUntil = until;
        }
    }

    @Override
    public void close() {
        client.getConnectionStateListenable().removeListener(listener);
        synchronized (this) {
            closed = true;
        }
        revoke();
    }
}

package dev.slipway.coordinator.cluster;

import dev.slipway.time.Bell;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// Curator's leader latch: members queue up with ephemeral nodes, the first one leads. See ADR 11.
///
/// A thread of its own compares what the latch says with what the candidate was told last. Facts
/// come from Curator's threads and only wake it.
public final class ZooKeeperElection implements Election {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperElection.class);

    static final String PATH = "/leader";
    private static final Duration RETRY = Duration.ofMillis(500);

    private final CuratorFramework client;
    private final String member;
    private final Threads threads;
    private final Timers timers;
    private final SessionAuthority authority;
    private final Bell bell = new Bell();
    private final ConnectionStateListener listener = (of, state) -> changed(state);

    // Guarded by this.
    private LeaderLatch latch;
    private boolean leads;
    private long term;
    private boolean resigning;
    private boolean closed;

    /// The term that the candidate was told of; 0 for none. Only the election's thread uses it.
    private long told;

    /// @param client started; belongs to the caller
    /// @param member this member's id
    public ZooKeeperElection(
            CuratorFramework client, String member, Clock clock, Timers timers, Threads threads) {
        this.client = client;
        this.member = member;
        this.threads = threads;
        this.timers = timers;
        this.authority = new SessionAuthority(client, clock, timers);
        this.latch = newLatch();
    }

    private LeaderLatch newLatch() {
        var fresh = new LeaderLatch(client, PATH, member, LeaderLatch.CloseMode.NOTIFY_LEADER);
        fresh.addListener(
                new LeaderLatchListener() {
                    @Override
                    public void isLeader() {
                        won(fresh);
                    }

                    @Override
                    public void notLeader() {
                        lost(fresh);
                    }
                });
        return fresh;
    }

    @Override
    public void start(Candidate candidate) {
        client.getConnectionStateListenable().addListener(listener);
        startLatch();
        threads.startOwner("slipway-election", () -> run(candidate));
    }

    private synchronized void startLatch() {
        try {
            latch.start();
        } catch (Exception impossible) {
            // It creates its node in the background, and declares more than it throws.
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public SessionAuthority authority() {
        return authority;
    }

    private void won(LeaderLatch by) {
        synchronized (this) {
            if (!by.equals(latch)) {
                return;
            }
            leads = true;
            term++;
        }
        bell.ring();
    }

    private void lost(LeaderLatch by) {
        synchronized (this) {
            if (by.equals(latch)) {
                leads = false;
            }
        }
        bell.ring();
    }

    /// The latch hears of a lost session as well, a moment before or after.
    private void changed(ConnectionState state) {
        if (state == ConnectionState.LOST) {
            synchronized (this) {
                leads = false;
            }
            bell.ring();
        }
    }

    @Override
    public void resign() {
        synchronized (this) {
            resigning = leads;
        }
        bell.ring();
    }

    private void run(Candidate candidate) {
        try {
            while (true) {
                CountDownLatch rung = bell.next();
                boolean leading;
                boolean resigned;
                long now;
                String why;
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    resigned = resigning;
                    resigning = false;
                    leading = leads && !resigned;
                    now = term;
                    why =
                            resigned
                                    ? "it gave the lead away"
                                    : "its session with ZooKeeper was lost";
                }
                if (told != 0 && (!leading || told != now)) {
                    told = 0;
                    authority.revoke();
                    LOG.info("This member no longer leads. reason={}", why);
                    candidate.deposed(why);
                }
                if (resigned) {
                    queueAgain();
                } else if (leading && told == 0) {
                    confirm(now, candidate);
                }
                rung.await();
            }
        } catch (InterruptedException asked) {
            authority.revoke();
        }
    }

    /// The latch also believes in a node of a session before ours that ZooKeeper has not ended yet.
    private void confirm(long now, Candidate candidate) throws InterruptedException {
        long session;
        try {
            String path;
            synchronized (this) {
                path = latch.getOurPath();
            }
            Stat stat = path == null ? null : client.checkExists().forPath(path);
            session = client.getZookeeperClient().getZooKeeper().getSessionId();
            if (stat == null || stat.getEphemeralOwner() != session) {
                LOG.info("The election's node is not of this session; queueing again.");
                queueAgain();
                return;
            }
        } catch (InterruptedException asked) {
            throw asked;
        } catch (Exception unknown) {
            LOG.info("The election could not be confirmed yet. problem={}", unknown.getMessage());
            timers.after(RETRY, bell::ring);
            return;
        }
        told = now;
        authority.grant(session);
        LOG.info("This member was elected. member={}", member);
        candidate.elected();
    }

    private void queueAgain() {
        LeaderLatch old;
        synchronized (this) {
            if (closed) {
                return;
            }
            old = latch;
            leads = false;
            latch = newLatch();
        }
        close(old);
        startLatch();
    }

    private static void close(LeaderLatch latch) {
        try {
            latch.close();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    public void close() {
        LeaderLatch last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = latch;
        }
        authority.close();
        client.getConnectionStateListenable().removeListener(listener);
        bell.ring();
        if (last.getState() == LeaderLatch.State.STARTED) {
            close(last);
        }
    }
}

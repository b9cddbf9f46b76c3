package dev.slipway.coordinator.cluster;

import dev.slipway.coordinator.engine.Authority;
import dev.slipway.coordinator.engine.Membership;

import org.apache.curator.framework.CuratorFramework;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/// The cluster's registry in ZooKeeper: an ephemeral node for each member, and Curator's election.
/// A lost session makes a standby, which registers and stands again by itself.
public final class ZooKeeperMembership implements Membership {
    private final CuratorFramework client;
    private final Election election;

    // Guarded by this; set by join.
    private @Nullable Self self;
    private @Nullable MemberNodes nodes;

    /// @param client started; belongs to the caller
    /// @param election not started; closed with this
    public ZooKeeperMembership(CuratorFramework client, Election election) {
        this.client = client;
        this.election = election;
    }

    @Override
    public void join(Self who, Candidate candidate) throws InterruptedException {
        MemberNodes joined = MemberNodes.join(client, new Member(who, Progress.NONE), () -> {});
        synchronized (this) {
            self = who;
            nodes = joined;
        }
        election.start(
                new Election.Candidate() {
                    @Override
                    public void elected() {
                        candidate.elected();
                    }

                    @Override
                    public void deposed(String reason) {
                        candidate.deposed();
                    }
                });
    }

    @Override
    public void report(Progress progress) {
        MemberNodes own;
        Self who;
        synchronized (this) {
            own = nodes;
            who = self;
        }
        if (own != null && who != null) {
            own.update(new Member(who, progress));
        }
    }

    @Override
    public List<Member> members() {
        MemberNodes known = known();
        return known == null ? List.of() : known.members();
    }

    @Override
    public Optional<String> leaderAddress() {
        MemberNodes known = known();
        return known == null
                ? Optional.empty()
                : known.leader().map(leader -> leader.self().address());
    }

    private synchronized @Nullable MemberNodes known() {
        return nodes;
    }

    @Override
    public Authority authority() {
        return election.authority();
    }

    @Override
    public void resign() {
        election.resign();
    }

    @Override
    public void close() {
        try {
            election.close();
        } catch (Exception problem) {
            throw new IllegalStateException("the election could not be closed", problem);
        }
        MemberNodes known = known();
        if (known != null) {
            known.close();
        }
    }
}

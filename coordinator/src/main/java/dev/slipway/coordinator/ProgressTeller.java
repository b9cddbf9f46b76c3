package dev.slipway.coordinator;

import dev.slipway.coordinator.ClusterAccess.Cluster;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.coordinator.engine.Membership.Progress;
import dev.slipway.coordinator.journal.Follower;
import dev.slipway.coordinator.journal.ReplicatedJournal;
import dev.slipway.coordinator.journal.Tables;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Clock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/// Tells the other coordinators how far this one has come, makes that durable every now and then,
/// and lets the leader trim the logs behind what all have. For the role's thread.
final class ProgressTeller {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressTeller.class);

    private final Cluster cluster;
    private final Tables tables;
    private final Clock clock;
    private Duration syncedAt;
    private long durableControl;
    private long durableOutput;
    private long trimmedControl;
    private long trimmedOutput;

    ProgressTeller(Cluster cluster, Tables tables, Clock clock) {
        this.cluster = cluster;
        this.tables = tables;
        this.clock = clock;
        this.syncedAt = clock.uptime().minus(cluster.pace().sync());
    }

    void follows(Follower follower) {
        sync();
        tell(false, tables.meta().epoch(), follower.position());
    }

    void leads(Engine engine, ReplicatedJournal journal) throws InterruptedException {
        boolean synced = sync();
        tell(true, engine.epoch(), engine.position());
        if (synced) {
            trim(journal);
        }
    }

    private void tell(boolean leads, long epoch, long position) {
        cluster.membership()
                .report(
                        new Progress(
                                leads,
                                epoch,
                                position,
                                tables.control(),
                                tables.output(),
                                durableControl,
                                durableOutput));
    }

    /// @return whether it was time to
    private boolean sync() {
        if (clock.uptime().minus(syncedAt).compareTo(cluster.pace().sync()) < 0) {
            return false;
        }
        long control = tables.control();
        long output = tables.output();
        tables.sync();
        durableControl = control;
        durableOutput = output;
        syncedAt = clock.uptime();
        return true;
    }

    private void trim(ReplicatedJournal journal) throws InterruptedException {
        try {
            List<Member> members = cluster.membership().members();
            long control = least(members, Progress::durableControl) - cluster.pace().keptControl();
            long output = least(members, Progress::durableOutput) - cluster.pace().keptOutput();
            if (control > trimmedControl || output > trimmedOutput) {
                trimmedControl = Math.max(control, trimmedControl);
                trimmedOutput = Math.max(output, trimmedOutput);
                journal.trim(trimmedControl, trimmedOutput);
            }
        } catch (SlipwayException problem) {
            LOG.warn("The logs could not be trimmed; tried again later.", problem);
        }
    }

    private long least(List<Member> members, ToLongFunction<Progress> position) {
        long own =
                position.applyAsLong(new Progress(true, 0, 0, 0, 0, durableControl, durableOutput));
        return members.stream().map(Member::progress).mapToLong(position).reduce(own, Math::min);
    }
}

package dev.slipway.coordinator;

import dev.slipway.coordinator.ClusterAccess.Cluster;
import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.coordinator.engine.Membership.Progress;
import dev.slipway.coordinator.journal.ClusterLogs.LogName;
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
    private final IdleEnd controlEnd = new IdleEnd();
    private final IdleEnd outputEnd = new IdleEnd();

    /// The end of a log as the others see it.
    ///
    /// BookKeeper's writer tells the bookies how far an idle ledger is confirmed. It sends that,
    /// then notes what it has sent, and an entry that is confirmed in between is never told
    /// (`ExplicitLacFlushPolicy` of 4.18.0). Readers would wait for it until the next append.
    private static final class IdleEnd {
        /// Looks with the same end after which whoever is behind does not just need a moment.
        private static final int LOOKS = 2;

        private long end;
        private int looks;

        /// @return whether the others need a nudge; said once for each end
        boolean unseen(long now, long leastSeen) {
            if (now != end || leastSeen >= now) {
                end = now;
                looks = 0;
                return false;
            }
            looks++;
            return looks == LOOKS;
        }
    }

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
        nudge(journal);
    }

    private void nudge(ReplicatedJournal journal) throws InterruptedException {
        try {
            List<Member> members = cluster.membership().members();
            if (controlEnd.unseen(tables.control(), leastSeen(members, Progress::control))) {
                journal.nudge(LogName.CONTROL);
            }
            if (outputEnd.unseen(tables.output(), leastSeen(members, Progress::output))) {
                journal.nudge(LogName.OUTPUT);
            }
        } catch (SlipwayException problem) {
            LOG.warn("A standby is behind and could not be nudged.", problem);
        }
    }

    private static long leastSeen(List<Member> members, ToLongFunction<Progress> position) {
        return members.stream()
                .map(Member::progress)
                .mapToLong(position)
                .min()
                .orElse(Long.MAX_VALUE);
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

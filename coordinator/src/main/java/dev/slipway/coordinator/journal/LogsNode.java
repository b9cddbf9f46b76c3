package dev.slipway.coordinator.journal;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.time.Bell;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

import java.util.function.UnaryOperator;

/// The one znode behind the logs: read, watched, and changed by compare-and-set.
final class LogsNode implements AutoCloseable {
    static final String PATH = "/logs";

    private final CuratorFramework zooKeeper;
    private final CuratorCache cache;
    private final Bell changed;
    private volatile Versioned latest = new Versioned(LogsRecord.NONE, -1);

    private record Versioned(LogsRecord record, int version) {}

    /// @param changed rung when the record has changed
    LogsNode(CuratorFramework zooKeeper, Bell changed) {
        this.zooKeeper = zooKeeper;
        this.changed = changed;
        this.cache = CuratorCache.build(zooKeeper, PATH, CuratorCache.Options.SINGLE_NODE_CACHE);
        cache.listenable()
                .addListener(
                        CuratorCacheListener.builder()
                                .forCreatesAndChanges(
                                        (before, now) ->
                                                learn(now.getData(), now.getStat().getVersion()))
                                .build());
        cache.start();
    }

    /// The newest record that this process has seen; a moment old at most, while ZooKeeper answers.
    LogsRecord current() {
        return latest.record();
    }

    /// Asks ZooKeeper, and gets at least what was there at the time of the call.
    LogsRecord refresh() throws InterruptedException {
        return fetch().record();
    }

    /// Changes the record. `change` may be called again with a newer record, also after its result
    /// was stored and the answer was lost: it must then find that nothing is left to do.
    ///
    /// @param change gives the same record when there is nothing to do; may refuse by throwing
    /// @return the record as it is now
    LogsRecord update(UnaryOperator<LogsRecord> change) throws InterruptedException {
        while (true) {
            Versioned before = fetch();
            LogsRecord after = change.apply(before.record());
            if (after.equals(before.record())) {
                return after;
            }
            try {
                byte[] bytes = after.encode();
                if (before.version() < 0) {
                    zooKeeper.create().creatingParentsIfNeeded().forPath(PATH, bytes);
                    learn(bytes, 0);
                } else {
                    Stat stat =
                            zooKeeper.setData().withVersion(before.version()).forPath(PATH, bytes);
                    learn(bytes, stat.getVersion());
                }
                return after;
            } catch (KeeperException.BadVersionException
                    | KeeperException.NodeExistsException other) {
                // Somebody else was faster, or this very change had arrived: look again.
            } catch (Exception problem) {
                throw unreachable(problem);
            }
        }
    }

    private Versioned fetch() throws InterruptedException {
        try {
            // A server of the ensemble may be behind; after a sync it is not.
            zooKeeper.sync().forPath(PATH);
            var stat = new Stat();
            byte[] bytes = zooKeeper.getData().storingStatIn(stat).forPath(PATH);
            learn(bytes, stat.getVersion());
            return new Versioned(LogsRecord.decode(bytes), stat.getVersion());
        } catch (KeeperException.NoNodeException none) {
            return new Versioned(LogsRecord.NONE, -1);
        } catch (Exception problem) {
            throw unreachable(problem);
        }
    }

    private void learn(byte[] bytes, int version) {
        var heard = new Versioned(LogsRecord.decode(bytes), version);
        synchronized (this) {
            if (heard.version() > latest.version()) {
                latest = heard;
            }
        }
        changed.ring();
    }

    private SlipwayException unreachable(Exception problem) throws InterruptedException {
        if (problem instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (problem instanceof SlipwayException ours) {
            return ours;
        }
        return new SlipwayException(
                ErrorCode.STORAGE_FAILED,
                "ZooKeeper (%s) does not answer: %s"
                        .formatted(
                                zooKeeper.getZookeeperClient().getCurrentConnectionString(),
                                problem.getMessage()),
                problem);
    }

    @Override
    public void close() {
        cache.close();
    }
}

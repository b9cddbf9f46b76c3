package dev.slipway.coordinator.cluster;

import dev.slipway.coordinator.engine.Membership.Member;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.zookeeper.CreateMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The cluster's members: an ephemeral node for each, gone with its session and made again with the
/// next one. Safe for many threads.
final class MemberNodes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberNodes.class);
    private static final String PATH = "/members";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final PersistentNode own;
    private final CuratorCache cache;

    private MemberNodes(PersistentNode own, CuratorCache cache) {
        this.own = own;
        this.cache = cache;
    }

    /// Registers this member, and begins to watch the others.
    ///
    /// @param client started; belongs to the caller
    /// @param changed told on a thread of Curator's when somebody came, went or says something new;
    ///   must return at once
    ///
    /// @throws SlipwayException STORAGE_FAILED when ZooKeeper does not answer
    static MemberNodes join(CuratorFramework client, Member self, Runnable changed)
            throws InterruptedException {
        var own =
                new PersistentNode(
                        client,
                        CreateMode.EPHEMERAL,
                        false,
                        PATH + "/" + self.self().id(),
                        MemberCodec.encode(self));
        CuratorCache cache = CuratorCache.build(client, PATH);
        cache.listenable()
                .addListener(
                        CuratorCacheListener.builder()
                                .forAll((type, before, now) -> changed.run())
                                .build());
        var nodes = new MemberNodes(own, cache);
        cache.start();
        own.start();
        if (!own.waitForInitialCreate(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            nodes.close();
            throw new SlipwayException(
                    ErrorCode.STORAGE_FAILED,
                    "ZooKeeper did not register this member within %s".formatted(PATIENCE));
        }
        return nodes;
    }

    /// Says what is new about this member. The caller bounds how often: each is a write to
    /// ZooKeeper. While the connection is lost it is kept, and said when it is back.
    void update(Member self) {
        try {
            own.setData(MemberCodec.encode(self));
        } catch (Exception problem) {
            LOG.warn("What is new about this member could not be said; it is said later.", problem);
        }
    }

    /// All registered members, this one included, by id; a moment old.
    List<Member> members() {
        return cache.stream()
                .filter(node -> !node.getPath().equals(PATH))
                .flatMap(MemberNodes::decode)
                .sorted(Comparator.comparing(member -> member.self().id()))
                .toList();
    }

    /// Whom to refer writers to. Nobody while a lead changes hands.
    Optional<Member> leader() {
        return members().stream()
                .filter(member -> member.progress().leads())
                .max(Comparator.comparingLong(member -> member.progress().epoch()));
    }

    private static Stream<Member> decode(ChildData node) {
        try {
            return Stream.of(MemberCodec.decode(node.getData()));
        } catch (IOException problem) {
            LOG.warn("A member's node holds something else. path={}", node.getPath(), problem);
            return Stream.empty();
        }
    }

    /// Leaves at once, instead of at the session's end.
    @Override
    public void close() {
        cache.close();
        try {
            own.close();
        } catch (IOException problem) {
            LOG.warn("This member could not leave in order; it is gone with its session.", problem);
        }
    }
}

package dev.slipway.agent.deployment;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Where versions are deployed to. The fence is here: the target keeps the highest deployment
/// number that it has seen, and every change is made only while that number is still this
/// deployment's.
///
/// Every call may be repeated after the agent was killed in the middle of it: it reads what the
/// target holds and does what is left.
public interface Target extends AutoCloseable {
    /// `host`, `docker` or `kubernetes`.
    String kind();

    /// What the target is called there.
    String name();

    /// What the target remembers.
    Standing read() throws IOException, InterruptedException;

    /// Makes this deployment the target's highest; nothing else changes.
    ///
    /// @throws SupersededException when a later one has been there
    /// @throws RolloutException when the target is not one that this deployment may change
    void claim(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException;

    /// An attempt goes on where an earlier one was lost: from now on that one is refused. Nothing
    /// else changes. Where both would be on the same machine, the earlier one has ended.
    ///
    /// @throws SupersededException when a later deployment, or attempt, has been there
    default void takeOver(Release release)
            throws IOException, InterruptedException, SupersededException {}

    /// Brings a version to run and waits until it is started; whether it is healthy is asked
    /// elsewhere.
    ///
    /// @throws RolloutException when it cannot be started
    void rollOut(Release release)
            throws IOException, InterruptedException, SupersededException, RolloutException;

    /// Brings an earlier version back under the number of this deployment.
    ///
    /// @throws RolloutException when it cannot be started
    void restore(Release failed, Release good)
            throws IOException, InterruptedException, SupersededException, RolloutException;

    /// Whether a version is what the target runs now, or has begun to run.
    boolean runs(Release release) throws IOException, InterruptedException;

    /// What is certainly wrong with a version that was started, such as its end.
    Optional<String> problem(Release release) throws IOException, InterruptedException;

    /// Remembers that this deployment's version is good, and removes what is not needed any more.
    void settle(Release release) throws IOException, InterruptedException, SupersededException;

    /// What people can do with it now, one line each.
    default List<String> hints() {
        return List.of();
    }

    /// Leaves the target; nothing of it changes.
    @Override
    default void close() throws IOException {}

    /// What a target remembers.
    ///
    /// @param number the highest deployment that it has seen; 0 when there was none
    /// @param good what was last healthy there
    record Standing(long number, Optional<Release> good) {}
}

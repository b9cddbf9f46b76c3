package dev.slipway.coordinator.api;

import dev.slipway.coordinator.engine.Engine;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.coordinator.sessions.JobSpecs;
import dev.slipway.coordinator.sessions.Sessions;
import dev.slipway.error.SlipwayException;

import java.util.function.Function;

/// Whether this coordinator leads, as the services see it. Any thread may ask at any time; the
/// answer may have changed when it arrives, and whoever acts on an old one is told NOT_LEADER.
public interface Leadership {
    /// What is there only while this coordinator leads.
    record Leader(Engine engine, Sessions sessions, JobSpecs specs) {}

    /// @param leads whether this coordinator does
    /// @param leaderAddress where the leader serves; empty when no one is known to lead, or
    ///   standalone
    /// @param farmId empty before the farm's first leader
    /// @param epoch of the latest leader that this coordinator knows of
    /// @param position of the journal, as far as it is applied here
    record Standing(
            boolean leads, String leaderAddress, String farmId, long epoch, long position) {}

    /// @throws SlipwayException NOT_LEADER, with the leader's address when one is known
    Leader require();

    /// What {@link #require} gives, when it is certain that no other coordinator leads: whoever
    /// reads after this knows of everything that any caller was told before. Waits for that
    /// certainty, for some seconds at most.
    ///
    /// @throws SlipwayException NOT_LEADER, with the leader's address when one is known
    Leader current() throws InterruptedException;

    /// Reads what is unfinished in the farm, as this coordinator knows it, between two changes. The
    /// reader must be quick and must not throw.
    <T> T read(Function<FarmView, T> reader) throws InterruptedException;

    /// Waits until this coordinator has applied the journal up to a position, for some seconds at
    /// most.
    ///
    /// @throws SlipwayException NOT_LEADER when it does not get there in time
    void await(long position) throws InterruptedException;

    Standing standing();
}

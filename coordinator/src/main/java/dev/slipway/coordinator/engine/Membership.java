package dev.slipway.coordinator.engine;

import dev.slipway.error.SlipwayException;

import java.util.List;
import java.util.Optional;

/// The coordinators of a cluster: who is there, and who of them leads. At most one is elected at
/// any time, but whoever was may learn late that it no longer is: only a claim on the logs ({@link
/// dev.slipway.coordinator.journal.ClusterLogs}) makes a leader, and fences the one before.
///
/// ```
///          join            elected            deposed
///  alone ───────▶ standing ───────▶ elected ───────────▶ standing
///                    ▲                 │ resign
///                    └─────────────────┘
/// ```
///
/// Safe for many threads.
public interface Membership extends AutoCloseable {
    /// Registers this coordinator and stands for election until closed; losing the connection to
    /// the registry for good is a {@link Candidate#deposed}, after which it registers and stands
    /// again by itself.
    ///
    /// @throws SlipwayException when the registry cannot be reached
    void join(Self self, Candidate candidate) throws InterruptedException;

    /// Tells the others how far this one has come. Cheap, never blocks; the latest word counts.
    void report(Progress progress);

    /// All that are registered, by id.
    ///
    /// @throws SlipwayException when the registry cannot be reached
    List<Member> members() throws InterruptedException;

    /// Where the leader serves, as far as it is known. Never blocks.
    Optional<String> leaderAddress();

    /// Whether this one may act as elected right now: from the registry's point of view nobody else
    /// can have been elected yet.
    Authority authority();

    /// Gives an election up, so that another one is elected if there is one, and stands again. Does
    /// nothing when not elected.
    void resign();

    @Override
    void close();

    /// Hears of elections. Called from any thread, in order; must return at once.
    interface Candidate {
        /// This one is to claim the logs and lead.
        void elected();

        /// It is not, any more.
        void deposed();
    }

    /// What a coordinator says of itself when it registers.
    ///
    /// @param id stays the same over restarts
    /// @param address HOST:PORT for the CLI, the agents and the others
    /// @param version of its program
    record Self(String id, String address, String version) {}

    /// How far a coordinator has come. Positions of the logs count their entries.
    ///
    /// @param leads whether it serves as the leader
    /// @param epoch of the latest leader that it knows of
    /// @param position of the journal, as far as it is applied
    /// @param control how far the control log is applied
    /// @param output how far the output log is applied
    /// @param durableControl how far what it applied survives a power failure
    /// @param durableOutput the same for output
    record Progress(
            boolean leads,
            long epoch,
            long position,
            long control,
            long output,
            long durableControl,
            long durableOutput) {
        public static final Progress NONE = new Progress(false, 0, 0, 0, 0, 0, 0);
    }

    /// A registered coordinator.
    record Member(Self self, Progress progress) {}
}

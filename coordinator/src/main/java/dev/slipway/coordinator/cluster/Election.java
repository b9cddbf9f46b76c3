package dev.slipway.coordinator.cluster;

/// Which member of the cluster leads: at most one thinks that it may act.
///
/// ```
///            elected()
/// standby ─────────────▶ leader
///    ▲      deposed()      │
///    └─────────────────────┘   session lost, or resign()
/// ```
///
/// A lost session makes a standby again, which goes on standing for election without a restart. A
/// lost connection does not depose: it only takes the {@link #authority} away until it is back.
public interface Election extends AutoCloseable {
    /// Stands for election until {@link #close}. Called once.
    void start(Candidate candidate);

    /// Whether this member may act as the leader right now. False before it is elected and after it
    /// is deposed, and while ZooKeeper may already have given its lead to somebody else.
    SessionAuthority authority();

    /// Gives the lead away, for example because the journal cannot be written from here. Stands for
    /// election again behind all others. Does nothing on a standby.
    void resign();

    /// Withdraws, and gives the lead away. The candidate hears nothing more.
    @Override
    void close();

    /// Hears, on one thread and in turns, that it leads and that it no longer does. Must return at
    /// once: whoever needs longer starts a thread of its own.
    interface Candidate {
        /// This member leads. Somebody before may still believe the same for a moment, so it claims
        /// the journal first.
        void elected();

        /// It no longer leads, or may not know: what it holds as a leader is to be dropped.
        ///
        /// @param reason for people
        void deposed(String reason);
    }
}

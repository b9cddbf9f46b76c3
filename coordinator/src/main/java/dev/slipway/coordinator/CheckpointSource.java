package dev.slipway.coordinator;

/// The way to another coordinator's data: {@link CheckpointFetch} in production.
@FunctionalInterface
interface CheckpointSource {
    /// Fetches the leader's data. It is taken when this coordinator is opened again.
    ///
    /// @param leader HOST:PORT
    /// @param memberId who asks
    /// @return the journal's position of what was fetched
    /// @throws dev.slipway.error.SlipwayException when it could not be fetched whole
    long fetch(String leader, String memberId) throws InterruptedException;
}

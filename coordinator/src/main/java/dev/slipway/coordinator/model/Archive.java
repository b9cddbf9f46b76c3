package dev.slipway.coordinator.model;

import java.util.Optional;

/// What {@link FarmState} reads of what it no longer holds in memory: the records of runs that have
/// ended, what was submitted, and client tokens. It is derived from the same events, so a state and
/// its archive always belong together.
public interface Archive {
    Optional<RunRecords> records(long run);

    Optional<RunSpec> spec(long run);

    Optional<FarmView.TokenUse> token(String clientToken);

    /// An archive that holds nothing.
    Archive EMPTY =
            new Archive() {
                @Override
                public Optional<RunRecords> records(long run) {
                    return Optional.empty();
                }

                @Override
                public Optional<RunSpec> spec(long run) {
                    return Optional.empty();
                }

                @Override
                public Optional<FarmView.TokenUse> token(String clientToken) {
                    return Optional.empty();
                }
            };
}

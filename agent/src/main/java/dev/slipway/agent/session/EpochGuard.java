package dev.slipway.agent.session;

import dev.slipway.agent.runner.AttemptView;
import dev.slipway.agent.session.IdentityFiles.SeenEpoch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Refuses a leader that has been replaced, and a farm that is not this agent's while jobs of the
/// other one are still here. The highest epoch is on disk before anything is done in its name.
final class EpochGuard {
    private static final Logger LOG = LoggerFactory.getLogger(EpochGuard.class);

    private final IdentityFiles files;
    private SeenEpoch highest;

    EpochGuard(IdentityFiles files) throws IOException {
        this.files = files;
        this.highest = files.seenEpoch();
    }

    SeenEpoch highest() {
        return highest;
    }

    /// @return why this leader must not be followed; empty when it may
    /// @throws IOException when a higher epoch cannot be written down
    Optional<String> check(SeenEpoch said, List<AttemptView> held) throws IOException {
        if (said.equals(highest)) {
            return Optional.empty();
        }
        boolean sameFarm = highest.farmId().isEmpty() || said.farmId().equals(highest.farmId());
        if (sameFarm && said.epoch() < highest.epoch()) {
            return Optional.of(
                    "this coordinator leads in epoch %d, but epoch %d has begun"
                            .formatted(said.epoch(), highest.epoch()));
        }
        if (!sameFarm) {
            long foreign =
                    held.stream()
                            .filter(view -> !view.token().farmId().equals(said.farmId()))
                            .filter(view -> view.phase() != AttemptView.Phase.FINISHED)
                            .count();
            if (foreign > 0) {
                return Optional.of(
                        "this coordinator belongs to farm %s, but %d attempts of farm %s run here;"
                                        .formatted(said.farmId(), foreign, highest.farmId())
                                + " start the agent with that farm's address, or with another"
                                + " --work directory");
            }
            LOG.warn("Moved to another farm. from={} to={}", highest.farmId(), said.farmId());
        }
        files.remember(said);
        highest = said;
        return Optional.empty();
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Event;
import dev.slipway.coordinator.model.FarmView;
import dev.slipway.error.ErrorCode;

import java.util.List;
import java.util.Optional;

/// Decides on what is kept beside runs, and on how long runs are kept.
final class Records {
    private Records() {}

    static Decision<Artifact> record(FarmView view, Command.RecordArtifact command, Turn turn) {
        Artifact wanted = command.wanted();
        Optional<Artifact> before =
                view.artifact(wanted.key()).filter(old -> old.expiresAt().isAfter(turn.now()));
        if (before.isPresent()) {
            Artifact old = before.get();
            if (old.creator().equals(wanted.creator())
                    && old.manifest().equals(wanted.manifest())) {
                return new Decision.Accepted<>(List.of(), old);
            }
            if (!command.overwrite() && !givesWay(old, wanted)) {
                return Decision.refused(
                        ErrorCode.ALREADY_EXISTS,
                        "Run %d has an artifact named '%s' already (made by job %d). Choose another"
                                        .formatted(old.run(), old.name(), old.creator().job().job())
                                + " name, or set overwrite: true.");
            }
        }
        var recorded =
                new Artifact(
                        view.lastArtifact() + 1,
                        wanted.creator(),
                        wanted.runAttempt(),
                        wanted.name(),
                        wanted.manifest(),
                        wanted.size(),
                        wanted.files(),
                        turn.now(),
                        turn.now().plus(command.life()));
        return new Decision.Accepted<>(
                List.of(new Event.ArtifactRecorded(recorded, turn.now())), recorded);
    }

    private static boolean givesWay(Artifact old, Artifact wanted) {
        boolean earlierAttempt =
                old.creator().job().equals(wanted.creator().job())
                        && old.creator().number() < wanted.creator().number();
        return earlierAttempt || old.runAttempt() < wanted.runAttempt();
    }

    static Decision<Command.Removed> removeExpired(
            FarmView view, Command.RemoveExpired command, Turn turn) {
        List<Artifact.Name> expired =
                command.artifacts().stream()
                        .filter(
                                name ->
                                        view.artifact(name)
                                                .filter(row -> !row.expiresAt().isAfter(turn.now()))
                                                .isPresent())
                        .toList();
        return new Decision.Accepted<>(
                expired.isEmpty()
                        ? List.of()
                        : List.of(new Event.ArtifactsRemoved(expired, turn.now())),
                new Command.Removed(expired.size()));
    }

    static Decision<Command.Recorded> record(
            FarmView view, Command.RecordCache command, Turn turn) {
        if (view.cache(command.name()).isPresent()) {
            return new Decision.Accepted<>(List.of(), new Command.Recorded(false));
        }
        var cache = new Cache(command.name(), command.manifest(), command.size(), turn.now());
        return new Decision.Accepted<>(
                List.of(new Event.CacheRecorded(cache, turn.now())), new Command.Recorded(true));
    }

    static Decision<Command.Removed> removeCaches(
            FarmView view, Command.RemoveCaches command, Turn turn) {
        List<Cache.Name> known =
                command.caches().stream().filter(name -> view.cache(name).isPresent()).toList();
        return new Decision.Accepted<>(
                known.isEmpty() ? List.of() : List.of(new Event.CachesRemoved(known, turn.now())),
                new Command.Removed(known.size()));
    }

    static Decision<Command.RunsGone> removeRuns(
            FarmView view, Command.RemoveRuns command, Turn turn) {
        List<Long> finished =
                command.runs().stream()
                        .distinct()
                        .filter(run -> view.run(run).isEmpty() && view.records(run).isPresent())
                        .toList();
        return new Decision.Accepted<>(
                finished.isEmpty()
                        ? List.of()
                        : List.of(new Event.RunsRemoved(finished, turn.now())),
                new Command.RunsGone(finished));
    }
}

package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.error.ErrorCode;
import dev.slipway.id.AttemptId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Artifacts and caches, and runs that are no longer kept.
class RecordsTest {
    private static final Artifact.Content FILES = new Artifact.Content("ab".repeat(32), 7);
    private static final Artifact.Content OTHER = new Artifact.Content("cd".repeat(32), 7);
    private static final Duration LIFE = Duration.ofDays(1);
    private static final Cache.Name CACHE = new Cache.Name("acme/app", "refs/heads/main", "v", "k");

    private final EngineFixture farm = new EngineFixture();

    @Test
    void artifactNameIsGivenOncePerRunAttempt() {
        Artifact first = farm.accept(record("7/1/1", 1, FILES, false));

        assertThat(farm.accept(record("7/1/1", 1, FILES, false))).isEqualTo(first);
        assertThat(farm.refuse(record("7/2/1", 1, FILES, false)).code())
                .isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(farm.accept(record("7/2/1", 1, OTHER, true)).id()).isEqualTo(2);
        assertThat(farm.accept(record("7/2/2", 1, FILES, false)).id()).isEqualTo(3);
        assertThat(farm.accept(record("7/1/3", 2, FILES, false)).id()).isEqualTo(4);
        farm.checkReplay();
    }

    @Test
    void expiredArtifactGivesItsNameFreeAndIsRemoved() {
        farm.accept(record("7/1/1", 1, FILES, false));
        var expired = new Command.RemoveExpired(List.of(new Artifact.Name(7, "app")));

        assertThat(farm.accept(expired).count()).isZero();
        farm.pass(LIFE.plusSeconds(1));
        assertThat(farm.accept(expired).count()).isOne();
        assertThat(farm.farm().artifact(new Artifact.Name(7, "app"))).isEmpty();
        assertThat(farm.accept(record("7/2/1", 1, FILES, false)).id()).isEqualTo(2);
    }

    @Test
    void idsOfArtifactsGoOnAfterARestart() {
        farm.accept(record("7/1/1", 1, FILES, false));
        farm.restart();

        assertThat(farm.accept(record("8/1/1", 1, FILES, false)).id()).isEqualTo(2);
    }

    @Test
    void cacheIsWrittenOnceUntilItIsRemoved() {
        var record = new Command.RecordCache(CACHE, FILES, 100);

        assertThat(farm.accept(record).now()).isTrue();
        assertThat(farm.accept(new Command.RecordCache(CACHE, OTHER, 1)).now()).isFalse();
        assertThat(farm.farm().cache(CACHE)).map(Cache::manifest).contains(FILES);
        assertThat(farm.accept(new Command.RemoveCaches(List.of(CACHE))).count()).isOne();
        assertThat(farm.accept(new Command.RemoveCaches(List.of(CACHE))).count()).isZero();
        assertThat(farm.accept(record).now()).isTrue();
    }

    @Test
    void onlyFinishedRunsAreRemovedAndNothingOfThemStays() {
        farm.agent("a1", 1, "linux");
        String yaml = "on: push\njobs:\n  a: {runs-on: linux, steps: [{run: make}]}\n";
        long done = farm.submit(yaml);
        farm.succeed(farm.job(done, "a"));
        long running = farm.submit(yaml);
        farm.accept(record(done + "/1/1", 1, FILES, false));

        var gone = farm.accept(new Command.RemoveRuns(List.of(done, running, 99L)));

        assertThat(gone.runs()).containsExactly(done);
        assertThat(farm.farm().records(done)).isEmpty();
        assertThat(farm.farm().artifact(new Artifact.Name(done, "app"))).isEmpty();
        var rerun = new Command.RerunRun(done, RerunScope.ALL, "", "", "ann");
        assertThat(farm.refuse(rerun).code()).isEqualTo(ErrorCode.RUN_NOT_FOUND);
        assertThat(farm.farm().run(running)).isPresent();
        farm.checkReplay();
    }

    private static Command.RecordArtifact record(
            String creator, int runAttempt, Artifact.Content files, boolean overwrite) {
        var wanted =
                new Artifact(
                        0,
                        AttemptId.parse(creator),
                        runAttempt,
                        "app",
                        files,
                        10,
                        1,
                        Instant.EPOCH,
                        Instant.EPOCH);
        return new Command.RecordArtifact(wanted, LIFE, overwrite);
    }
}

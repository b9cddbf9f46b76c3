package dev.slipway.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.Status;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class TableRunStoreTest {
    private final MemoryDatabase database = new MemoryDatabase();
    private final HistoryFixture history = new HistoryFixture(database);

    @Test
    void listsNewestFirstInPages() {
        for (int i = 0; i < 7; i++) {
            history.queue("acme/app", "CI", "main");
        }

        RunPage first = history.store.list(RunFilter.ALL, 3, 0);
        RunPage second = history.store.list(RunFilter.ALL, 3, first.next());
        RunPage third = history.store.list(RunFilter.ALL, 3, second.next());

        assertThat(numbers(first)).containsExactly(7L, 6L, 5L);
        assertThat(numbers(second)).containsExactly(4L, 3L, 2L);
        assertThat(numbers(third)).containsExactly(1L);
        assertThat(third.next()).isZero();
    }

    @Test
    void combinesFilters() {
        for (int i = 0; i < 60; i++) {
            long run =
                    history.queue(
                            i % 2 == 0 ? "acme/app" : "acme/web",
                            i % 3 == 0 ? "CI" : "Nightly",
                            i % 5 == 0 ? "main" : "topic");
            if (i % 7 == 0) {
                history.finish(run, Conclusion.FAILURE);
            }
        }

        assertThat(list("acme/app", "CI", "", null, null)).hasSize(10);
        assertThat(list("acme/app", "CI.yml", "main", null, null)).containsExactly(31L, 1L);
        assertThat(list("", "", "main", Status.FINISHED, null)).containsExactly(36L, 1L);
        assertThat(list("", "", "", null, Conclusion.FAILURE)).hasSize(9);
        assertThat(list("", "CI", "", Status.QUEUED, Conclusion.FAILURE)).isEmpty();
        assertThat(list("acme", "", "", null, null)).isEmpty();
    }

    @Test
    void filtersByTimeOfSubmission() {
        for (int i = 0; i < 10; i++) {
            history.queue("acme/app", "CI", "main");
        }

        assertThat(between(HistoryFixture.at(4), HistoryFixture.at(7))).containsExactly(6L, 5L, 4L);
        assertThat(between(HistoryFixture.at(11), HistoryFixture.at(20))).isEmpty();
    }

    @Test
    void startReadsUnfinishedRunsOnly() {
        long done = history.queue("acme/app", "CI", "main");
        long open = history.queue("acme/app", "CI", "main");
        history.finish(done, Conclusion.SUCCESS);

        var state = new TableRunStore(database).load();

        assertThat(state.runs()).extracting(RunState::number).containsExactly(open);
        assertThat(state.lastRun()).isEqualTo(2);
        assertThat(state.runsOfWorkflow("acme/app", "CI.yml")).isEqualTo(2);
        assertThat(state.runOfToken("token-1")).isPresent();
        assertThat(state.records(done)).isPresent();
    }

    @Test
    void retentionKeepsTheNewestAndTheUnfinished() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            long run = history.queue("acme/app", "CI", "main");
            if (i != 0) {
                history.finish(run, Conclusion.SUCCESS);
            }
        }
        var removed = new ArrayList<Long>();
        var retention =
                new Retention(
                        database,
                        new Retention.Limits(4, 0),
                        runs -> {
                            removed.addAll(runs);
                            return history.remove(runs);
                        });

        assertThat(retention.sweep(HistoryFixture.at(20))).isEqualTo(5);

        assertThat(numbers(history.store.list(RunFilter.ALL, 50, 0)))
                .containsExactly(10L, 9L, 8L, 7L, 1L);
        assertThat(removed).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(history.store.run(2)).isEmpty();
        assertThat(history.store.spec(2)).isEmpty();
        assertThat(list("acme/app", "CI", "main", Status.FINISHED, null)).hasSize(4);
    }

    @Test
    void retentionRemovesWhatIsTooOldAndOldTokens() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            history.finish(history.queue("acme/app", "CI", "main"), Conclusion.SUCCESS);
        }
        var retention = new Retention(database, new Retention.Limits(0, 2), history::remove);

        assertThat(retention.sweep(HistoryFixture.at(3).plus(Duration.ofHours(30)))).isZero();
        Instant soon = HistoryFixture.at(3).plus(Duration.ofHours(5));
        assertThat(Retention.sweepTokens(database, soon, 2)).isEqualTo(2);
        assertThat(Retention.sweepTokens(database, soon, 2)).isEqualTo(1);
        assertThat(history.store.token("token-1")).isEmpty();
        Instant later = HistoryFixture.at(2).plusSeconds(30).plus(Duration.ofDays(2));
        assertThat(retention.sweep(later)).isEqualTo(2);
        assertThat(numbers(history.store.list(RunFilter.ALL, 50, 0))).containsExactly(3L);
    }

    private List<Long> list(
            String project,
            String workflow,
            String branch,
            @org.jspecify.annotations.Nullable Status status,
            @org.jspecify.annotations.Nullable Conclusion conclusion) {
        var filter =
                new RunFilter(
                        project,
                        workflow,
                        branch,
                        Optional.ofNullable(status),
                        Optional.ofNullable(conclusion),
                        Optional.empty(),
                        Optional.empty());
        return numbers(history.store.list(filter, 500, 0));
    }

    private List<Long> between(Instant after, Instant before) {
        var filter =
                new RunFilter(
                        "",
                        "",
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(after),
                        Optional.of(before));
        return numbers(history.store.list(filter, 500, 0));
    }

    private static List<Long> numbers(RunPage page) {
        return page.runs().stream().map(RunState::number).toList();
    }
}

package dev.slipway.coordinator.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Commit;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class CommitRangeTest {
    /// `e` merges `d` (from `b`) into `c` (from `b`); `a` is the first commit.
    private static final List<Commit> HISTORY =
            List.of(
                    commit("e", "c", "d"),
                    commit("d", "b"),
                    commit("c", "b"),
                    commit("b", "a"),
                    commit("a"));

    @Test
    void commitsSinceTheBaseAreThoseThatItCannotReach() {
        assertThat(since("e", "c")).containsExactly("e", "d");
        assertThat(since("e", "b")).containsExactly("e", "d", "c");
        assertThat(since("b", "e")).isEmpty();
    }

    @Test
    void onlyTheHeadIsKnownWhenTheBaseIsNotInTheHistory() {
        CommitRange.Since since = CommitRange.since(HISTORY, "e", "zzz");

        assertThat(since.commits()).containsExactly(HISTORY.getFirst());
        assertThat(since.known()).isFalse();
    }

    @Test
    void nothingIsKnownWithoutAHistory() {
        assertThat(CommitRange.since(List.of(), "e", "d"))
                .isEqualTo(new CommitRange.Since(List.of(), false));
    }

    private static List<String> since(String head, String base) {
        CommitRange.Since since = CommitRange.since(HISTORY, head, base);
        assertThat(since.known()).isTrue();
        return since.commits().stream().map(Commit::sha).toList();
    }

    private static Commit commit(String sha, String... parents) {
        return new Commit(sha, List.of(parents), Instant.EPOCH, sha);
    }
}

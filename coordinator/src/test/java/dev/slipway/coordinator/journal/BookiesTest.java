package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.testkit.ManualTime;

import org.apache.bookkeeper.net.BookieId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Set;

class BookiesTest {
    private static final BookieId A = BookieId.parse("a");
    private static final BookieId B = BookieId.parse("b");
    private static final BookieId C = BookieId.parse("c");
    private static final BookieId D = BookieId.parse("d");

    private final ManualTime time = new ManualTime();
    private final Bookies bookies = new Bookies(time);

    @BeforeEach
    void registerThree() {
        bookies.registered(Set.of(A, B, C));
    }

    @Test
    void ledgerIsPutOnAsManyAsWantedOrAlive() {
        assertThat(bookies.choose(3, 2, 0)).containsExactlyInAnyOrder(A, B, C);
        bookies.registered(Set.of(A, B));
        assertThat(bookies.choose(3, 2, 1)).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void ledgersAreSpreadOverMoreBookies() {
        bookies.registered(Set.of(A, B, C, D));

        assertThat(bookies.choose(3, 2, 0)).containsExactly(A, B, C);
        assertThat(bookies.choose(3, 2, 1)).hasSize(3).isNotEqualTo(bookies.choose(3, 2, 0));
    }

    @Test
    void fewerThanTheLeastCopiesAreRefusedByName() {
        bookies.registered(Set.of(A, B));
        bookies.failed(B);

        assertThatThrownBy(() -> bookies.choose(3, 2, 0))
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                .hasMessageContaining(
                        "needs 2 bookies and 1 can be written to (a; not answering: b)");
        assertThat(bookies.choose(3, 1, 0)).containsExactly(A);
    }

    @Test
    void bookieThatFailsIsDoubtedForAWhileAndLongerEachTime() {
        bookies.failed(A);
        assertThat(bookies.alive()).containsExactly(B, C);
        time.advance(Duration.ofSeconds(15));
        assertThat(bookies.alive()).containsExactly(A, B, C);

        bookies.failed(A);
        time.advance(Duration.ofSeconds(29));
        assertThat(bookies.alive()).containsExactly(B, C);
        time.advance(Duration.ofSeconds(1));
        assertThat(bookies.alive()).containsExactly(A, B, C);
    }

    @Test
    void bookieThatWasAwayIsTrustedAgain() {
        bookies.failed(A);
        bookies.registered(Set.of(B, C));
        bookies.failed(A); // A late answer.

        bookies.registered(Set.of(A, B, C));

        assertThat(bookies.alive()).containsExactly(A, B, C);
    }

    @Test
    void listenersHearOfEveryChange() {
        int[] heard = {0};
        Runnable listener = () -> heard[0]++;
        bookies.listen(listener);

        bookies.failed(A);
        bookies.failed(A);
        bookies.registered(Set.of(B, C));
        bookies.forget(listener);
        bookies.registered(Set.of(A, B, C));

        assertThat(heard[0]).isEqualTo(2);
    }
}

package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.History.Answer;
import dev.slipway.e2e.History.Ask;
import dev.slipway.e2e.History.Call;

import org.junit.jupiter.api.Test;

import java.util.List;

class LinearizabilityTest {
    @Test
    void runThatOnlyMovesOnIsLinearizable() {
        assertThat(
                        holds(
                                submit(0, 10, 7),
                                show(11, 20, "queued", ""),
                                show(21, 30, "running", ""),
                                show(31, 40, "finished", "success"),
                                show(41, 50, "finished", "success")))
                .isTrue();
    }

    @Test
    void staleReadIsFound() {
        assertThat(
                        holds(
                                submit(0, 10, 7),
                                show(11, 20, "finished", "success"),
                                show(21, 30, "running", "")))
                .isFalse();
    }

    @Test
    void overlappingReadsMaySeeEitherOrder() {
        assertThat(
                        holds(
                                submit(0, 10, 7),
                                show(11, 40, "finished", "success"),
                                show(12, 30, "running", "")))
                .isTrue();
    }

    @Test
    void changedConclusionIsFound() {
        assertThat(
                        holds(
                                submit(0, 10, 7),
                                show(11, 20, "finished", "success"),
                                show(21, 30, "finished", "failure")))
                .isFalse();
    }

    @Test
    void retriedSubmitThatMakesTwoRunsIsFound() {
        assertThat(holds(submit(0, 10, 7), submit(11, 20, 8))).isFalse();
    }

    @Test
    void submitWithoutAnAnswerMayHaveHappened() {
        var lost = new Call("a", Ask.SUBMIT, new Answer.Unknown(), 0, History.NEVER);

        assertThat(holds(lost, show(20, 30, "queued", ""), submit(31, 40, 7))).isTrue();
        assertThat(holds(lost, submit(31, 40, 7))).isTrue();
    }

    @Test
    void runThatNobodySubmittedCannotBeSeen() {
        assertThat(holds(show(0, 10, "queued", ""))).isFalse();
    }

    @Test
    void cancelledNeedsACancel() {
        assertThat(holds(submit(0, 10, 7), show(11, 20, "finished", "cancelled"))).isFalse();
        assertThat(
                        holds(
                                submit(0, 10, 7),
                                cancel(11, 20, new Answer.Accepted()),
                                show(21, 30, "finished", "cancelled")))
                .isTrue();
    }

    @Test
    void cancelAcceptedAfterTheEndWasSeenIsFound() {
        assertThat(
                        holds(
                                submit(0, 10, 7),
                                show(11, 20, "finished", "success"),
                                cancel(21, 30, new Answer.Accepted())))
                .isFalse();
    }

    @Test
    void refusedCancelMeansThatTheRunHasEnded() {
        assertThat(
                        holds(
                                submit(0, 10, 7),
                                cancel(11, 20, new Answer.TooLate()),
                                show(21, 30, "running", "")))
                .isFalse();
    }

    private static boolean holds(Call... calls) {
        return Linearizability.holds(List.of(calls));
    }

    private static Call submit(long asked, long answered, long run) {
        return new Call("a", Ask.SUBMIT, new Answer.Number(run), asked, answered);
    }

    private static Call show(long asked, long answered, String status, String conclusion) {
        return new Call("a", Ask.SHOW, new Answer.Seen(status, conclusion), asked, answered);
    }

    private static Call cancel(long asked, long answered, Answer answer) {
        return new Call("a", Ask.CANCEL, answer, asked, answered);
    }
}

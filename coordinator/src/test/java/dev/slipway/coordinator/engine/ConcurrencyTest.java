package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.coordinator.model.Status;
import dev.slipway.error.ErrorCode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// Concurrency groups, cancelling and running again.
class ConcurrencyTest {
    private final EngineFixture farm = new EngineFixture();

    @BeforeEach
    void connect() {
        farm.agent("tux", 20, "linux");
    }

    @AfterEach
    void replayEqualsLive() {
        farm.checkReplay();
    }

    @Test
    void newerWaitingRunSendsTheOlderOneAway() {
        long first = farm.submit(grouped(""));
        long second = farm.submit(grouped(""));
        long third = farm.submit(grouped(""));

        assertThat(conclusion(second)).isEqualTo(Conclusion.CANCELLED);
        assertThat(farm.records(third).run().status()).isEqualTo(Status.BLOCKED);
        farm.succeed(farm.job(first, "build"));

        assertThat(farm.job(third, "build").status()).isEqualTo(Status.LEASED);
    }

    @Test
    void queueMaxLetsEveryoneWaitInLine() {
        long first = farm.submit(grouped(", queue: max"));
        long second = farm.submit(grouped(", queue: max"));
        long third = farm.submit(grouped(", queue: max"));

        farm.succeed(farm.job(first, "build"));
        assertThat(farm.job(second, "build").status()).isEqualTo(Status.LEASED);
        farm.succeed(farm.job(second, "build"));
        farm.succeed(farm.job(third, "build"));

        assertThat(List.of(conclusion(first), conclusion(second), conclusion(third)))
                .containsOnly(Conclusion.SUCCESS);
    }

    @Test
    void cancelInProgressCancelsTheHolder() {
        long first = farm.submit(grouped(", cancel-in-progress: true"));
        farm.start(farm.job(first, "build"));
        long second = farm.submit(grouped(", cancel-in-progress: true"));

        assertThat(farm.job(first, "build").cancelRequested()).isTrue();
        assertThat(farm.job(second, "build").status()).isEqualTo(Status.WAITING);
        farm.end(farm.job(first, "build"), Conclusion.CANCELLED, Cause.CANCELLED, Map.of());

        assertThat(conclusion(first)).isEqualTo(Conclusion.CANCELLED);
        assertThat(farm.job(second, "build").status()).isEqualTo(Status.LEASED);
    }

    @Test
    void jobsOfDifferentRunsShareAGroup() {
        String yaml =
                """
                on: push
                jobs:
                  deploy:
                    runs-on: linux
                    concurrency: Production
                    steps: [{run: make}]
                """;
        long first = farm.submit(yaml);
        long second = farm.submit(yaml.replace("Production", "production"));

        assertThat(farm.job(second, "deploy").status()).isEqualTo(Status.BLOCKED);
        assertThat(
                        new Explainer(farm.farm(), farm.core().feed().scheduler(), List::of)
                                .explain(second, ""))
                .singleElement()
                .satisfies(why -> assertThat(why.reason()).contains("held by job deploy of run"));
        farm.succeed(farm.job(first, "deploy"));

        assertThat(farm.job(second, "deploy").status()).isEqualTo(Status.LEASED);
    }

    @Test
    void jobThatWaitsForItsOwnRunsGroupFails() {
        long run =
                farm.submit(
                        """
                        on: push
                        concurrency: g
                        jobs:
                          a: {runs-on: linux, concurrency: g, steps: [{run: make}]}
                        """);

        assertThat(farm.job(run, "a").conclusion()).isEqualTo(Conclusion.FAILURE);
        assertThat(farm.job(run, "a").message()).contains("concurrency group 'g'");
    }

    @Test
    void cancelEndsWhatDoesNotInsist() {
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          build: {runs-on: linux, steps: [{run: make}]}
                          gpu: {runs-on: gpu, steps: [{run: make}]}
                          insist: {if: always(), runs-on: linux, steps: [{run: make}]}
                          clean: {needs: build, if: cancelled(), runs-on: linux, steps: [{run: x}]}
                          after: {needs: build, runs-on: linux, steps: [{run: x}]}
                        """);
        farm.start(farm.job(run, "build"));

        farm.accept(new Command.CancelRun(run, "", "not needed", "ann", false));
        assertThat(farm.job(run, "gpu").conclusion()).isEqualTo(Conclusion.CANCELLED);
        assertThat(farm.job(run, "insist").cancelRequested()).isFalse();
        farm.end(farm.job(run, "build"), Conclusion.CANCELLED, Cause.CANCELLED, Map.of());
        assertThat(farm.job(run, "clean").status()).isEqualTo(Status.LEASED);
        assertThat(farm.job(run, "after").conclusion()).isEqualTo(Conclusion.SKIPPED);
        farm.succeed(farm.job(run, "clean"));
        farm.succeed(farm.job(run, "insist"));

        assertThat(conclusion(run)).isEqualTo(Conclusion.CANCELLED);
        // A client that heard no answer asks again.
        farm.accept(new Command.CancelRun(run, "", "", "ann", false));
        assertThat(conclusion(run)).isEqualTo(Conclusion.CANCELLED);
    }

    @Test
    void runThatHasSucceededCannotBeCancelled() {
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          build: {runs-on: linux, steps: [{run: make}]}
                        """);
        farm.start(farm.job(run, "build"));
        farm.succeed(farm.job(run, "build"));

        assertThat(farm.refuse(new Command.CancelRun(run, "", "", "ann", false)).code())
                .isEqualTo(ErrorCode.RUN_ALREADY_FINISHED);
    }

    @Test
    void forcedCancelEndsAlsoWhatInsists() {
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          build: {runs-on: linux, steps: [{run: make}]}
                          insist: {if: always(), runs-on: linux, steps: [{run: make}]}
                          clean: {needs: build, if: always(), runs-on: linux, steps: [{run: x}]}
                        """);
        farm.start(farm.job(run, "build"));
        farm.accept(new Command.CancelRun(run, "", "not needed", "ann", false));

        var forced = farm.accept(new Command.CancelRun(run, "", "now!", "ann", true));
        farm.end(farm.job(run, "build"), Conclusion.CANCELLED, Cause.INFRASTRUCTURE, Map.of());

        assertThat(forced.now()).isTrue();
        assertThat(java.util.Objects.requireNonNull(farm.job(run, "insist").cancel()).force())
                .isTrue();
        assertThat(farm.job(run, "clean").conclusion()).isEqualTo(Conclusion.CANCELLED);
        assertThat(causeOf(run, "build")).isEqualTo(Cause.CANCELLED);
        var again = farm.accept(new Command.CancelRun(run, "", "now!", "ann", true));
        assertThat(again.now()).isFalse();
    }

    @Test
    void rerunOfFailedJobsKeepsTheOthers() {
        String yaml =
                """
                on: push
                jobs:
                  build: {runs-on: linux, steps: [{run: make}]}
                  test:
                    needs: build
                    runs-on: linux
                    strategy: {fail-fast: false, matrix: {n: [1, 2]}}
                    steps: [{run: make}]
                  ship: {needs: test, runs-on: linux, steps: [{run: make}]}
                """;
        long run = farm.submit(yaml);
        farm.succeed(farm.job(run, "build"));
        farm.succeed(farm.job(run, "test.0"));
        farm.fail(farm.job(run, "test.1"));
        assertThat(conclusion(run)).isEqualTo(Conclusion.FAILURE);

        var again = new Command.RerunRun(run, RerunScope.FAILED, "", "again", "ann");
        assertThat(farm.accept(again).runAttempt()).isEqualTo(2);
        assertThat(farm.accept(again).runAttempt()).isEqualTo(2);

        assertThat(farm.job(run, "build").finished()).isTrue();
        assertThat(farm.job(run, "test.0").finished()).isTrue();
        assertThat(farm.job(run, "test.1").attempts()).isEqualTo(2);
        farm.restart();
        farm.agent("tux", 20, "linux");
        farm.succeed(farm.job(run, "test.1"));
        farm.succeed(farm.job(run, "ship"));
        assertThat(conclusion(run)).isEqualTo(Conclusion.SUCCESS);
        assertThat(farm.records(run).run().runAttempt()).isEqualTo(2);
        assertThat(farm.records(run).attempts()).hasSize(5);
    }

    @Test
    void rerunOfAllPlansEverythingAnew() {
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          a:
                            runs-on: linux
                            strategy: {matrix: {n: [1, 2]}}
                            steps: [{run: make}]
                          b: {needs: a, runs-on: linux, steps: [{run: make}]}
                        """);
        finish(run, "a.0", "a.1", "b");

        farm.accept(new Command.RerunRun(run, RerunScope.ALL, "", "", "ann"));
        assertThat(farm.job(run, "b").status()).isEqualTo(Status.WAITING);
        finish(run, "a.0", "a.1", "b");

        assertThat(conclusion(run)).isEqualTo(Conclusion.SUCCESS);
        assertThat(farm.records(run).jobs().stream().map(JobState::attempts)).containsOnly(2);
    }

    @Test
    void rerunReachesIntoCalls() {
        long run =
                farm.submit(
                        farm.spec(
                                """
                                on: push
                                jobs:
                                  call: {uses: ./.github/workflows/a.yml}
                                  b: {needs: call, runs-on: linux, steps: [{run: make}]}
                                """,
                                Map.of(
                                        ".github/workflows/a.yml",
                                        """
                                        on: workflow_call
                                        jobs:
                                          x: {runs-on: linux, steps: [{run: make}]}
                                          y: {runs-on: linux, steps: [{run: make}]}
                                        """)));
        farm.succeed(farm.job(run, "call.x"));
        farm.fail(farm.job(run, "call.y"));
        assertThat(conclusion(run)).isEqualTo(Conclusion.FAILURE);

        farm.accept(new Command.RerunRun(run, RerunScope.JOB, "call.y", "", "ann"));
        farm.succeed(farm.job(run, "call.y"));
        assertThat(farm.job(run, "call.x").attempts()).isEqualTo(1);
        farm.succeed(farm.job(run, "b"));

        assertThat(conclusion(run)).isEqualTo(Conclusion.SUCCESS);
    }

    @Test
    void rerunNeedsAFinishedRunWithSomethingToRunAgain() {
        long run = farm.submit(grouped(""));
        var failed = new Command.RerunRun(run, RerunScope.FAILED, "", "", "ann");

        assertThat(farm.refuse(failed).code()).isEqualTo(ErrorCode.RUN_NOT_FINISHED);
        farm.succeed(farm.job(run, "build"));
        assertThat(farm.refuse(failed).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        farm.accept(new Command.RemoveRuns(List.of(run)));
        assertThat(farm.refuse(new Command.RerunRun(run, RerunScope.ALL, "", "", "ann")).code())
                .isEqualTo(ErrorCode.RUN_NOT_FOUND);
    }

    private void finish(long run, String... keys) {
        for (String key : keys) {
            farm.succeed(farm.job(run, key));
        }
    }

    private @Nullable Cause causeOf(long run, String job) {
        return farm.records(run).attemptsOf(farm.job(run, job)).getLast().cause();
    }

    private Conclusion conclusion(long run) {
        return java.util.Objects.requireNonNull(farm.records(run).run().conclusion());
    }

    private static String grouped(String more) {
        return """
        on: push
        concurrency: {group: deploy%s}
        jobs:
          build: {runs-on: linux, steps: [{run: make}]}
        """
                .formatted(more);
    }
}

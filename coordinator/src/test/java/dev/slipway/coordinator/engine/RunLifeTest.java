package dev.slipway.coordinator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.JobState;
import dev.slipway.coordinator.model.RunSpec;
import dev.slipway.coordinator.model.Status;
import dev.slipway.error.ErrorCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// A run from its submission to its end.
class RunLifeTest {
    private static final String PIPELINE =
            """
            name: CI
            on: push
            jobs:
              build:
                runs-on: linux
                outputs:
                  list: x
                steps: [{run: make}]
              test:
                needs: build
                runs-on: linux
                strategy:
                  matrix:
                    n: ${{ fromJSON(needs.build.outputs.list) }}
                steps: [{run: make test}]
              report:
                needs: test
                if: always()
                runs-on: linux
                steps: [{run: make report}]
              deploy:
                needs: test
                runs-on: linux
                steps: [{run: make deploy}]
            """;

    private final EngineFixture farm = new EngineFixture();

    @AfterEach
    void replayEqualsLive() {
        farm.checkReplay();
    }

    @Test
    void jobWaitsForAnAgentWithItsLabels() {
        farm.agent("mac", 4, "macos");
        long run = farm.submit(PIPELINE);

        assertThat(farm.job(run, "build").status()).isEqualTo(Status.QUEUED);

        farm.agent("tux", 4, "linux", "x64");

        assertThat(farm.job(run, "build").status()).isEqualTo(Status.LEASED);
        assertThat(farm.farm().attemptsOf("tux")).hasSize(1);
    }

    @Test
    void matrixMayComeFromANeededJobsOutput() {
        farm.agent("tux", 9, "linux");
        long run = farm.submit(PIPELINE);

        farm.succeed(farm.job(run, "build"), Map.of("list", "[7, 8]"));

        assertThat(farm.job(run, "test.0").plan().name()).isEqualTo("test (7)");
        assertThat(farm.job(run, "test.1").plan().matrixJson()).isEqualTo("{\"n\":8}");
        assertThat(farm.job(run, "report").status()).isEqualTo(Status.WAITING);
    }

    @Test
    void runEndsWhenItsLastJobEnds() {
        farm.agent("tux", 9, "linux");
        long run = farm.submit(PIPELINE);

        farm.succeed(farm.job(run, "build"), Map.of("list", "[7, 8]"));
        farm.succeed(farm.job(run, "test.0"));
        farm.succeed(farm.job(run, "test.1"));
        farm.succeed(farm.job(run, "report"));
        assertThat(farm.farm().run(run)).isPresent();
        farm.succeed(farm.job(run, "deploy"));

        assertThat(farm.farm().run(run)).isEmpty();
        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.SUCCESS);
        assertThat(farm.records(run).shownInPlanOrder().stream().map(job -> job.plan().name()))
                .containsExactly("build", "test (7)", "test (8)", "report", "deploy");
    }

    @Test
    void failedLegCancelsItsSiblingsAndSkipsDependents() {
        farm.agent("tux", 9, "linux");
        long run = farm.submit(PIPELINE);
        farm.succeed(farm.job(run, "build"), Map.of("list", "[7, 8]"));

        farm.fail(farm.job(run, "test.0"));
        assertThat(farm.job(run, "test.1").cancelRequested()).isTrue();
        farm.end(
                farm.job(run, "test.1"),
                Conclusion.CANCELLED,
                dev.slipway.coordinator.model.Cause.CANCELLED,
                Map.of());

        assertThat(farm.job(run, "deploy").conclusion()).isEqualTo(Conclusion.SKIPPED);
        assertThat(farm.job(run, "report").status()).isEqualTo(Status.LEASED);
        farm.succeed(farm.job(run, "report"));
        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.FAILURE);
    }

    @Test
    void emptyMatrixFailsTheJobWithAMessage() {
        farm.agent("tux", 9, "linux");
        long run = farm.submit(PIPELINE);

        farm.succeed(farm.job(run, "build"), Map.of("list", "[]"));

        assertThat(farm.job(run, "test").conclusion()).isEqualTo(Conclusion.FAILURE);
        assertThat(farm.job(run, "test").message()).contains("test").contains("ci.yml");
    }

    @Test
    void maxParallelLimitsTheLegsThatRun() {
        farm.agent("tux", 9, "linux");
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          test:
                            runs-on: linux
                            strategy:
                              max-parallel: 2
                              matrix: {n: [1, 2, 3]}
                            steps: [{run: make}]
                        """);

        assertThat(farm.job(run, "test.2").status()).isEqualTo(Status.BLOCKED);

        farm.succeed(farm.job(run, "test.0"));

        assertThat(farm.job(run, "test.2").status()).isEqualTo(Status.LEASED);
    }

    @Test
    void continueOnErrorLetsTheRunPass() {
        farm.agent("tux", 9, "linux");
        long run =
                farm.submit(
                        """
                        on: push
                        jobs:
                          audit:
                            runs-on: linux
                            continue-on-error: true
                            steps: [{run: make}]
                          build:
                            needs: audit
                            runs-on: linux
                            steps: [{run: make}]
                        """);

        farm.fail(farm.job(run, "audit"));
        farm.succeed(farm.job(run, "build"));

        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.SUCCESS);
        assertThat(farm.job(run, "audit").conclusion()).isEqualTo(Conclusion.FAILURE);
    }

    @Test
    void retriedSubmitMakesOneRun() {
        RunSpec spec = farm.spec(PIPELINE);
        long run = farm.submit(spec);

        Command.Submitted again = farm.accept(new Command.SubmitRun(spec));

        assertThat(again).isEqualTo(new Command.Submitted(run, true));
        farm.restart();
        assertThat(farm.accept(new Command.SubmitRun(spec)).run()).isEqualTo(run);
    }

    @Test
    void invalidAndUnsupportedWorkflowsAreRefused() {
        assertThat(farm.refuse(new Command.SubmitRun(farm.spec("on: push\njobs: 7"))).code())
                .isEqualTo(ErrorCode.INVALID_WORKFLOW);
        String snapshot =
                """
                on: push
                jobs:
                  a:
                    runs-on: linux
                    snapshot: image
                    steps: [{run: ls}]
                """;
        assertThat(farm.refuse(new Command.SubmitRun(farm.spec(snapshot))).code())
                .isEqualTo(ErrorCode.UNSUPPORTED_WORKFLOW);
        String other = PIPELINE.replace("on: push", "on: release");
        assertThat(farm.refuse(new Command.SubmitRun(farm.spec(other))).message())
                .contains("release");
    }

    @Test
    void calledWorkflowRunsInsideItsCall() {
        farm.agent("tux", 9, "linux");
        String called =
                """
                on:
                  workflow_call:
                    inputs: {who: {type: string}}
                    outputs: {greeting: {value: "${{ jobs.greet.outputs.text }}"}}
                jobs:
                  greet:
                    name: greet ${{ inputs.who }}
                    runs-on: linux
                    outputs: {text: x}
                    steps: [{run: make}]
                """;
        long run =
                farm.submit(
                        farm.spec(
                                """
                                on: push
                                jobs:
                                  call:
                                    strategy: {matrix: {who: [ann, bob]}}
                                    uses: ./.github/workflows/greet.yml
                                    with: {who: "${{ matrix.who }}"}
                                  after:
                                    needs: call
                                    if: needs.call.outputs.greeting == 'hi bob'
                                    runs-on: linux
                                    steps: [{run: make}]
                                """,
                                Map.of(".github/workflows/greet.yml", called)));

        farm.succeed(farm.job(run, "call.0.greet"), Map.of("text", "hi ann"));
        farm.succeed(farm.job(run, "call.1.greet"), Map.of("text", "hi bob"));

        assertThat(farm.job(run, "after").status()).isEqualTo(Status.LEASED);
        farm.succeed(farm.job(run, "after"));
        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.SUCCESS);
        assertThat(farm.records(run).shownInPlanOrder().stream().map(job -> job.plan().name()))
                .containsExactly("call (ann) / greet ann", "call (bob) / greet bob", "after");
    }

    @Test
    void skippedCallSkipsItsJobs() {
        long run =
                farm.submit(
                        farm.spec(
                                """
                                on: push
                                jobs:
                                  call:
                                    if: false
                                    uses: ./.github/workflows/a.yml
                                """,
                                Map.of(
                                        ".github/workflows/a.yml",
                                        """
                                        on: workflow_call
                                        jobs:
                                          a: {runs-on: linux, steps: [{run: make}]}
                                        """)));

        assertThat(farm.records(run).jobs().stream().map(JobState::conclusion))
                .containsOnly(Conclusion.SKIPPED);
        assertThat(farm.records(run).run().conclusion()).isEqualTo(Conclusion.SKIPPED);
    }

    @Test
    void onlySelectedJobsAndTheirNeedsRun() {
        RunSpec spec = farm.spec(PIPELINE);
        RunSpec selected =
                new RunSpec(
                        spec.project(),
                        spec.workflow(),
                        spec.calledWorkflows(),
                        spec.event(),
                        spec.inputs(),
                        spec.vars(),
                        spec.secrets(),
                        spec.source(),
                        List.of("test"),
                        RunSpec.sorted(Map.of("linux", "Debian")),
                        0,
                        false,
                        "selected",
                        List.of());

        long run = farm.submit(selected);

        assertThat(farm.records(run).jobs().stream().map(job -> job.node().key()))
                .containsExactly("build", "test");
        assertThat(farm.job(run, "build").plan().runsOn()).containsExactly("debian");
    }
}

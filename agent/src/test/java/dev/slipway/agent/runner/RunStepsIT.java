package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.v1.StepState;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Steps of a job as they run on a real machine, against a farm in memory.
@Timeout(60)
class RunStepsIT {
    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;

    private AttemptState run(String workflow) throws Exception {
        return run(Submission.of(workflow));
    }

    private String attempt = "";

    private AttemptState run(Submission submission) throws Exception {
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = farm.submit(submission);
            return farm.awaitEnd(attempt);
        }
    }

    private static List<String> named(AttemptState state) {
        return state.getStepsList().stream()
                .map(step -> step.getName() + "=" + word(step.getConclusion()))
                .toList();
    }

    private static String word(Conclusion conclusion) {
        return conclusion.name().substring("CONCLUSION_".length()).toLowerCase(Locale.ROOT);
    }

    private static StepState step(AttemptState state, String name) {
        return state.getStepsList().stream()
                .filter(step -> step.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void stepsRunInOrderAndTheirOutputArrives() throws Exception {
        var state =
                run(
                        """
                        on: push
                        jobs:
                          job:
                            runs-on: ubuntu-latest
                            steps:
                              - run: echo one; echo two >&2
                              - name: second
                                run: |
                                  printf 'no line end'
                        """);

        assertThat(named(state))
                .containsExactly(
                        "Set up job=success",
                        "Run echo one; echo two >&2=success",
                        "second=success",
                        "Complete job=success");
        assertThat(farm.output(attempt)).containsExactly("one", "two", "no line end");
        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
    }

    @Test
    void environmentFilesReachLaterSteps() throws Exception {
        var state =
                run(
                        """
                        on: push
                        env: {LEVEL: workflow, W: w}
                        jobs:
                          job:
                            runs-on: ubuntu-latest
                            env: {LEVEL: job}
                            outputs:
                              answer: ${{ steps.first.outputs.answer }}
                              empty: ${{ steps.first.outputs.nothing }}
                            steps:
                              - id: first
                                run: |
                                  echo "ADDED=by first" >> "$GITHUB_ENV"
                                  echo "answer=42" >> "$GITHUB_OUTPUT"
                                  mkdir -p "$RUNNER_TEMP/bin"
                                  printf '#!/bin/sh\\necho tool ran\\n' > "$RUNNER_TEMP/bin/mytool"
                                  chmod +x "$RUNNER_TEMP/bin/mytool"
                                  echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
                                  echo '# Hello' >> "$GITHUB_STEP_SUMMARY"
                              - env: {LEVEL: step}
                                run: |
                                  a="${{ env.ADDED }} ${{ steps.first.outputs.answer }}"
                                  echo "$LEVEL $W $ADDED $a"
                                  mytool
                              - run: echo "$LEVEL ${{ steps.first.conclusion }}"
                        """);

        assertThat(farm.output(attempt))
                .containsExactly("step w by first by first 42", "tool ran", "job success");
        assertThat(state.getResult().getOutputsMap())
                .containsOnly(java.util.Map.entry("answer", "42"));
        assertThat(state.getSummaries(0).getMarkdown()).isEqualTo("# Hello\n");
    }

    @Test
    void failedStepSkipsTheRestUnlessTheyAsk() throws Exception {
        var state =
                run(
                        """
                        on: push
                        jobs:
                          job:
                            runs-on: ubuntu-latest
                            steps:
                              - id: soft
                                name: soft
                                run: exit 3
                                continue-on-error: true
                              - name: hard
                                run: exit 4
                              - name: skipped
                                run: echo no
                              - name: on failure
                                if: failure()
                                env: {S: "${{ steps.soft.outcome }} ${{ steps.soft.conclusion }}"}
                                run: echo "$S ${{ job.status }}"
                              - name: always
                                if: always()
                                run: echo always
                        """);

        assertThat(named(state))
                .containsExactly(
                        "Set up job=success",
                        "soft=success",
                        "hard=failure",
                        "skipped=skipped",
                        "on failure=success",
                        "always=success",
                        "Complete job=success");
        assertThat(step(state, "soft").getOutcome()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(farm.output(attempt)).containsExactly("failure success failure", "always");
        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(farm.meta(attempt)).contains("##[error]Process completed with exit code 4.");
        assertThat(state.getAnnotationsList())
                .anyMatch(a -> a.getAnnotation().getMessage().contains("exit code 4"));
    }

    @Test
    void secretsAreMaskedEverywhereAndDroppedFromOutputs() throws Exception {
        var state =
                run(
                        Submission.of(
                                        """
                                        on: push
                                        jobs:
                                          job:
                                            runs-on: ubuntu-latest
                                            outputs:
                                              leak: ${{ steps.s.outputs.leak }}
                                            steps:
                                              - id: s
                                                env: {T: "${{ secrets.TOKEN }}"}
                                                run: |
                                                  echo "token is $T"
                                                  echo "leak=$T" >> "$GITHUB_OUTPUT"
                                                  echo "::error::has $T"
                                                  echo "see $T" >> "$GITHUB_STEP_SUMMARY"
                                        """)
                                .secret("TOKEN", "hunter2-secret"));

        assertThat(farm.output(attempt)).contains("token is ***");
        assertThat(farm.meta(attempt).toString()).doesNotContain("hunter2-secret");
        assertThat(state.getResult().getOutputsMap()).isEmpty();
        assertThat(state.getAnnotations(0).getAnnotation().getMessage()).isEqualTo("has ***");
        assertThat(state.getSummaries(0).getMarkdown()).contains("see ***");
    }

    @Test
    void cancelInterruptsTheStepAndRunsWhatAlwaysRuns() throws Exception {
        try (var _ = AgentFixture.start(farm, work)) {
            attempt =
                    farm.submit(
                            Submission.of(
                                    """
                                    on: push
                                    jobs:
                                      job:
                                        runs-on: ubuntu-latest
                                        steps:
                                          - name: long
                                            run: |
                                              trap 'echo interrupted; exit 9' INT
                                              echo started
                                              while true; do sleep 0.1; done
                                          - name: usual
                                            run: echo usual
                                          - name: cleanup
                                            if: always()
                                            run: echo "cleanup ${{ job.status }}"
                                    """));
            farm.awaitOutput(attempt, "started");

            farm.cancel(attempt);
            var state = farm.awaitEnd(attempt);

            assertThat(named(state))
                    .containsExactly(
                            "Set up job=success",
                            "long=cancelled",
                            "usual=skipped",
                            "cleanup=success",
                            "Complete job=success");
            assertThat(farm.output(attempt))
                    .containsExactly("started", "interrupted", "cleanup cancelled");
            assertThat(state.getResult().getConclusion())
                    .isEqualTo(Conclusion.CONCLUSION_CANCELLED);
        }
    }

    @Test
    void stepTimeoutFailsTheStep() throws Exception {
        var state =
                run(
                        """
                        on: push
                        jobs:
                          job:
                            runs-on: ubuntu-latest
                            steps:
                              - name: slow
                                timeout-minutes: 0.01
                                run: exec sleep 100
                        """);

        assertThat(named(state)).contains("slow=failure");
        assertThat(farm.meta(attempt))
                .contains("##[error]The action 'slow' has timed out after 0.01 minutes.");
    }

    @Test
    void stepThatTimedOutLeavesNothingOfItsTreeToTheNext() throws Exception {
        run(
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    steps:
                      - timeout-minutes: 0.01
                        continue-on-error: true
                        run: |
                          setsid sh -c 'trap "" INT; echo $$ >pid; exec sleep 1000' &
                          sleep 1000
                      - run: grep -q ') [SR] ' "/proc/$(cat pid)/stat" && echo alive || echo dead
                """);

        assertThat(farm.output(attempt)).contains("dead");
    }
}

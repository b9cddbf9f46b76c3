package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptResult;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// An agent that goes away in the middle of a step, and the next one that goes on.
@Timeout(90)
class AdoptionIT {
    private static final int LINES = 300;

    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;
    @TempDir private Path marks;

    private String workflow() {
        return """
        on: push
        jobs:
          job:
            runs-on: ubuntu-latest
            outputs: {before: "${{ steps.before.outputs.x }}"}
            steps:
              - id: before
                run: |
                  echo "x=from before" >> "$GITHUB_OUTPUT"
                  echo "KEPT=kept" >> "$GITHUB_ENV"
              - run: |
                  echo started >> '%1$s/starts'
                  i=1
                  while [ $i -le %2$d ]; do
                    echo "line $i of ${{ secrets.WORD }}"
                    echo "::notice::note $i"
                    sleep 0.01
                    i=$((i+1))
                  done
              - run: echo "$KEPT ${{ steps.before.outputs.x }}"
        """
                .formatted(marks, LINES);
    }

    @Test
    void everyLineOfAStepArrivesOnceAcrossRestartsOfTheAgent() throws Exception {
        String attempt;
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = farm.submit(Submission.of(workflow()).secret("WORD", "swordfish"));
            farm.awaitOutput(attempt, "line 40 of ***");
        }
        for (int at : List.of(90, 140)) {
            try (var _ = AgentFixture.start(farm, work)) {
                farm.awaitOutput(attempt, "line " + at + " of ***");
            }
        }

        try (var _ = AgentFixture.start(farm, work)) {
            var state = farm.awaitEnd(attempt);

            assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(state.getResult().getOutputsMap()).containsEntry("before", "from before");
            assertThat(state.getAnnotationsList()).hasSize(LINES);
        }
        var expected =
                new java.util.ArrayList<>(
                        IntStream.rangeClosed(1, LINES)
                                .boxed()
                                .flatMap(i -> List.of("line " + i + " of ***").stream())
                                .toList());
        expected.add("kept from before");
        assertThat(farm.output(attempt).stream().filter(l -> !l.startsWith("##[")))
                .containsExactlyElementsOf(expected);
        assertThat(Files.readAllLines(marks.resolve("starts"))).containsExactly("started");
    }

    /// The spool holds what is not acknowledged yet, and how far the output has been read.
    @Test
    void lostSpoolIsAnHonestEndAndNeverASuccess() throws Exception {
        String attempt;
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = farm.submit(Submission.of(workflow()).secret("WORD", "swordfish"));
            farm.awaitOutput(attempt, "line 40 of ***");
        }
        loseSpool();

        try (var _ = AgentFixture.start(farm, work)) {
            var result = awaitIncompleteEnd(attempt);

            assertThat(result.getCause()).isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
            assertThat(result.getCauseDetail()).contains("log");
        }
        assertThat(Files.readAllLines(marks.resolve("starts"))).containsExactly("started");
    }

    @Test
    void resultWhoseLogIsLostSaysSo() throws Exception {
        String attempt;
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = farm.submit(Submission.of(workflow()).secret("WORD", "swordfish"));
            farm.awaitEnd(attempt);
        }
        loseSpool();

        try (var _ = AgentFixture.start(farm, work)) {
            var result = awaitIncompleteEnd(attempt);

            assertThat(result.getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(result.getLogIncompleteCause()).contains("is gone");
        }
    }

    private AttemptResult awaitIncompleteEnd(String attempt) throws Exception {
        return farm.await(attempt, it -> !it.getResult().getLogIncompleteCause().isEmpty())
                .getResult();
    }

    private void loseSpool() throws Exception {
        try (var attempts = Files.list(work.resolve("attempts"))) {
            Folders.delete(attempts.findFirst().orElseThrow().resolve("logs"));
        }
    }

    @Test
    void lostConnectionChangesNothing() throws Exception {
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow()).secret("WORD", "swordfish"));
            farm.awaitOutput(attempt, "line 40 of ***");
            farm.disconnect();
            farm.awaitOutput(attempt, "line 150 of ***");
            farm.disconnect();

            var state = farm.awaitEnd(attempt);

            assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(farm.output(attempt).stream().filter(l -> l.startsWith("line")))
                    .hasSize(LINES);
        }
    }

    @Test
    void forgottenAttemptLeavesNothingOnDisk() throws Exception {
        try (var agent = AgentFixture.start(farm, work)) {
            String attempt = farm.submit(Submission.of(workflow()).secret("WORD", "swordfish"));
            farm.awaitEnd(attempt);

            farm.forget(attempt);
            agent.drain();
            agent.awaitEnd();
        }

        try (var left = Files.list(work.resolve("attempts"))) {
            assertThat(left).isEmpty();
        }
    }
}

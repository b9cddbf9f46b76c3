package dev.slipway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What an agent does with its jobs when it is told to stop.
@Timeout(60)
class DrainIT {
    private static final String WORKFLOW =
            """
            on: push
            jobs:
              job:
                runs-on: ubuntu-latest
                steps:
                  - run: |
                      trap '' INT TERM
                      echo $$ > %1$s/pid
                      while [ ! -e %1$s/go ]; do sleep 0.02; done
                      echo went on
            """;

    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;
    @TempDir private Path signs;

    private String startJob() throws Exception {
        String attempt = farm.submit(Submission.of(WORKFLOW.formatted(signs)));
        Path pid = signs.resolve("pid");
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            Thread.sleep(10);
        }
        return attempt;
    }

    private boolean stepLives() throws Exception {
        Path stat = Path.of("/proc", Files.readString(signs.resolve("pid")).strip(), "stat");
        return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
    }

    @Test
    void drainedAgentLetsItsJobFinish() throws Exception {
        try (Agent agent = AgentFixture.start(farm, work)) {
            String attempt = startJob();

            agent.drain();
            Files.createFile(signs.resolve("go"));

            assertThat(farm.awaitEnd(attempt).getResult().getConclusion())
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            farm.forget(attempt);
            assertThat(agent.awaitEnd()).isEmpty();
            assertThat(farm.output(attempt)).containsExactly("went on");
        }
    }

    @Test
    void jobThatOutlivesTheDrainTimeIsHandedBack() throws Exception {
        try (Agent agent = AgentFixture.start(farm, work, Map.of(), Duration.ofMillis(300))) {
            String attempt = startJob();

            agent.drain();

            assertThat(farm.awaitEnd(attempt).getResult().getCause())
                    .isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
            farm.forget(attempt);
            assertThat(agent.awaitEnd()).isEmpty();
            assertThat(stepLives()).isFalse();
        }
    }

    @Test
    void stoppedAgentEndsItsJobAtOnce() throws Exception {
        try (Agent agent = AgentFixture.start(farm, work)) {
            String attempt = startJob();
            agent.drain();

            agent.stopNow();

            assertThat(farm.awaitEnd(attempt).getResult().getCause())
                    .isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
            farm.forget(attempt);
            assertThat(agent.awaitEnd()).isEmpty();
            assertThat(stepLives()).isFalse();
        }
    }
}

package dev.slipway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptResult;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.agent.workspace.Folders;
import dev.slipway.api.v1.Cause;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.Source;
import dev.slipway.error.ErrorCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What may befall the machine or the network of an agent while a job runs there, and how the
/// attempt ends. `docs/operating/agents.md` tells operators the same.
@Timeout(60)
class MishapsIT {
    private final FakeFarm farm = new FakeFarm();

    @TempDir private Path work;
    @TempDir private Path signs;

    /// Prints `begun` and its process id, waits for the file `go`, prints `went on`.
    private String workflow() {
        return """
        on: push
        jobs:
          job:
            runs-on: ubuntu-latest
            steps:
              - run: |
                  trap 'exit 130' INT
                  echo $$ > %1$s/pid
                  echo begun
                  while [ ! -e %1$s/go ]; do sleep 0.02; done
                  echo went on
              - if: always()
                run: |
                  echo cleaning up
                  if [ -e %1$s/slow ]; then sleep 1000; fi
        """
                .formatted(signs);
    }

    private String begin() throws Exception {
        String attempt = farm.submit(Submission.of(workflow()), Source.getDefaultInstance(), 0, 0);
        farm.awaitOutput(attempt, "begun");
        return attempt;
    }

    private void go() throws IOException {
        Files.createFile(signs.resolve("go"));
    }

    private boolean stepLives() throws IOException {
        return lives(Files.readString(signs.resolve("pid")).strip());
    }

    private static boolean lives(String pid) {
        try {
            return !Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }

    private static void kill(String pid) throws Exception {
        new ProcessBuilder("kill", "-KILL", pid).start().waitFor();
        while (lives(pid)) {
            Thread.sleep(10);
        }
    }

    private AttemptResult awaitResult(String attempt) throws Exception {
        return farm.await(attempt, AttemptState::hasResult).getResult();
    }

    @Test
    void outageShorterThanTheLeaseIsNotNoticedByTheJob() throws Exception {
        farm.leaseTtl(Duration.ofSeconds(30));
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = begin();

            farm.cut();
            go();
            Thread.sleep(1_500); // The outage itself: the job ends in it.
            farm.mend();

            assertThat(farm.awaitEnd(attempt).getResult().getConclusion())
                    .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(farm.output(attempt)).containsExactly("begun", "went on", "cleaning up");
        }
    }

    @Test
    void outageLongerThanTheLeaseEndsTheJobAndSaysWhy() throws Exception {
        farm.leaseTtl(Duration.ofSeconds(12));
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = begin();

            farm.cut();
            while (stepLives()) {
                Thread.sleep(20);
            }
            farm.mend();

            AttemptResult result = awaitResult(attempt);
            assertThat(result.getCause()).isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
            assertThat(result.getCauseDetail()).contains("lease");
            assertThat(farm.output(attempt)).containsExactly("begun");
        }
    }

    @Test
    void rebootEndsTheJobAndSaysSo() throws Exception {
        String attempt;
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = begin();
        }
        reboot();

        try (var _ = AgentFixture.start(farm, work)) {
            AttemptResult result = awaitResult(attempt);

            assertThat(result.getCause()).isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
            assertThat(result.getCauseDetail()).contains("rebooted");
        }
    }

    /// All processes of the job are killed, and what is on disk comes from another boot.
    private void reboot() throws Exception {
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        List<Path> files;
        try (var all = Files.walk(work.resolve("attempts"))) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (List.of("supervisor", "pump", "watchdog", "main")
                    .contains(file.getFileName().toString())) {
                kill(Files.readString(file).split(" ")[1]);
            }
        }
        for (Path file : files) {
            if (Files.exists(file) && Files.size(file) < 4_096) {
                String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                Files.writeString(
                        file,
                        text.replace(boot, "00000000-0000-0000-0000-000000000000"),
                        java.nio.charset.StandardCharsets.ISO_8859_1);
            }
        }
    }

    @Test
    void killedSupervisorEndsTheJobAndIsNeverASuccess() throws Exception {
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = begin();

            try (var files = Files.walk(work.resolve("attempts"))) {
                Path supervisor =
                        files.filter(file -> file.endsWith("supervisor")).findFirst().orElseThrow();
                kill(Files.readString(supervisor).split(" ")[1]);
            }

            AttemptResult result = awaitResult(attempt);
            assertThat(result.getCause()).isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
            assertThat(result.getCauseDetail()).contains("supervisor");
            assertThat(stepLives()).isFalse();
        }
    }

    @Test
    void deletedWorkDirectoryEndsTheJobAndTheAgent() throws Exception {
        try (var agent = AgentFixture.start(farm, work)) {
            String attempt = begin();

            deleteWork();

            AttemptResult result = awaitResult(attempt);
            assertThat(result.getCause()).isEqualTo(Cause.CAUSE_INFRASTRUCTURE);
            assertThat(result.getCauseDetail()).contains("work directory was deleted");
            assertThat(stepLives()).isFalse();
            farm.forget(attempt);
            assertThat(agent.awaitEnd()).contains(ErrorCode.STORAGE_FAILED);
        }
    }

    /// As often as it takes: the agent and its step write there meanwhile.
    private void deleteWork() throws IOException {
        while (Files.exists(work)) {
            try {
                Folders.delete(work);
            } catch (DirectoryNotEmptyException written) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void cancelGoesOnThroughALostConnectionAndAlwaysStepsRun() throws Exception {
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt = begin();

            farm.cancel(attempt);
            farm.await(attempt, AttemptState::hasCancelAcknowledgedAt);
            farm.disconnect();

            var state = farm.awaitEnd(attempt);
            assertThat(state.getResult().getCause()).isEqualTo(Cause.CAUSE_CANCELLED);
            assertThat(farm.output(attempt)).containsExactly("begun", "cleaning up");
            assertThat(stepLives()).isFalse();
        }
    }

    @Test
    void cancelIsHonouredByTheAgentThatIsStartedAfterIt() throws Exception {
        String attempt;
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = begin();
        }
        farm.cancel(attempt);

        try (var _ = AgentFixture.start(farm, work)) {
            var state = farm.awaitEnd(attempt);

            assertThat(state.getResult().getCause()).isEqualTo(Cause.CAUSE_CANCELLED);
            assertThat(state.hasCancelAcknowledgedAt()).isTrue();
            assertThat(farm.output(attempt)).containsExactly("begun", "cleaning up");
        }
    }

    @Test
    void stepsThatCleanUpEndWhenTheirTimeIsOver() throws Exception {
        Files.createFile(signs.resolve("slow"));
        try (var _ = AgentFixture.start(farm, work)) {
            String attempt =
                    farm.submit(
                            Submission.of(workflow()), Source.getDefaultInstance(), 0, 3.0 / 60);
            farm.awaitOutput(attempt, "begun");

            farm.cancel(attempt);

            var state = farm.awaitEnd(attempt);
            assertThat(state.getResult().getCause()).isEqualTo(Cause.CAUSE_CANCELLED);
            assertThat(farm.output(attempt)).containsExactly("begun", "cleaning up");
        }
    }

    /// The step fills the disk that holds the work directory, and prints more than fits.
    @Test
    void stepOnAFullDiskGoesOnAndItsLogSaysWhatIsLost() throws Exception {
        try (var disk = SmallDisk.make(signs.resolve("disk"), 24)) {
            fillDisk(disk.folder());
        }
    }

    private void fillDisk(Path disk) throws Exception {
        try (var _ = AgentFixture.start(farm, disk.resolve("work"))) {
            String attempt =
                    farm.submit(
                            Submission.of(
                                    """
                                    on: push
                                    jobs:
                                      job:
                                        runs-on: ubuntu-latest
                                        steps:
                                          - run: |
                                              cat /dev/zero > full || echo "it is full"
                                              seq 100000
                                              rm full
                                              echo "there is room"
                                    """));

            AttemptResult result = awaitResult(attempt);

            assertThat(result.getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
            assertThat(result.getLogIncompleteCause()).contains("Output is lost");
        }
    }
}

package dev.slipway.agent.executor;

import static dev.slipway.agent.executor.HostFixture.await;
import static dev.slipway.agent.executor.HostFixture.readAll;
import static dev.slipway.agent.executor.HostFixture.readUntil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.process.Boot;
import dev.slipway.agent.process.ControlFolder;
import dev.slipway.agent.process.Intent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

@Timeout(60)
class HostAdoptionIT {
    @TempDir Path folder;
    private HostFixture host;

    @BeforeEach
    void open() throws IOException {
        host = new HostFixture(folder);
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    private Path control(String name) {
        return host.root.resolve(name);
    }

    private long pidIn(String file) throws IOException {
        return Long.parseLong(Files.readString(control("step").resolve(file)).split(" ")[1]);
    }

    private static void signal(String name, long pid) throws Exception {
        int status =
                new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid).start().waitFor();
        assertThat(status).isZero();
    }

    /// Cancels the step when the test ends.
    private void know(String name) {
        host.launch(name, "known");
    }

    @Test
    void killedAgentsStepGoesOnAndEveryByteComesOnceInOrder() throws Exception {
        know("step");
        String script = "for ((i = 0; i < 200; i++)); do echo line $i; sleep 0.01; done; exit 7";
        Process agent = StartAndWait.spawn(folder, "step", script);
        agent.destroyForcibly().waitFor();

        RunningProcess adopted = host.executor.adopt(control("step"));

        String expected =
                String.join("", IntStream.range(0, 200).mapToObj(i -> "line " + i + "\n").toList());
        assertThat(readAll(adopted)).isEqualTo(expected);
        assertThat(adopted.awaitExit()).isEqualTo(new Exit.Exited(7));
    }

    @Test
    void adoptionBeginsAtAnyUnacknowledgedOffset() throws Exception {
        RunningProcess first = host.bash("step", "echo 0123456789; sleep 0.3; echo end");
        readUntil(first, "9\n");
        first.acknowledge(5);
        first.close();

        RunningProcess adopted = host.executor.adopt(control("step"));

        assertThat(readAll(adopted, 5)).isEqualTo("56789\nend\n");
        assertThat(adopted.awaitExit()).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void endedProcessIsAdoptedWithItsResult() throws Exception {
        RunningProcess first = host.bash("step", "echo x; exit 4");
        first.awaitExit();
        first.close();

        RunningProcess adopted = host.executor.adopt(control("step"));

        assertThat(adopted.exit()).contains(new Exit.Exited(4));
        assertThat(adopted.startedAt()).isEqualTo(first.startedAt());
        assertThat(readAll(adopted)).isEqualTo("x\n");
    }

    @Test
    void supervisorThatComesAfterTheAdoptionDoesNotRun() throws Exception {
        Launch launch = host.launch("step", "touch", "ran");
        new ControlFolder(control("step")).create(intent(Boot.current().id(), launch));

        RunningProcess adopted = host.executor.adopt(control("step"));
        Process late =
                new ProcessBuilder(
                                "setsid",
                                "sh",
                                host.script().toString(),
                                control("step").toString())
                        .redirectErrorStream(true)
                        .start();
        late.getOutputStream().close();

        assertThat(late.waitFor()).isZero();
        assertThat(adopted.exit()).get().isInstanceOf(Exit.NeverStarted.class);
        assertThat(control("step").resolve("supervisor")).doesNotExist();
        assertThat(host.executor.adopt(control("step")).exit())
                .get()
                .isInstanceOf(Exit.NeverStarted.class);
        assertThat(readAll(adopted)).isEmpty();
    }

    private Intent intent(String bootId, Launch launch) {
        return new Intent(
                bootId,
                host.clock.now(),
                launch.jobTrackingId(),
                launch.stepTrackingId(),
                host.lease,
                Optional.empty(),
                Duration.ofSeconds(2),
                Optional.empty());
    }

    @Test
    void supervisorWhoseAgentDiedBeforeSayingWhatToRunNeverStarts() throws Exception {
        Launch launch = host.launch("step", "true");
        new ControlFolder(control("step")).create(intent(Boot.current().id(), launch));
        Process cut =
                new ProcessBuilder(
                                "setsid",
                                "sh",
                                host.script().toString(),
                                control("step").toString())
                        .redirectErrorStream(true)
                        .start();
        try (var stdin = cut.getOutputStream()) {
            stdin.write("step=x\nlaunch() {\nexport A='tru".getBytes(StandardCharsets.UTF_8));
        }
        cut.waitFor();

        RunningProcess adopted = host.executor.adopt(control("step"));

        assertThat(adopted.awaitExit()).isInstanceOf(Exit.NeverStarted.class);
    }

    @Test
    void killedSupervisorIsLostAndItsTreeKilled() throws Exception {
        RunningProcess process = host.bash("step", "echo $$; setsid sleep 1000 & echo $!; wait");
        List<String> pids = readUntil(process, "\n").lines().toList();
        String output = readUntil(process, pids.getFirst() + "\n");

        signal("KILL", pidIn("supervisor"));

        assertThat(process.awaitExit())
                .isInstanceOfSatisfying(
                        Exit.SupervisorLost.class,
                        lost -> assertThat(lost.reason()).contains("without recording an exit"));
        assertThat(readAll(process)).startsWith(output);
        for (String pid : readAll(process).lines().toList()) {
            assertThat(HostFixture.alive(Long.parseLong(pid))).isFalse();
        }
    }

    @Test
    void killedSupervisorOfAnAdoptedProcessIsLost() throws Exception {
        RunningProcess first = host.bash("step", "echo $$; exec sleep 1000");
        String pid = readUntil(first, "\n").strip();
        first.close();
        RunningProcess adopted = host.executor.adopt(control("step"));

        signal("KILL", pidIn("supervisor"));

        assertThat(adopted.awaitExit()).isInstanceOf(Exit.SupervisorLost.class);
        assertThat(HostFixture.alive(Long.parseLong(pid))).isFalse();
        assertThat(readAll(adopted)).isEqualTo(pid + "\n");
    }

    @Test
    void supervisorKilledWhileNoAgentLivedIsLost() throws Exception {
        RunningProcess first = host.bash("step", "echo $$; exec sleep 1000");
        String pid = readUntil(first, "\n").strip();
        first.close();
        signal("KILL", pidIn("supervisor"));
        await("the supervisor is dead", () -> !HostFixture.alive(pidIn("supervisor")));

        RunningProcess adopted = host.executor.adopt(control("step"));

        assertThat(adopted.awaitExit()).isInstanceOf(Exit.SupervisorLost.class);
        assertThat(HostFixture.alive(Long.parseLong(pid))).isFalse();
    }

    @Test
    void killedPumpIsAGapButNotTheEnd() throws Exception {
        RunningProcess process =
                host.bash("step", "trap '' PIPE; echo before; sleep 1; echo after 2>&-; exit 6");
        readUntil(process, "before\n");
        // With the dd that reads for it, which would go on until it has enough.
        ProcessHandle pump = ProcessHandle.of(pidIn("pump")).orElseThrow();
        List<ProcessHandle> copiers = pump.children().toList();
        pump.destroyForcibly();
        copiers.forEach(ProcessHandle::destroyForcibly);

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(6));
        assertThatThrownBy(() -> process.read(7, new byte[100]))
                .isInstanceOf(OutputLostException.class);
        assertThat(process.read(7, new byte[100])).isEqualTo(-1);
    }

    @Test
    void emptyOrTornExitFileIsNeverASuccess() throws Exception {
        for (String content : List.of("", "slipway-exit 1 exited 0", "slipway-exit 1 exited\n")) {
            String name = "step" + content.length();
            RunningProcess first = host.bash(name, "echo x");
            first.awaitExit();
            first.close();
            Files.writeString(control(name).resolve("exit"), content);

            RunningProcess adopted = host.executor.adopt(control(name));

            assertThat(adopted.awaitExit())
                    .isInstanceOfSatisfying(
                            Exit.SupervisorLost.class,
                            lost -> assertThat(lost.reason()).contains("torn"));
            assertThat(readAll(adopted)).isEqualTo("x\n");
        }
    }

    @Test
    void processWithTheSupervisorsPidIsNotTheSupervisor() throws Exception {
        Launch launch = host.launch("step", "true");
        var control = new ControlFolder(control("step"));
        control.create(intent(Boot.current().id(), launch));
        assertThat(control.claim()).isTrue();
        long other = ProcessHandle.current().pid();
        Files.writeString(
                control("step").resolve("supervisor"),
                "%s %d 12345\n".formatted(Boot.current().id(), other));

        RunningProcess adopted = host.executor.adopt(control("step"));

        assertThat(adopted.awaitExit()).isInstanceOf(Exit.SupervisorLost.class);
        assertThat(HostFixture.alive(other)).isTrue();
    }

    @Test
    void anotherBootIdIsAReboot() throws Exception {
        RunningProcess first = host.bash("step", "echo x; exec sleep 1000");
        readUntil(first, "x\n");
        first.close();
        RunningProcess done = host.bash("done", "exit 3");
        done.awaitExit();
        done.close();

        try (var rebooted =
                new HostFixture(folder, new Boot("00000000-0000-0000-0000-000000000000"))) {
            RunningProcess adopted = rebooted.executor.adopt(control("step"));

            assertThat(adopted.awaitExit())
                    .isInstanceOfSatisfying(
                            Exit.SupervisorLost.class,
                            lost -> assertThat(lost.reason()).contains("rebooted"));
            assertThat(rebooted.executor.adopt(control("done")).exit())
                    .contains(new Exit.Exited(3));
        }
    }

    @Test
    void folderWithoutIntentCannotBeAdopted() {
        assertThatThrownBy(() -> host.executor.adopt(control("never")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void deletedControlFolderIsALostSupervisor() throws Exception {
        RunningProcess process = host.bash("step", "echo $$; exec sleep 1000");
        String pid = readUntil(process, "\n").strip();

        new ControlFolder(control("step")).delete();
        signal("KILL", Long.parseLong(pid));

        assertThat(process.awaitExit()).isInstanceOf(Exit.SupervisorLost.class);
    }

    @Test
    void twoExecutorsMayFollowOneProcess() throws Exception {
        RunningProcess first = host.bash("step", "echo a; sleep 0.3; echo b");
        readUntil(first, "a\n");
        RunningProcess second = host.executor.adopt(control("step"));

        assertThat(readAll(second)).isEqualTo("a\nb\n");
        assertThat(first.awaitExit()).isEqualTo(second.awaitExit());
    }
}

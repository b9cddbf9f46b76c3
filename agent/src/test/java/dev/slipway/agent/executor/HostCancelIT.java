package dev.slipway.agent.executor;

import static dev.slipway.agent.executor.HostFixture.readAll;
import static dev.slipway.agent.executor.HostFixture.readUntil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.executor.CancelListener.Phase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

@Timeout(60)
class HostCancelIT {
    @TempDir Path folder;
    private HostFixture host;
    private final BlockingQueue<Phase> phases = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws IOException {
        host = new HostFixture(folder);
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    private void hear(Phase phase, int processes) {
        phases.add(phase);
    }

    @Test
    void interruptReachesTheScriptAndItsTrapRuns() throws Exception {
        RunningProcess process =
                host.bash(
                        "step",
                        // The command says that it runs: bash loses a signal while it starts one.
                        "trap 'echo cleaning; exit 9' INT; sh -c 'echo x; exec sleep 1000'");
        readUntil(process, "x\n");

        process.cancel(this::hear);

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(9));
        assertThat(readAll(process)).isEqualTo("x\ncleaning\n");
        assertThat(phases.take()).isEqualTo(Phase.INTERRUPTED);
        assertThat(phases.take()).isEqualTo(Phase.DEAD);
    }

    @Test
    void treeThatIgnoresInterruptAndTerminateIsKilled() throws Exception {
        Duration began = host.clock.uptime();
        RunningProcess process =
                host.bash(
                        "step",
                        "trap 'echo int' INT; trap 'echo term' TERM; echo $$;"
                                + " while :; do sleep 0.1; done");
        String pid = readUntil(process, "\n").strip();

        process.cancel(this::hear);

        assertThat(phases.take()).isEqualTo(Phase.INTERRUPTED);
        assertThat(phases.take()).isEqualTo(Phase.TERMINATED);
        assertThat(phases.take()).isEqualTo(Phase.KILLED);
        assertThat(phases.take()).isEqualTo(Phase.DEAD);
        assertThat(host.clock.uptime().minus(began))
                .isBetween(Duration.ofMillis(9_900), Duration.ofSeconds(40));
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(137));
        assertThat(readAll(process)).contains("int\n", "term\n");
        assertThat(HostFixture.alive(Long.parseLong(pid))).isFalse();
    }

    @Test
    void killEndsChildrenThatLeftTheSession() throws Exception {
        RunningProcess process =
                host.bash("step", "setsid setsid sleep 1000 >/dev/null & echo $!; sleep 1000");
        String child = readUntil(process, "\n").strip();

        process.kill();

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(137));
        assertThat(HostFixture.alive(Long.parseLong(child))).isFalse();
    }

    @Test
    void cancelRightAfterTheStartIsHonoured() throws Exception {
        for (int i = 0; i < 10; i++) {
            RunningProcess process = host.bash("step" + i, "sleep 1000");

            process.cancel(this::hear);

            assertThat(process.awaitExit())
                    .isInstanceOfAny(Exit.Exited.class, Exit.NeverStarted.class)
                    .isNotEqualTo(new Exit.Exited(0));
        }
    }

    @Test
    void cancelOfAnEndedProcessIsDeadAtOnce() throws Exception {
        RunningProcess process = host.bash("step", "true");
        process.awaitExit();

        process.cancel(this::hear);

        assertThat(phases.take()).isEqualTo(Phase.DEAD);
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void adoptedProcessCanBeCancelled() throws Exception {
        RunningProcess first = host.bash("step", "echo x; sleep 1000");
        readUntil(first, "x\n");
        first.close();
        RunningProcess adopted = host.executor.adopt(host.root.resolve("step"));

        adopted.cancel(this::hear);

        assertThat(adopted.awaitExit()).isEqualTo(new Exit.Exited(130));
        assertThat(phases.take()).isEqualTo(Phase.INTERRUPTED);
        assertThat(phases.take()).isEqualTo(Phase.DEAD);
    }

    /// Holds the cancel between its claim and its record: writing to a pipe that nobody reads
    /// waits.
    @Test
    void supervisorThatEndsBecauseItsClaimWasTakenIsNotLost() throws Exception {
        Path control = host.root.resolve("step");
        Path gate = gateSupervisors();
        RunningProcess process = host.bash("step", "echo never");
        pipe(control.resolve("exit.agent"));
        process.cancel(this::hear);
        HostFixture.await("the claim is taken", () -> Files.exists(control.resolve("claim")));

        ProcessHandle supervisor = host.supervisors().getFirst();
        Files.createFile(gate);
        HostFixture.await("the supervisor is gone", () -> !supervisor.isAlive());
        Thread judge = Thread.ofPlatform().start(((HostProcess) process)::supervisorEnded);
        HostFixture.await("its end is judged", () -> judge.getState() != Thread.State.RUNNABLE);

        try (var _ = letGo(control.resolve("exit.agent"), "slipway-exit 1 not-started by me\n")) {
            assertThat(process.awaitExit()).isInstanceOf(Exit.NeverStarted.class);
            assertThat(phases.take()).isEqualTo(Phase.DEAD);
        }
    }

    /// From now on supervisors wait for the file that is returned before they look at their folder.
    private Path gateSupervisors() throws IOException {
        Path gate = host.root.resolve("gate");
        Path original = host.root.resolve("original.sh");
        Path script = host.script();
        Files.move(script, original);
        Files.writeString(
                script,
                """
                until [ -e "${1%/*}/gate" ]; do sleep 0.01; done
                exec sh "${1%/*}/original.sh" "$@"
                """);
        return gate;
    }

    @Test
    void killBetweenClaimAndCommandReachesTheCommand() throws Exception {
        Files.delete(host.lease);
        pipe(host.lease);
        RunningProcess process = host.bash("step", "exec sleep 1000");
        HostFixture.await(
                "the supervisor has claimed", () -> Files.exists(host.root.resolve("step/claim")));

        Thread killer = Thread.ofPlatform().start(() -> kill(process));
        HostFixture.await("the kill looks", () -> killer.getState() != Thread.State.RUNNABLE);

        try (var _ = letGo(host.lease, host.leaseOf(Duration.ofMinutes(5)))) {
            assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(137));
        }
        killer.join();
    }

    private static void kill(RunningProcess process) {
        try {
            process.kill();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void pipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    }

    /// Puts a file in place of a pipe, then lets whoever waits at the pipe go on.
    private static RandomAccessFile letGo(Path pipe, String content) throws IOException {
        Path aside = pipe.resolveSibling("aside");
        Files.move(pipe, aside);
        Files.writeString(pipe, content);
        var bothEnds = new RandomAccessFile(aside.toFile(), "rw");
        bothEnds.write(content.getBytes(StandardCharsets.UTF_8));
        return bothEnds;
    }

    @Test
    void supervisorThatComesWhileTheFolderIsDeletedDoesNotRun() throws Exception {
        Path control = Files.createDirectory(host.root.resolve("step"));

        Process late =
                new ProcessBuilder("sh", host.script().toString(), control.toString()).start();

        assertThat(late.waitFor()).isZero();
        assertThat(control.resolve("supervisor")).doesNotExist();
    }

    /// As a script does that starts an agent with `&`.
    @Test
    void stepOfAnAgentThatIgnoresInterruptIsInterrupted() throws Exception {
        Process agent =
                StartAndWait.spawn(
                        List.of("sh", "-c", "trap '' INT QUIT HUP; exec \"$@\"", "sh"),
                        folder,
                        "step",
                        "trap 'exit 9' INT; echo x; while :; do sleep 0.1; done");
        host.launch("step", "known");
        agent.destroyForcibly().waitFor();
        RunningProcess adopted = host.executor.adopt(host.root.resolve("step"));

        adopted.cancel(this::hear);

        assertThat(adopted.awaitExit()).isEqualTo(new Exit.Exited(9));
    }
}

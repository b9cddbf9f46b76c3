package dev.slipway.agent.executor;

import static dev.slipway.agent.executor.HostFixture.await;
import static dev.slipway.agent.executor.HostFixture.readAll;
import static dev.slipway.agent.executor.HostFixture.readUntil;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

@Timeout(60)
class HostLeaseIT {
    @TempDir Path folder;
    private HostFixture host;

    @BeforeEach
    void open() throws IOException {
        host = new HostFixture(folder);
        host.limit(
                new Launch.Limits(1 << 20, 1 << 16, Duration.ofSeconds(2), Duration.ofMillis(500)));
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    @Test
    void treeIsKilledAtTheEndOfTheLeaseWithoutAnyAgent() throws Exception {
        host.renew(Duration.ofSeconds(4));
        Duration began = host.clock.uptime();
        RunningProcess process =
                host.bash(
                        "step",
                        "trap '' TERM INT; setsid sleep 1000 & echo $! $$; while :; do sleep 1;"
                                + " done");
        List<String> pids = List.of(readUntil(process, "\n").strip().split(" "));
        // Nobody follows any more: as if the agent were dead or stopped.
        process.close();

        await("the tree is dead", () -> pids.stream().noneMatch(HostLeaseIT::alive));

        assertThat(host.clock.uptime().minus(began))
                .isBetween(Duration.ofMillis(3_300), Duration.ofSeconds(20));
        assertThat(host.executor.adopt(host.root.resolve("step")).awaitExit())
                .isEqualTo(new Exit.LeaseLost());
    }

    private static boolean alive(String pid) {
        try {
            return HostFixture.alive(Long.parseLong(pid));
        } catch (IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }

    @Test
    void renewedLeaseLetsTheProcessGoOn() throws Exception {
        host.renew(Duration.ofSeconds(4));
        RunningProcess process = host.bash("step", "echo x; sleep 5; echo y");
        readUntil(process, "x\n");
        host.renew(Duration.ofMinutes(1));

        assertThat(readAll(process)).isEqualTo("x\ny\n");
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void leaseThatIsOverStartsNothing() throws Exception {
        host.renew(Duration.ofMillis(-1));

        RunningProcess process = host.bash("step", "echo x");

        assertThat(process.awaitExit()).isInstanceOf(Exit.NeverStarted.class);
    }

    @Test
    void backgroundChildrenOfAnEndedStepDoNotOutliveTheLease() throws Exception {
        host.renew(Duration.ofSeconds(4));
        RunningProcess process = host.bash("step", "sleep 1000 >/dev/null 2>&1 & echo $!");
        String pid = readAll(process).strip();
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
        assertThat(alive(pid)).isTrue();
        process.close();

        await("the background child is dead", () -> !alive(pid));
    }

    @Test
    void lostLeaseIsNotTheProcessesOwnEnd() throws Exception {
        host.renew(Duration.ofSeconds(4));

        RunningProcess process = host.bash("step", "trap 'exit 0' TERM; echo x; sleep 1000 & wait");

        assertThat(process.awaitExit()).isEqualTo(new Exit.LeaseLost());
        assertThat(readAll(process)).isEqualTo("x\n");
    }

    /// Without control groups nothing but its process group gives it away.
    @Test
    void commandThatClearsItsEnvironmentIsKilledAtTheEndOfTheLease() throws Exception {
        host.renew(Duration.ofSeconds(4));

        RunningProcess process = host.bash("step", "echo x; exec env -i sleep 1000");

        assertThat(process.awaitExit()).isEqualTo(new Exit.LeaseLost());
        assertThat(readAll(process)).isEqualTo("x\n");
    }

    @Test
    void stoppedAgentsStepIsKilledAtTheEndOfTheLease() throws Exception {
        Process agent = StartAndWait.spawn(folder, "step", "echo $$; exec sleep 1000");
        Path control = host.root.resolve("step");
        String pid = Files.readString(control.resolve("main")).split(" ")[1];
        host.launch("step", "known");
        signal("STOP", agent.pid());
        host.renew(Duration.ofSeconds(2));

        // The watchdog looks at the lease every 15 s.
        await("the command is dead", () -> !alive(pid));
        signal("CONT", agent.pid());

        assertThat(agent.isAlive()).isTrue();
        assertThat(host.executor.adopt(control).awaitExit()).isEqualTo(new Exit.LeaseLost());
        agent.destroyForcibly().waitFor();
    }

    private static void signal(String name, long pid) throws Exception {
        int status =
                new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid).start().waitFor();
        assertThat(status).isZero();
    }
}

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
import java.nio.file.Path;
import java.time.Duration;
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
                host.bash("step", "trap 'echo cleaning; exit 9' INT; echo x; sleep 1000");
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
}

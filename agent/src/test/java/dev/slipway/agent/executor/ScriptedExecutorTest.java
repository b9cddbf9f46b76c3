package dev.slipway.agent.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.agent.executor.CancelListener.Phase;
import dev.slipway.agent.executor.Script.Act;
import dev.slipway.testkit.ManualTime;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ScriptedExecutorTest {
    private static final Path LEASE = Path.of("/work/lease");

    private final ManualTime time = new ManualTime();
    private Script script = Script.of();
    private final ScriptedExecutor executor = new ScriptedExecutor(time, time, launch -> script);

    private RunningProcess start(String name, Script acts) throws IOException {
        script = acts;
        executor.renewLease(LEASE, Duration.ofHours(1));
        return executor.start(
                new Launch(
                        Path.of("/work", name),
                        List.of("x"),
                        Map.of(),
                        Path.of("/"),
                        "job",
                        "job/" + name,
                        LEASE,
                        new Launch.Limits(40_000, 32_768, Duration.ZERO, Duration.ofSeconds(10)),
                        new Launch.Place.Machine()));
    }

    private static String read(RunningProcess process, long from) throws Exception {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[7];
        int count = process.read(from, buffer);
        while (count > 0) {
            all.write(buffer, 0, count);
            count = process.read(from + all.size(), buffer);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    @Test
    void scriptPrintsWorksAndEnds() throws Exception {
        RunningProcess process = start("step", Script.counting(3, Duration.ofSeconds(1), 5));

        assertThat(process.exit()).isEmpty();
        time.advance(Duration.ofSeconds(3));

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(5));
        assertThat(read(process, 0)).isEqualTo("line 0\nline 1\nline 2\n");
    }

    @Test
    void processOutlivesItsAgent() throws Exception {
        RunningProcess first = start("step", Script.counting(3, Duration.ofSeconds(1), 0));
        first.acknowledge(3);

        executor.loseAgent();
        time.advance(Duration.ofSeconds(3));
        RunningProcess adopted = executor.adopt(Path.of("/work/step"));

        assertThatThrownBy(() -> first.read(3, new byte[9]))
                .isInstanceOf(IllegalStateException.class);
        assertThat(read(adopted, 3)).isEqualTo("e 0\nline 1\nline 2\n");
        assertThat(adopted.awaitExit()).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void adoptionPreventsALateStart() throws Exception {
        start("step", Script.of(new Act.Hang()).startingAfter(Duration.ofSeconds(1)));

        RunningProcess adopted = executor.adopt(Path.of("/work/step"));
        time.advance(Duration.ofSeconds(2));

        assertThat(adopted.awaitExit()).isInstanceOf(Exit.NeverStarted.class);
    }

    @Test
    void leaseEndsTheProcessGraceEarlier() throws Exception {
        RunningProcess process = start("step", Script.of(new Act.Hang()));
        executor.renewLease(LEASE, Duration.ofMinutes(2));

        time.advance(Duration.ofHours(1).minusSeconds(11));
        assertThat(process.exit()).isEmpty();
        time.advance(Duration.ofSeconds(1));

        assertThat(process.awaitExit()).isEqualTo(new Exit.LeaseLost());
    }

    @Test
    void cancelEscalates() throws Exception {
        RunningProcess process = start("step", Script.of(new Act.Hang()).ignoringSignals());
        List<Phase> phases = new ArrayList<>();

        process.cancel((phase, count) -> phases.add(phase));
        time.advance(Duration.ofSeconds(9));
        assertThat(phases).containsExactly(Phase.INTERRUPTED, Phase.TERMINATED);
        assertThat(process.exit()).isEmpty();
        time.advance(Duration.ofSeconds(1));

        assertThat(phases)
                .containsExactly(Phase.INTERRUPTED, Phase.TERMINATED, Phase.KILLED, Phase.DEAD);
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(137));
    }

    @Test
    void outputOverTheBudgetHoldsTheProcess() throws Exception {
        String block = "x".repeat(40_000);
        RunningProcess process = start("step", Script.of(new Act.Print(block), new Act.End(3)));

        time.advance(Duration.ofMinutes(1));
        assertThat(process.exit()).isEmpty();
        process.acknowledge(10);
        time.advance(Duration.ZERO);

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(3));
    }

    @Test
    void lostOutputIsToldOnce() throws Exception {
        RunningProcess process =
                start(
                        "step",
                        Script.of(
                                new Act.Print("a"),
                                new Act.LoseOutput("disk full"),
                                new Act.Print("b")));

        assertThat(process.read(0, new byte[9])).isEqualTo(1);
        assertThatThrownBy(() -> process.read(1, new byte[9]))
                .isInstanceOf(OutputLostException.class)
                .hasMessageContaining("disk full");
        assertThat(process.read(1, new byte[9])).isEqualTo(-1);
    }

    @Test
    void rebootEndsWhatRan() throws Exception {
        RunningProcess done = start("done", Script.of(new Act.Print("x"), new Act.End(2)));
        start("running", Script.of(new Act.Hang()));
        assertThat(done.exit()).isPresent();

        executor.reboot();

        assertThat(executor.adopt(Path.of("/work/done")).exit()).contains(new Exit.Exited(2));
        assertThat(executor.adopt(Path.of("/work/running")).awaitExit())
                .isInstanceOf(Exit.SupervisorLost.class);
        assertThat(executor.running()).isZero();
    }

    @Test
    void secondStartInOneFolderIsRefused() throws Exception {
        RunningProcess first = start("step", Script.of());

        assertThatThrownBy(() -> start("step", Script.of())).isInstanceOf(IOException.class);
        assertThat(executor.launches()).hasSize(1);

        first.delete();

        assertThatThrownBy(() -> executor.adopt(Path.of("/work/step")))
                .isInstanceOf(IOException.class);
    }
}

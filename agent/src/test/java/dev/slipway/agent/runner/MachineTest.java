package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.executor.Script;
import dev.slipway.agent.executor.ScriptedExecutor;
import dev.slipway.testkit.ManualTime;
import dev.slipway.testkit.SeededIds;
import dev.slipway.time.SystemThreads;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// How a time limit that began before a restart of the agent is counted when the clock is set.
class MachineTest {
    private final ManualTime time = new ManualTime();
    private final Machine machine =
            new Machine(
                    new ScriptedExecutor(time, time, launch -> Script.of()),
                    time,
                    time,
                    new SystemThreads(),
                    new SeededIds(1),
                    Map.of(),
                    new Machine.Description("one", "Linux", "X64"),
                    Optional.empty());

    private final Instant begun = time.now();

    @Test
    void limitIsWhatIsLeftOfIt() {
        time.advance(Duration.ofMinutes(10));

        assertThat(machine.remaining(begun, 30)).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void clockThatIsSetBackGivesTheWholeLimitAndNeverMore() {
        time.advance(Duration.ofMinutes(10));
        time.step(Duration.ofHours(-1));

        assertThat(machine.remaining(begun, 30)).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void clockThatIsSetForwardEndsTheLimitAtOnceAndNoSooner() {
        time.step(Duration.ofHours(1));

        assertThat(machine.remaining(begun, 30)).isZero();
        assertThat(machine.remaining(time.now(), 30)).isEqualTo(Duration.ofMinutes(30));
    }
}

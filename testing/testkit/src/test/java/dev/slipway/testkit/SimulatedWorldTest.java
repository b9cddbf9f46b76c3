package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

class SimulatedWorldTest {
    @Test
    void sameSeedGivesSameTrace() {
        assertThat(traceOf(7)).isEqualTo(traceOf(7)).hasSize(40);
    }

    @Test
    void otherSeedGivesOtherOrder() {
        assertThat(traceOf(7)).isNotEqualTo(traceOf(8));
    }

    @Test
    void timeJumpsToTheNextTimer() {
        var world = new SimulatedWorld(1);
        var fired = new AtomicInteger();
        world.node("one").timers().after(Duration.ofHours(5), fired::incrementAndGet);

        world.runUntil(() -> fired.get() == 1, Duration.ofDays(1));

        assertThat(world.clock().uptime()).isEqualTo(Duration.ofHours(5));
    }

    @Test
    void killedNodeDoesNothingMore() {
        var world = new SimulatedWorld(3);
        var doomed = world.node("doomed");
        var ticks = new AtomicInteger();
        doomed.threads()
                .start(
                        "ticker",
                        () -> {
                            while (ticks.incrementAndGet() > 0) {
                                pause(doomed, 10);
                            }
                        });
        world.runUntil(() -> ticks.get() == 5, Duration.ofMinutes(1));

        doomed.kill();
        var later = new AtomicInteger();
        world.node("other").timers().after(Duration.ofHours(1), later::incrementAndGet);
        world.runUntil(() -> later.get() == 1, Duration.ofHours(2));

        assertThat(ticks).hasValue(5);
    }

    @Test
    void worldInWhichNothingCanHappenIsReportedWithItsSeed() {
        var world = new SimulatedWorld(99);

        assertThatThrownBy(() -> world.runUntil(() -> false, Duration.ofDays(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 99");
    }

    private static List<String> traceOf(long seed) {
        var world = new SimulatedWorld(seed);
        var node = world.node("one");
        var queue = new ArrayBlockingQueue<String>(2);
        var taken = new AtomicInteger();
        for (int producer = 0; producer < 4; producer++) {
            int me = producer;
            node.threads()
                    .start(
                            "producer-" + me,
                            () -> {
                                for (int i = 0; i < 10; i++) {
                                    put(queue, me + "." + i);
                                    pause(node, me);
                                }
                            });
        }
        node.threads()
                .start(
                        "consumer",
                        () -> {
                            while (taken.get() < 40) {
                                world.note(take(queue));
                                taken.incrementAndGet();
                            }
                        });
        world.runUntil(() -> taken.get() == 40, Duration.ofMinutes(1));
        return world.trace();
    }

    private static void pause(SimulatedWorld.Node node, int millis) {
        try {
            node.timers().pause(Duration.ofMillis(millis));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void put(ArrayBlockingQueue<String> queue, String item) {
        try {
            queue.put(item);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static String take(ArrayBlockingQueue<String> queue) {
        try {
            return queue.take();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}

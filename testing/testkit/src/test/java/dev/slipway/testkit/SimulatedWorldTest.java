package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

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

    @Test
    void monitorThatTheJvmHoldsForAWhileDoesNotChangeTheOrder() throws InterruptedException {
        var free = new Object();
        var held = new Object();
        var taken = new CountDownLatch(1);
        var wanted = new CountDownLatch(1);
        Thread holder =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    synchronized (held) {
                                        taken.countDown();
                                        await(wanted);
                                        LockSupport.parkNanos(50_000_000);
                                    }
                                });
        taken.await();

        List<String> contended = traceThrough(held, wanted);

        holder.join();
        assertThat(contended).isEqualTo(traceThrough(free, wanted)).hasSize(6);
    }

    @Test
    void monitorWhoseHolderIsParkedIsReported() {
        var world = new SimulatedWorld(5);
        world.patience(Duration.ofMillis(50));
        var node = world.node("one");
        var monitor = new Object();
        for (int thread = 0; thread < 2; thread++) {
            node.threads()
                    .start(
                            "holder",
                            () -> {
                                synchronized (monitor) {
                                    pause(node, 10);
                                }
                            });
        }

        assertThatThrownBy(() -> world.runUntil(() -> false, Duration.ofMinutes(1)))
                .hasStackTraceContaining("one/holder waits for a monitor whose holder is parked");
    }

    /// @param wanted opens when a thread is about to take the monitor
    private static List<String> traceThrough(Object monitor, CountDownLatch wanted) {
        var world = new SimulatedWorld(11);
        var node = world.node("one");
        var done = new AtomicInteger();
        for (int thread = 0; thread < 3; thread++) {
            int me = thread;
            node.threads()
                    .start(
                            "thread-" + me,
                            () -> {
                                world.note("begins " + me);
                                wanted.countDown();
                                synchronized (monitor) {
                                    done.incrementAndGet();
                                }
                                world.note("ends " + me);
                            });
        }
        world.runUntil(() -> done.get() == 3 && world.trace().size() == 6, Duration.ofMinutes(1));
        return world.trace();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
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

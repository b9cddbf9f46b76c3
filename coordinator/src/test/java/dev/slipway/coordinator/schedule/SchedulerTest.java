package dev.slipway.coordinator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.coordinator.model.AgentInfo;
import dev.slipway.coordinator.schedule.WaitReason.AgentsUnavailable;
import dev.slipway.coordinator.schedule.WaitReason.AllSlotsBusy;
import dev.slipway.coordinator.schedule.WaitReason.NoAgentWithLabels;
import dev.slipway.coordinator.schedule.WaitReason.NotWaiting;
import dev.slipway.id.JobId;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

class SchedulerTest {
    private final Scheduler scheduler = new Scheduler(Duration.ofMinutes(5));
    private int seconds;

    @Test
    void jobGoesToTheAgentThatHasAllItsLabels() {
        agent("a", 1, "linux");
        agent("b", 1, "gpu", "linux");
        JobId job = ready(1, "p", 0, "GPU", "linux");

        assertThat(scheduler.place()).containsExactly(new Placement(job, "b"));
    }

    @Test
    void jobsWithoutFreeSlotWaitInOrder() {
        agent("a", 1, "linux");
        JobId first = ready(1, "p", 0, "linux");
        JobId second = ready(2, "p", 0, "linux");

        assertThat(scheduler.place()).containsExactly(new Placement(first, "a"));
        assertThat(scheduler.reason(second)).isEqualTo(new AllSlotsBusy(1, 1, 0));
        scheduler.released("a", first);
        assertThat(scheduler.place()).containsExactly(new Placement(second, "a"));
        assertThat(scheduler.reason(second)).isEqualTo(new NotWaiting());
    }

    @Test
    void higherPriorityGoesFirstUntilTheOtherHasAged() {
        JobId old = ready(1, "p", 0, "linux");
        seconds += 298;
        JobId urgent = ready(2, "p", 1, "linux");
        seconds += 2;
        JobId late = ready(3, "p", 1, "linux");
        agent("a", 1, "linux");

        assertThat(takeAll("a")).containsExactly(urgent, old, late);
    }

    @Test
    void slotsAreSharedBetweenProjects() {
        agent("a", 2, "linux");
        JobId flood1 = ready(1, "flood", 0, "linux");
        JobId flood2 = ready(2, "flood", 0, "linux");
        JobId flood3 = ready(3, "flood", 0, "linux");
        JobId small = ready(4, "small", 0, "linux");

        var placed = scheduler.place().stream().map(Placement::job).toList();

        assertThat(placed).containsExactly(flood1, small);
        scheduler.released("a", small);
        assertThat(scheduler.place()).containsExactly(new Placement(flood2, "a"));
        assertThat(scheduler.reason(flood3)).isEqualTo(new AllSlotsBusy(1, 2, 0));
    }

    @Test
    void fullestAgentIsFilledFirst() {
        agent("a", 4, "linux");
        agent("b", 2, "linux");
        ready(1, "p", 0, "linux");
        ready(2, "p", 0, "linux");
        ready(3, "p", 0, "linux");

        assertThat(scheduler.place()).extracting(Placement::agentId).containsExactly("b", "b", "a");
    }

    @Test
    void warmAgentIsPreferred() {
        agent("a", 1, "linux");
        scheduler.agentChanged(info("b", 4, List.of("mine"), "linux"), true);
        JobId job = ready(1, "mine", 0, "linux");

        assertThat(scheduler.place()).containsExactly(new Placement(job, "b"));
    }

    @Test
    void retryGoesElsewhereFirst() {
        agent("bad", 1, "linux");
        agent("good", 1, "linux");
        JobId holder = ready(1, "p", 0, "linux");
        scheduler.jobReady(
                new ReadyJob(holder, "p", List.of("linux"), 0, Duration.ZERO, Set.of("bad")));
        JobId retry = new JobId(2, 1);
        assertThat(scheduler.place()).containsExactly(new Placement(holder, "good"));
        scheduler.jobReady(
                new ReadyJob(retry, "p", List.of("linux"), 0, Duration.ZERO, Set.of("bad")));

        assertThat(scheduler.place()).isEmpty();
        JobId other = ready(3, "p", 0, "linux");
        assertThat(scheduler.place()).containsExactly(new Placement(other, "bad"));
        scheduler.released("good", holder);
        assertThat(scheduler.place()).containsExactly(new Placement(retry, "good"));
    }

    @Test
    void retryGoesToTheSameAgentWhenThereIsNoOther() {
        agent("only", 1, "linux");
        JobId retry = new JobId(2, 1);
        scheduler.jobReady(
                new ReadyJob(retry, "p", List.of("linux"), 0, Duration.ZERO, Set.of("only")));

        assertThat(scheduler.place()).containsExactly(new Placement(retry, "only"));
    }

    @Test
    void drainingAgentTakesNothingAndIsNamed() {
        scheduler.agentChanged(info("a", 1, List.of(), "linux"), false);
        JobId job = ready(1, "p", 0, "linux");

        assertThat(scheduler.place()).isEmpty();
        assertThat(scheduler.reason(job)).isEqualTo(new AgentsUnavailable(List.of("a")));
        agent("a", 1, "linux");
        assertThat(scheduler.place()).containsExactly(new Placement(job, "a"));
    }

    @Test
    void labelsThatNobodyHasAreNamed() {
        agent("a", 1, "linux", "x64");
        agent("b", 1, "gpu");
        JobId missing = ready(1, "p", 0, "linux", "mac");
        JobId combination = ready(2, "p", 0, "gpu", "linux");

        assertThat(scheduler.reason(missing))
                .isEqualTo(new NoAgentWithLabels(List.of("linux", "mac"), List.of("mac")));
        assertThat(scheduler.reason(combination))
                .isEqualTo(new NoAgentWithLabels(List.of("gpu", "linux"), List.of()));
    }

    @Test
    void leasesFromBeforeARestartOccupyTheirSlots() {
        agent("a", 1, "linux");
        JobId held = new JobId(7, 1);
        scheduler.occupied("a", held, "p");
        scheduler.occupied("a", held, "p");
        JobId waiting = ready(8, "p", 0, "linux");

        assertThat(scheduler.place()).isEmpty();
        scheduler.released("a", held);
        assertThat(scheduler.place()).containsExactly(new Placement(waiting, "a"));
    }

    @Test
    void whateverHappensNoSlotIsUsedTwiceAndNothingFittingWaits() {
        for (long seed = 0; seed < 50; seed++) {
            new RandomFarm(seed).run();
        }
    }

    private List<JobId> takeAll(String agent) {
        var order = new java.util.ArrayList<JobId>();
        while (true) {
            var placed = scheduler.place();
            if (placed.isEmpty()) {
                return order;
            }
            for (Placement placement : placed) {
                order.add(placement.job());
                scheduler.released(agent, placement.job());
            }
        }
    }

    private void agent(String id, int slots, String... labels) {
        scheduler.agentChanged(info(id, slots, List.of(), labels), true);
    }

    private JobId ready(long run, String project, int priority, String... labels) {
        var id = new JobId(run, 1);
        scheduler.jobReady(
                new ReadyJob(
                        id,
                        project,
                        List.of(labels),
                        priority,
                        Duration.ofSeconds(++seconds),
                        Set.of()));
        return id;
    }

    private static AgentInfo info(String id, int slots, List<String> warm, String... labels) {
        return new AgentInfo(
                id,
                "name-" + id,
                "boot",
                "process",
                "1",
                slots,
                List.of(labels),
                "Linux",
                "X64",
                false,
                "",
                warm);
    }

    /// Random events against a model that only counts.
    private static final class RandomFarm {
        private final long seed;
        private final Random random;
        private final Scheduler scheduler = new Scheduler(Duration.ofMinutes(5));
        private final java.util.TreeMap<JobId, String> held = new java.util.TreeMap<>();
        private final java.util.TreeMap<String, Integer> slots = new java.util.TreeMap<>();
        private long next = 1;

        RandomFarm(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            IntStream.range(0, 300).forEach(this::event);
        }

        private void event(int at) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    String id = "a" + random.nextInt(5);
                    int count = 1 + random.nextInt(3);
                    slots.put(id, count);
                    scheduler.agentChanged(info(id, count, List.of(), "l0", "l" + count), true);
                }
                case 1 -> {
                    if (!held.isEmpty()) {
                        var entry = held.firstEntry();
                        held.remove(entry.getKey());
                        scheduler.released(entry.getValue(), entry.getKey());
                    }
                }
                default ->
                        scheduler.jobReady(
                                new ReadyJob(
                                        new JobId(next++, 1),
                                        "p" + random.nextInt(3),
                                        List.of("l0"),
                                        random.nextInt(3),
                                        Duration.ofSeconds(at),
                                        Set.of()));
            }
            for (Placement placement : scheduler.place()) {
                assertThat(held.put(placement.job(), placement.agentId())).isNull();
            }
            check();
        }

        private void check() {
            int free = 0;
            for (var agent : slots.entrySet()) {
                long used = held.values().stream().filter(agent.getKey()::equals).count();
                free += Math.max(0, agent.getValue() - (int) used);
            }
            assertThat(free == 0 || scheduler.waiting() == 0)
                    .as("seed %d: %d slots free, %d jobs wait", seed, free, scheduler.waiting())
                    .isTrue();
        }
    }
}

package dev.slipway.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.coordinator.journal.InMemoryClusterLogs.Fault;
import dev.slipway.coordinator.journal.ReplicaFixture.Leader;
import dev.slipway.coordinator.journal.ReplicaFixture.Member;
import dev.slipway.coordinator.logs.ChunkRow;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.logs.Receipt;
import dev.slipway.coordinator.logs.StepKey;
import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;
import dev.slipway.id.JobId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/// Build output is the same on all members, wherever its orders were put together into batches.
@Timeout(30)
class ReplicatedOutputIT {
    @TempDir Path folder;
    private ReplicaFixture cluster;
    private Member first;
    private Member second;

    @BeforeEach
    void open() throws Exception {
        cluster = new ReplicaFixture(folder);
        first = cluster.member("first");
        second = cluster.member("second");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void randomOrdersMakeTheSameLogsThroughChangesOfTheLeader() throws Exception {
        for (int seed = 1; seed <= 5; seed++) {
            var random = new Random(seed);
            for (int reign = 0; reign < 3; reign++) {
                Member leads = reign % 2 == 0 ? first : second;
                Member follows = reign % 2 == 0 ? second : first;
                follows.follow();
                Leader leader = leads.lead();
                disturb(leader.store(), random);
                awaitSame(seed);
            }
        }
    }

    private static void disturb(LogStore store, Random random) throws InterruptedException {
        var answers = new CountDownLatch(60);
        for (int i = 0; i < 60; i++) {
            var job = new JobId(1 + random.nextInt(2), 1 + random.nextInt(2));
            var step = new StepKey(job.attempt(1), 1 + random.nextInt(2));
            long next = store.step(step).map(log -> log.nextIndex()).orElse(0L);
            int index = (int) Math.max(0, next + random.nextInt(4) - 1);
            String text = "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 2_000_000 : 100));
            store.append(ReplicaFixture.chunk(step, index, text), new Answer(answers));
            if (random.nextInt(15) == 0) {
                store.closeIncomplete(job.attempt(1), "random");
            }
            if (random.nextInt(20) == 0) {
                store.removeRun(job.run());
            }
        }
        answers.await();
    }

    private void awaitSame(int seed) throws InterruptedException {
        long end = cluster.logs.end(ClusterLogs.LogName.OUTPUT);
        while (first.tables().output() < end || second.tables().output() < end) {
            cluster.timers.pause(java.time.Duration.ofMillis(5));
        }
        assertThat(second.rows()).as("seed %d", seed).isEqualTo(first.rows());
        assertThat(content(second)).isEqualTo(content(first));
    }

    private static List<String> content(Member member) {
        var all = new ArrayList<String>();
        for (long run : member.logs().runs()) {
            for (ChunkRow row : member.logs().arrivals(run, 0, 10_000)) {
                all.add(row.step() + " " + row.sequence() + " " + row.crc32c());
            }
        }
        return all;
    }

    @Test
    void followerRefusesWhatAgentsSend() {
        second.follow();

        assertThatThrownBy(() -> print(second, 0))
                .isInstanceOfSatisfying(
                        SlipwayException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_LEADER));
    }

    @Test
    void outputThatMayNotBeDurableIsNotAcknowledged() throws Exception {
        Leader leader = first.lead();
        assertThat(leader.print(0, "one").nextIndex()).isEqualTo(1);
        cluster.logs.next(Fault.ACKNOWLEDGEMENT_LOST);

        assertThatThrownBy(() -> leader.print(1, "two")).hasCauseInstanceOf(SlipwayException.class);

        assertThat(first.logs().step(ReplicaFixture.STEP).orElseThrow().nextIndex()).isEqualTo(1);
        Leader next = second.lead();
        assertThat(next.print(1, "two").nextIndex())
                .as("it was durable: sent again, it is known")
                .isEqualTo(2);
    }

    @Test
    void orderThatWasCarriedOutIsSkippedWhenItComesAgain() throws Exception {
        Leader leader = first.lead();
        leader.print(0, "one");
        long position = first.tables().output();
        first.follow();

        first.logs()
                .apply(
                        List.of(
                                new dev.slipway.coordinator.logs.LogOrder.Append(
                                        ReplicaFixture.chunk(1, "never written down"))),
                        position);

        assertThat(first.logs().step(ReplicaFixture.STEP).orElseThrow().nextIndex()).isEqualTo(1);
        assertThat(position).isEqualTo(first.logs().position());
    }

    private static Receipt print(Member member, int index) throws Exception {
        var receipts = new ArrayList<Receipt>();
        var problems = new ArrayList<SlipwayException>();
        var answered = new CountDownLatch(1);
        member.logs()
                .append(
                        ReplicaFixture.chunk(index, "text"),
                        new LogStore.Listener() {
                            @Override
                            public void stored(Receipt receipt) {
                                receipts.add(receipt);
                                answered.countDown();
                            }

                            @Override
                            public void failed(SlipwayException problem) {
                                problems.add(problem);
                                answered.countDown();
                            }
                        });
        answered.await();
        if (!problems.isEmpty()) {
            throw problems.getFirst();
        }
        return receipts.getFirst();
    }

    private record Answer(CountDownLatch all) implements LogStore.Listener {
        @Override
        public void stored(Receipt receipt) {
            all.countDown();
        }

        @Override
        public void failed(SlipwayException problem) {
            all.countDown();
        }
    }
}

package dev.slipway.agent.executor;

import static dev.slipway.agent.executor.HostFixture.await;
import static dev.slipway.agent.executor.HostFixture.readAll;
import static dev.slipway.agent.executor.HostFixture.readUntil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

@Timeout(60)
class HostOutputIT {
    private static final int KIB = 1024;

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

    private void budget(int bytes, Duration drain) {
        host.limit(new Launch.Limits(bytes, 64 * KIB, drain, Duration.ofSeconds(1)));
    }

    private long stored() throws IOException {
        long total = 0;
        try (var files = Files.newDirectoryStream(host.root.resolve("step"), "out.*")) {
            for (Path file : files) {
                total += Files.size(file);
            }
        }
        return total;
    }

    @Test
    void processOverTheBudgetWaitsForAcknowledgement() throws Exception {
        budget(256 * KIB, Duration.ofSeconds(2));
        RunningProcess process =
                host.bash("step", "head -c 4000000 /dev/zero | tr '\\0' x; echo done");
        await("the pump holds", () -> Files.exists(host.root.resolve("step/resume")));

        assertThat(stored()).isBetween(256L * KIB, 320L * KIB);
        assertThat(process.exit()).isEmpty();

        assertThat(readAll(process)).hasSize(4_000_005).endsWith("xxxdone\n");
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
    }

    @Test
    void adoptedProcessOverTheBudgetGoesOn() throws Exception {
        budget(64 * KIB, Duration.ofSeconds(2));
        RunningProcess first =
                host.bash("step", "head -c 1000000 /dev/zero | tr '\\0' x; echo done");
        await("the pump holds", () -> Files.exists(host.root.resolve("step/resume")));
        first.close();

        RunningProcess adopted = host.executor.adopt(host.root.resolve("step"));

        assertThat(readAll(adopted)).hasSize(1_000_005).endsWith("done\n");
    }

    @Test
    void endedProcessLosesNothingThatIsStillInThePipe() throws Exception {
        budget(64 * KIB, Duration.ofSeconds(2));
        RunningProcess process =
                host.bash("step", "head -c 120000 /dev/zero | tr '\\0' x; echo done");

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
        assertThat(readAll(process)).hasSize(120_005).endsWith("done\n");
    }

    @Test
    void backgroundChildMayHoldThePipeForTheDrainTimeOnly() throws Exception {
        budget(256 * KIB, Duration.ofSeconds(1));
        Duration began = host.clock.uptime();
        RunningProcess process =
                host.bash(
                        "step",
                        "(for i in 1 2 3 4 5 6 7 8 9; do sleep 0.4; echo $i; done; echo $? >ended;"
                                + " sleep 1000) & echo main");

        String output = readAll(process);

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
        assertThat(host.clock.uptime().minus(began))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(20));
        assertThat(output).startsWith("main\n").doesNotContain("9");
        // It still writes, into nothing, and is not hurt by a closed pipe.
        await("the child wrote on", () -> Files.exists(host.root.resolve("ended")));
    }

    @Test
    void sleepingBackgroundChildDoesNotCutTheOutput() throws Exception {
        budget(256 * KIB, Duration.ofMillis(500));
        RunningProcess process = host.bash("step", "sleep 1000 & echo all; exit 2");

        assertThat(readAll(process)).isEqualTo("all\n");
        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(2));
    }

    @Test
    void lostSegmentIsAGapAndReadingGoesOn() throws Exception {
        budget(1024 * KIB, Duration.ofSeconds(2));
        RunningProcess process =
                host.bash("step", "head -c 300000 /dev/zero | tr '\\0' x; echo done");
        process.awaitExit();
        Path second;
        try (var files = Files.list(host.root.resolve("step"))) {
            second =
                    files.filter(file -> file.getFileName().toString().matches("out\\.[1-9].*"))
                            .sorted(java.util.Comparator.comparing(HostOutputIT::start))
                            .findFirst()
                            .orElseThrow();
        }
        long from = start(second);
        long to = from + Files.size(second);
        Files.delete(second);

        assertThatThrownBy(() -> process.read(from, new byte[10]))
                .isInstanceOfSatisfying(
                        OutputLostException.class,
                        lost -> assertThat(lost.resumeAt()).isEqualTo(to));
        assertThat(readAll(process, to)).endsWith("done\n").hasSize((int) (300_005 - to));
    }

    private static long start(Path segment) {
        return Long.parseLong(segment.getFileName().toString().substring("out.".length()));
    }

    @Test
    void acknowledgedSegmentsAreDeleted() throws Exception {
        budget(1024 * KIB, Duration.ofSeconds(2));
        RunningProcess process = host.bash("step", "head -c 500000 /dev/zero; echo");
        process.awaitExit();

        process.acknowledge(300_000);

        assertThat(stored()).isBetween(200_001L, 200_001L + 64 * KIB);

        process.acknowledge(500_001);

        assertThat(stored()).isLessThanOrEqualTo(64 * KIB);
    }

    @Test
    void firstByteComesWithinMilliseconds() throws Exception {
        RunningProcess process =
                host.bash("step", "for i in 1 2 3 4 5; do date +%s%N; sleep 0.1; done");
        var buffer = new byte[100];
        long offset = 0;
        long best = Long.MAX_VALUE;
        int count = process.read(offset, buffer);
        while (count > 0) {
            long now = host.clock.now().toEpochMilli();
            String line = new String(buffer, 0, count, java.nio.charset.StandardCharsets.US_ASCII);
            best = Math.min(best, now - Long.parseLong(line.strip()) / 1_000_000);
            offset += count;
            count = process.read(offset, buffer);
        }

        System.out.println("written to read: " + best + " ms");
        assertThat(best).isLessThan(1_000);
    }

    @Test
    void largeOutputIsFast() throws Exception {
        Duration began = host.clock.uptime();
        RunningProcess process = host.bash("step", "head -c 200000000 /dev/zero");
        var buffer = new byte[256 * KIB];
        long offset = 0;
        int count = process.read(offset, buffer);
        while (count > 0) {
            offset += count;
            process.acknowledge(offset);
            count = process.read(offset, buffer);
        }
        Duration taken = host.clock.uptime().minus(began);

        assertThat(offset).isEqualTo(200_000_000);
        System.out.println("200 MB through the pump: " + taken.toMillis() + " ms");
        assertThat(taken).isLessThan(Duration.ofSeconds(50));
    }

    @Test
    void manySmallWritesDoNotBlockWithinTheBudget() throws Exception {
        RunningProcess process =
                host.bash("step", "for ((i = 0; i < 1000; i++)); do /bin/echo $i; done");

        assertThat(process.awaitExit()).isEqualTo(new Exit.Exited(0));
        assertThat(readAll(process).lines()).hasSize(1_000);
    }

    @Test
    void closedReaderIsToldSo() throws Exception {
        RunningProcess process = host.bash("step", "echo x; sleep 1000");
        readUntil(process, "x\n");
        process.close();

        assertThatThrownBy(process::awaitExit).isInstanceOf(IllegalStateException.class);
    }
}

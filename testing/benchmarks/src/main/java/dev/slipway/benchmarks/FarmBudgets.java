package dev.slipway.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.cli.client.BlobRef;
import dev.slipway.cli.client.GrpcFarm;
import dev.slipway.cli.client.LogQuery;
import dev.slipway.cli.client.ServerAddress;
import dev.slipway.cli.client.Submission;
import dev.slipway.cli.client.WorkflowText;
import dev.slipway.cli.terminal.Ports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// What a person waits for, measured on a running farm with one idle agent, beside a baseline in
/// the same minutes: submit → the step's process runs; a line written → seen by a follower; output
/// → it is durable. `testing/benchmarks/budgets` starts the farm and this.
public final class FarmBudgets {
    private static final int WARM_UP = 60;
    private static final int STARTS = 300;
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final int LINES = 1_000;
    private static final int PIECE = 16 << 20;
    private static final int PIECES = 32;

    private final GrpcFarm farm;
    private final Ports ports;
    private final Path scratch;
    private BlobRef bundle = new BlobRef("", 0);

    private FarmBudgets(GrpcFarm farm, Ports ports, Path scratch) {
        this.farm = farm;
        this.ports = ports;
        this.scratch = scratch;
    }

    /// @param args the coordinator's HOST:PORT
    public static void main(String[] args) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("slipway-budgets");
        Consumer<String> warnings = System.err::println;
        try (var ports = Ports.system();
                var farm = new GrpcFarm(ServerAddress.parseAll(args[0]), ports, warnings)) {
            var budgets = new FarmBudgets(farm, ports, scratch);
            budgets.upload();
            budgets.starts();
            budgets.followedLines();
            budgets.throughput();
        }
    }

    /// These jobs check nothing out, but every run has a source.
    private void upload() throws IOException, InterruptedException {
        Path file = Files.writeString(scratch.resolve("source"), "nothing");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            bundle = new BlobRef(HexFormat.of().formatHex(digest), Files.size(file));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
        farm.upload(bundle, file);
    }

    private void starts() throws IOException, InterruptedException {
        var baseline = new ArrayList<Long>();
        var measured = new ArrayList<Long>();
        Path script = Files.writeString(scratch.resolve("start.sh"), "echo $EPOCHREALTIME\n");
        for (int i = -WARM_UP; i < STARTS; i++) {
            // What the last run left to clean up is not part of an idle farm.
            ports.timers().pause(IDLE);
            long before = micros();
            Process process = new ProcessBuilder("bash", "-e", script.toString()).start();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            process.waitFor();
            long spawned = stamp(printed) - before;

            before = micros();
            long run = submit("echo $EPOCHREALTIME");
            farm.watch(run, change -> {});
            long started = stamp(lines(run).getFirst()) - before;
            if (i >= 0) {
                baseline.add(spawned);
                measured.add(started);
            }
        }
        print("spawn of the same process alone", baseline);
        print("submit → step's process runs", measured);
    }

    private void followedLines() throws InterruptedException {
        var seen = new ArrayList<Long>();
        long run =
                submit(
                        "for i in $(seq %d); do echo $EPOCHREALTIME; sleep 0.01; done"
                                .formatted(LINES));
        farm.readLog(
                new LogQuery(run, "", 0, "", true, true),
                batch -> {
                    long now = micros();
                    batch.forEach(line -> seen.add(now - stamp(line.text())));
                });
        print("line written → seen by a follower", seen);
    }

    private void throughput() throws IOException, InterruptedException {
        Path piece = Files.writeString(scratch.resolve("piece"), text(PIECE));
        String generate = "for i in $(seq %d); do cat '%s'; done".formatted(PIECES, piece);
        Path file = scratch.resolve("file");
        Path script =
                Files.writeString(
                        scratch.resolve("baseline.sh"),
                        "%s > '%s'\nzstd -q -f -1 '%s'\nsync '%s.zst'\n"
                                .formatted(generate, file, file, file));
        var alone = new ArrayList<Double>();
        var farmed = new ArrayList<Double>();
        for (int i = 0; i < 3; i++) {
            long before = micros();
            new ProcessBuilder("bash", "-e", script.toString()).inheritIO().start().waitFor();
            alone.add((micros() - before) / 1e6);
            before = micros();
            farm.watch(submit(generate), change -> {});
            farmed.add((micros() - before) / 1e6);
        }
        Collections.sort(alone);
        Collections.sort(farmed);
        double mebibytes = (double) PIECE * PIECES / (1 << 20);
        System.out.printf(
                Locale.ROOT,
                "output → durable: %.0f MiB/s; into a file, then zstd -1: %.0f MiB/s; ratio %.2f%n",
                mebibytes / farmed.get(1),
                mebibytes / alone.get(1),
                alone.get(1) / farmed.get(1));
    }

    /// Lines as builds print them: words, paths, numbers; compresses about as well as those.
    private static String text(int size) {
        var random = new SplittableRandom(7);
        var words =
                List.of("INFO", "compiling", "src/main/java", "warning:", "test", "passed", "in");
        var text = new StringBuilder(size + 200);
        while (text.length() < size) {
            for (int word = random.nextInt(4, 14); word > 0; word--) {
                text.append(words.get(random.nextInt(words.size()))).append(' ');
            }
            text.append(random.nextInt(1_000_000)).append('\n');
        }
        return text.substring(0, size - 1) + "\n";
    }

    private long submit(String script) throws InterruptedException {
        String workflow =
                "on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n"
                        + script.indent(10);
        return farm.submit(
                new Submission(
                        ports.ids().fresh(),
                        "budgets",
                        new WorkflowText(".github/workflows/b.yml", workflow.getBytes(UTF_8)),
                        List.of(),
                        new Submission.Event(
                                "push",
                                "{}",
                                "refs/heads/main",
                                "0123456789012345678901234567890123456789",
                                "",
                                "",
                                "main",
                                "budgets",
                                null),
                        bundle,
                        new Submission.Options(
                                Map.of(), Map.of(), Map.of(), List.of(), Map.of(), 0, false),
                        List.of()));
    }

    private List<String> lines(long run) throws InterruptedException {
        var lines = new ArrayList<String>();
        farm.readLog(
                new LogQuery(run, "", 0, "", false, true),
                batch -> batch.forEach(line -> lines.add(line.text())));
        return lines;
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /// `1732550000.123456`, as bash's EPOCHREALTIME.
    private static long stamp(String text) {
        return Long.parseLong(text.strip().replace(".", ""));
    }

    private static void print(String what, List<Long> micros) {
        Collections.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "%s: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms (%d)%n",
                what,
                at(micros, 0.5),
                at(micros, 0.9),
                at(micros, 0.99),
                at(micros, 1),
                micros.size());
    }

    private static double at(List<Long> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * part)))
                / 1e3;
    }
}

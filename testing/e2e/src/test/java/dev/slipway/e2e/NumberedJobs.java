package dev.slipway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A project whose jobs print numbered lines and, apart from Slipway, write down themselves when
/// they started and what they did: every start of a step has a file of its own with the time of
/// each line.
final class NumberedJobs {
    private final Path folder;
    private final Path witness;
    private final int legs;
    private final int lines;

    /// @param legs jobs in the run
    /// @param lines that each prints
    /// @param pause between two lines, as `sleep` takes it
    NumberedJobs(Path folder, int legs, int lines, String pause) throws IOException {
        this.folder = folder;
        this.witness = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-w"));
        this.legs = legs;
        this.lines = lines;
        Path workflows = Files.createDirectories(folder.resolve(".github/workflows"));
        Files.writeString(
                workflows.resolve("count.yml"),
                """
                on: push
                jobs:
                  count:
                    runs-on: ubuntu-latest
                    strategy:
                      fail-fast: false
                      matrix:
                        leg: %s
                    steps:
                      - run: |
                          mkdir -p '%2$s'/$GITHUB_RUN_ID-${{ matrix.leg }}
                          me='%2$s'/$GITHUB_RUN_ID-${{ matrix.leg }}/$(date +%%s%%N)-$$
                          i=1
                          while [ $i -le %3$d ]; do
                            date +%%s%%N >> "$me"
                            echo "leg ${{ matrix.leg }} line $i"
                            sleep %4$s
                            i=$((i+1))
                          done
                """
                        .formatted(
                                IntStream.rangeClosed(1, legs).boxed().toList(),
                                witness,
                                lines,
                                pause));
    }

    Path folder() {
        return folder;
    }

    String workflow() {
        return ".github/workflows/count.yml";
    }

    /// What `logs RUN --raw` must print after a success.
    List<String> expectedLog() {
        var expected = new ArrayList<String>();
        for (int leg = 1; leg <= legs; leg++) {
            for (int line = 1; line <= lines; line++) {
                expected.add("leg %d line %d".formatted(leg, line));
            }
        }
        return expected;
    }

    int legs() {
        return legs;
    }

    /// One start of a leg's step.
    ///
    /// @param first nanoseconds of its first line
    /// @param last of its latest line
    record Start(long first, long last, int lines) {}

    /// How often a leg's step was started, in order.
    List<Start> starts(long run, int leg) throws IOException {
        Path starts = witness.resolve("%d-%d".formatted(run, leg));
        if (!Files.isDirectory(starts)) {
            return List.of();
        }
        var found = new ArrayList<Start>();
        try (Stream<Path> files = Files.list(starts)) {
            for (Path file : files.toList()) {
                List<String> times = Files.readAllLines(file);
                if (!times.isEmpty()) {
                    found.add(
                            new Start(
                                    Long.parseLong(times.getFirst()),
                                    Long.parseLong(times.getLast()),
                                    times.size()));
                }
            }
        }
        found.sort(Comparator.comparingLong(Start::first));
        return found;
    }

    /// What is wrong with the starts of a run's legs; empty when nothing is.
    List<String> wrongStarts(long run, boolean retryAllowed) throws IOException {
        var wrong = new ArrayList<String>();
        for (int leg = 1; leg <= legs; leg++) {
            List<Start> starts = starts(run, leg);
            if (starts.size() > 1 && !retryAllowed) {
                wrong.add("run %d leg %d was started %d times".formatted(run, leg, starts.size()));
            }
            for (int i = 1; i < starts.size(); i++) {
                if (starts.get(i).first() < starts.get(i - 1).last()) {
                    wrong.add("AttemptsNeverOverlap: run %d leg %d".formatted(run, leg));
                }
            }
        }
        return wrong;
    }
}

package dev.slipway.agent.deployment.host;

import dev.slipway.agent.deployment.Claimant;
import dev.slipway.agent.deployment.Deployment;
import dev.slipway.agent.deployment.DeploymentLog;
import dev.slipway.agent.deployment.DeploymentLog.Phase;
import dev.slipway.agent.deployment.Health;
import dev.slipway.agent.deployment.Notebook;
import dev.slipway.agent.deployment.Release;
import dev.slipway.agent.deployment.RolloutException;
import dev.slipway.agent.deployment.SupersededException;
import dev.slipway.agent.deployment.Target;
import dev.slipway.time.SystemClock;
import dev.slipway.time.SystemTimers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Deploys once, in a process that can be killed: `DeployOnce PLACE NUMBER VERSION POINT`. At POINT
/// it prints `at POINT` and goes no further. What the farm and the checkpoint would keep is in
/// files of PLACE. A release is healthy when it has a file `healthy` and its process lives.
final class DeployOnce {
    private static String point = "";

    private DeployOnce() {}

    public static void main(String[] arguments) throws Exception {
        Path place = Path.of(arguments[0]);
        long number = Long.parseLong(arguments[1]);
        String version = arguments[2];
        point = arguments[3];
        Path records = Files.createDirectories(place.resolve("records-" + number));
        var timers = new SystemTimers("timers");
        var target =
                new HostTarget(
                        new HostSettings(
                                Files.createDirectories(place.resolve("app")).toRealPath(),
                                place.resolve("files-" + version),
                                "echo $SLIPWAY_VERSION starts; exec sleep 1000",
                                "",
                                List.of(Map.entry("COLOUR", "it's green")),
                                Optional.empty(),
                                3,
                                Duration.ofSeconds(5),
                                new Claimant("environment 'test'", 1)),
                        System.getenv(),
                        new SystemClock(),
                        timers);
        var outcome =
                new Deployment(
                                new DeploymentLog.Plan(
                                        "1", "test", "host", "app", version, "", Optional.empty()),
                                new Stopping(target),
                                new FileHealth(target),
                                new FileLog(number, records),
                                new FileNotebook(records))
                        .run();
        System.out.println("ended " + outcome.phase() + " " + outcome.running());
        System.exit(0);
    }

    private static void reach(String here) throws InterruptedException {
        if (here.equals(point)) {
            System.out.println("at " + here);
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    private record FileHealth(HostTarget target) implements Health {
        @Override
        public void before() {}

        @Override
        public Optional<String> watch(Release release, Life life)
                throws IOException, InterruptedException {
            reach("watching");
            return recovered(release, life);
        }

        @Override
        public Optional<String> recovered(Release release, Life life)
                throws IOException, InterruptedException {
            Optional<String> dead = life.problem();
            Path sign =
                    Path.of(target.name(), "releases", Long.toString(release.number()), "healthy");
            return dead.isPresent() || Files.exists(sign) ? dead : Optional.of("no sign of health");
        }
    }

    private record FileNotebook(Path folder) implements Notebook {
        @Override
        public void say(String line) {
            System.out.println(line);
        }

        @Override
        public void warn(String line) {
            System.out.println(line);
        }

        @Override
        public Optional<String> recall(String key) {
            try {
                Path file = folder.resolve("note-" + key);
                return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
            } catch (IOException problem) {
                throw new IllegalStateException(problem);
            }
        }

        @Override
        public void record(String key, String value) {
            try {
                if (recall(key).isEmpty()) {
                    Files.writeString(folder.resolve("note-" + key), value);
                }
            } catch (IOException problem) {
                throw new IllegalStateException(problem);
            }
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }

    private record FileLog(long number, Path folder) implements DeploymentLog {
        @Override
        public Begun begin(Plan plan) throws IOException {
            Path file = folder.resolve("phases");
            List<String> phases = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return new Begun(
                    "test",
                    number,
                    "",
                    phases.isEmpty() ? Phase.CLAIMED : Phase.valueOf(phases.getLast()),
                    "");
        }

        @Override
        public boolean report(Report report) throws IOException, InterruptedException {
            reach("before " + report.phase());
            Files.writeString(
                    folder.resolve("phases"),
                    report.phase() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            reach("after " + report.phase());
            return true;
        }
    }

    /// Stops before and after every change of the target.
    private record Stopping(Target inner) implements Target {
        @Override
        public String kind() {
            return inner.kind();
        }

        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public Standing read() throws IOException, InterruptedException {
            return inner.read();
        }

        @Override
        public void claim(Release release)
                throws IOException, InterruptedException, SupersededException, RolloutException {
            inner.claim(release);
            reach("claimed");
        }

        @Override
        public void rollOut(Release release)
                throws IOException, InterruptedException, SupersededException, RolloutException {
            inner.rollOut(release);
            reach("rolled out");
        }

        @Override
        public void restore(Release failed, Release good)
                throws IOException, InterruptedException, SupersededException, RolloutException {
            inner.restore(failed, good);
            reach("restored");
        }

        @Override
        public boolean runs(Release release) throws IOException, InterruptedException {
            return inner.runs(release);
        }

        @Override
        public Optional<String> problem(Release release) throws IOException, InterruptedException {
            return inner.problem(release);
        }

        @Override
        public void settle(Release release)
                throws IOException, InterruptedException, SupersededException {
            inner.settle(release);
            reach("settled");
        }
    }
}

package dev.slipway.coordinator.engine;

import dev.slipway.coordinator.journal.Replicas;
import dev.slipway.coordinator.model.Annotation;
import dev.slipway.coordinator.model.Artifact;
import dev.slipway.coordinator.model.AttemptReport;
import dev.slipway.coordinator.model.AttemptResult;
import dev.slipway.coordinator.model.AttemptState;
import dev.slipway.coordinator.model.Bytes;
import dev.slipway.coordinator.model.Cache;
import dev.slipway.coordinator.model.Cause;
import dev.slipway.coordinator.model.Command;
import dev.slipway.coordinator.model.Conclusion;
import dev.slipway.coordinator.model.Deployment;
import dev.slipway.coordinator.model.EnvironmentName;
import dev.slipway.coordinator.model.EnvironmentRules;
import dev.slipway.coordinator.model.RerunScope;
import dev.slipway.coordinator.model.RunState;
import dev.slipway.coordinator.model.SealedSecrets;
import dev.slipway.coordinator.model.Status;
import dev.slipway.coordinator.model.StepState;
import dev.slipway.id.JobId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Random commands, in any order, with restarts: the invariants hold after every turn, replay
/// equals live, and in the end everything that was submitted has ended.
class EnginePropertyTest {
    /// A seed that failed is run again with `-Dslipway.seed=SEED`.
    private static final Integer ONE_SEED = Integer.getInteger("slipway.seed");

    private static final int SEEDS = Integer.getInteger("slipway.seeds", 50);

    private static final List<String> WORKFLOWS =
            List.of(
                    """
                    on: push
                    jobs:
                      build: {runs-on: linux, outputs: {n: x}, steps: [{run: make}]}
                      test:
                        needs: build
                        runs-on: linux
                        strategy:
                          max-parallel: 2
                          matrix: {n: "${{ fromJSON(needs.build.outputs.n) }}"}
                        steps: [{run: make}]
                      clean: {needs: test, if: always(), runs-on: linux, steps: [{run: make}]}
                      ship: {needs: test, environment: prod, runs-on: gpu, steps: [{run: make}]}
                    """,
                    """
                    on: push
                    concurrency: {group: one, cancel-in-progress: true}
                    jobs:
                      a: {runs-on: linux, steps: [{run: make}]}
                      b: {runs-on: linux, continue-on-error: true, steps: [{run: make}]}
                    """,
                    """
                    on: push
                    concurrency: {group: line, queue: max}
                    jobs:
                      a: {runs-on: linux, concurrency: leg, steps: [{run: make}]}
                      b: {runs-on: gpu, concurrency: LEG, steps: [{run: make}]}
                    """,
                    """
                    on: push
                    jobs:
                      call:
                        strategy: {matrix: {who: [ann, bob]}, max-parallel: 1}
                        concurrency: leg
                        uses: ./.github/workflows/called.yml
                      after: {needs: call, runs-on: linux, steps: [{run: make}]}
                    """);

    private static final Map<String, String> CALLED =
            Map.of(
                    ".github/workflows/called.yml",
                    """
                    on: workflow_call
                    jobs:
                      x: {runs-on: linux, steps: [{run: make}]}
                      y: {needs: x, if: "!cancelled()", runs-on: linux, steps: [{run: make}]}
                    """);

    @TempDir Path folder;

    /// Replay = live = standby, with leaders that die at any point of an append.
    @Test
    void everyMemberOfAClusterComesToTheSameState() throws Exception {
        int seeds = Math.max(1, SEEDS / 10);
        for (int seed = 1; seed <= seeds; seed++) {
            var walk = new Walk(seed);
            walk.run();
            try {
                Replicas.check(
                        walk.farm.journal.entries(),
                        walk.farm.farm(),
                        new Random(seed),
                        folder.resolve("seed-" + seed));
            } catch (AssertionError broken) {
                throw new AssertionError("seed %d".formatted(seed), broken);
            }
        }
    }

    @Test
    void randomCommandsKeepTheInvariants() {
        if (ONE_SEED != null) {
            new Walk(ONE_SEED).run();
            return;
        }
        for (int seed = 1; seed <= SEEDS; seed++) {
            try {
                new Walk(seed).run();
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError(
                        ("seed %d: run it again with `./mvnw -pl coordinator -am test"
                                        + " -Dtest=EnginePropertyTest -Dslipway.seed=%d`")
                                .formatted(seed, seed),
                        broken);
            }
        }
    }

    private static final class Walk {
        private static final int STEPS = 120;

        private final Random random;
        private final EngineFixture farm = new EngineFixture();
        private final List<Long> runs = new ArrayList<>();
        private int connection = 1_000;
        private long revision;

        Walk(int seed) {
            random = new Random(seed);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                if (step % 40 == 39) {
                    farm.checkReplay();
                }
            }
            finishEverything();
            farm.invariants.checkAllEnded(farm.farm());
            farm.checkReplay();
        }

        private void step() {
            switch (random.nextInt(25)) {
                case 0, 1 -> submit();
                case 2, 3 -> connect();
                case 4 -> farm.turn(new Command.AgentGone(agent(), connection));
                case 5 -> farm.pass(Duration.ofSeconds(random.nextInt(400)));
                case 6 -> farm.core().leases().heard(agent());
                case 7 -> cancel();
                case 8 -> rerun();
                case 9 -> drainOrResume();
                case 10 -> loseAttempt();
                case 11 -> maybeRestart();
                case 20 -> recordFiles();
                case 21 -> removeFilesOrRuns();
                case 22, 23 -> deploy();
                case 24 -> protect();
                default -> report();
            }
        }

        private void submit() {
            String yaml = WORKFLOWS.get(random.nextInt(WORKFLOWS.size()));
            runs.add(farm.submit(farm.spec(yaml, CALLED)));
        }

        private void recordFiles() {
            var content = new Artifact.Content("ab".repeat(32), random.nextInt(1_000));
            if (random.nextBoolean() || runs.isEmpty()) {
                farm.turn(new Command.RecordCache(cacheName(), content, 10));
                return;
            }
            long run = runs.get(random.nextInt(runs.size()));
            var artifact =
                    new Artifact(
                            0,
                            new JobId(run, 1).attempt(1),
                            1,
                            "app" + random.nextInt(3),
                            content,
                            10,
                            1,
                            Instant.EPOCH,
                            Instant.EPOCH);
            Duration life = Duration.ofSeconds(1 + random.nextInt(600));
            farm.turn(new Command.RecordArtifact(artifact, life, random.nextBoolean()));
        }

        private void removeFilesOrRuns() {
            farm.turn(new Command.RemoveCaches(List.of(cacheName())));
            if (!runs.isEmpty()) {
                long run = runs.get(random.nextInt(runs.size()));
                var name = new Artifact.Name(run, "app" + random.nextInt(3));
                farm.turn(new Command.RemoveExpired(List.of(name)));
            }
            if (random.nextInt(4) == 0 && !runs.isEmpty()) {
                long run = runs.get(random.nextInt(runs.size()));
                var gone = farm.accept(new Command.RemoveRuns(List.of(run)));
                runs.removeAll(gone.runs());
            }
        }

        private void protect() {
            if (random.nextBoolean() && !runs.isEmpty()) {
                boolean reject = random.nextInt(8) == 0;
                String who = "p" + random.nextInt(3);
                farm.turn(new Command.ReviewJobs(anyRun(), "", reject, "", who));
                return;
            }
            protect(
                    new EnvironmentRules(
                            random.nextInt(3),
                            Duration.ofSeconds(random.nextInt(3) * 100L),
                            random.nextInt(4) == 0 ? List.of("release") : List.of(),
                            random.nextBoolean(),
                            List.of(),
                            new TreeMap<>(),
                            SealedSecrets.NONE));
        }

        private void protect(EnvironmentRules rules) {
            var name = EnvironmentName.of("acme/app", "prod");
            farm.turn(new Command.ConfigureEnvironment(name, "prod", rules, "op"));
        }

        private void deploy() {
            AttemptState attempt = anyAttempt();
            if (attempt == null) {
                return;
            }
            long epoch = attempt.lease().epoch();
            String environment = List.of("", "prod", "Staging").get(random.nextInt(3));
            var target = new Deployment.Target("host", "t" + random.nextInt(2), "v" + revision);
            farm.turn(
                    new Command.BeginDeployment(
                            attempt.id(),
                            epoch,
                            "" + random.nextInt(2),
                            environment,
                            target,
                            "",
                            random.nextBoolean() ? Bytes.utf8("sealed") : Bytes.EMPTY));
            for (Deployment open : farm.farm().deployments().ofJob(attempt.id().job())) {
                var phases = Deployment.Phase.values();
                var report =
                        new Command.DeploymentReport(
                                phases[random.nextInt(phases.length)], "why", "", "");
                farm.turn(
                        new Command.ReportDeployment(
                                attempt.id(), epoch, open.label(), open.number(), report));
            }
        }

        private Cache.Name cacheName() {
            return new Cache.Name("acme/app", "main", "v", "key" + random.nextInt(3));
        }

        private void connect() {
            String[] labels =
                    random.nextBoolean() ? new String[] {"linux"} : new String[] {"linux", "gpu"};
            farm.turn(
                    new Command.AgentConnected(
                            EngineFixture.info(agent(), 1 + random.nextInt(3), labels),
                            ++connection));
        }

        private void cancel() {
            if (!runs.isEmpty()) {
                String job = random.nextInt(3) == 0 ? "call.0" : "";
                farm.turn(
                        new Command.CancelRun(
                                anyRun(), job, "random", "walk", random.nextInt(4) == 0));
            }
        }

        private void rerun() {
            if (!runs.isEmpty()) {
                RerunScope scope = RerunScope.values()[random.nextInt(RerunScope.values().length)];
                String job =
                        List.of("a", "test", "test.1", "call.0.x", "call").get(random.nextInt(5));
                farm.turn(new Command.RerunRun(anyRun(), scope, job, "", "walk"));
            }
        }

        private void drainOrResume() {
            farm.turn(
                    random.nextBoolean()
                            ? new Command.DrainAgent(agent(), "op")
                            : new Command.ResumeAgent(agent(), "op"));
        }

        private void loseAttempt() {
            AttemptState attempt = anyAttempt();
            if (attempt != null) {
                farm.turn(
                        new Command.LoseAttempt(attempt.lease().agentId(), attempt.id(), "random"));
            }
        }

        private void maybeRestart() {
            if (random.nextInt(3) == 0) {
                farm.restart();
            }
        }

        private void report() {
            AttemptState attempt = anyAttempt();
            if (attempt != null) {
                boolean ends = random.nextInt(3) == 0;
                farm.report(attempt.id(), anyReport(ends ? anyResult() : null));
            }
        }

        private AttemptReport anyReport(@org.jspecify.annotations.Nullable AttemptResult result) {
            boolean ended = random.nextBoolean();
            var step =
                    new StepState(
                            random.nextInt(4),
                            "step",
                            "",
                            ended ? Status.FINISHED : Status.RUNNING,
                            ended ? Conclusion.SUCCESS : null,
                            ended ? Conclusion.SUCCESS : null,
                            farm.time.now().plusNanos(random.nextInt(1_000_000)),
                            ended ? farm.time.now() : null,
                            ended ? 10 : -1);
            var note =
                    new Annotation(
                            "1:%d:0".formatted(random.nextInt(3)),
                            Annotation.Level.NOTICE,
                            "m",
                            "",
                            "",
                            0,
                            0,
                            0,
                            0,
                            1);
            var summaries = new TreeMap<Integer, String>();
            summaries.put(1, "v" + random.nextInt(2));
            return new AttemptReport(
                    ++revision,
                    random.nextInt(4) == 0 ? null : farm.time.now(),
                    List.of(step),
                    List.of(note),
                    summaries,
                    null,
                    random.nextBoolean() ? farm.time.now() : null,
                    result);
        }

        private AttemptResult anyResult() {
            return switch (random.nextInt(6)) {
                case 0 -> farm.result(Conclusion.FAILURE, Cause.USER_FAILURE, Map.of());
                case 1 -> farm.result(Conclusion.FAILURE, Cause.INFRASTRUCTURE, Map.of());
                case 2 -> farm.result(Conclusion.CANCELLED, Cause.CANCELLED, Map.of());
                case 3 -> farm.result(Conclusion.TIMED_OUT, Cause.TIMEOUT, Map.of());
                default ->
                        farm.result(
                                Conclusion.SUCCESS,
                                Cause.SUCCESS,
                                Map.of("n", random.nextBoolean() ? "[1,2,3]" : "[4]"));
            };
        }

        /// Agents for everything, no more faults: whatever is left succeeds.
        private void finishEverything() {
            protect(EnvironmentRules.NONE);
            for (String id : List.of("a1", "a2", "a3", "a4")) {
                farm.turn(new Command.ResumeAgent(id, "op"));
                farm.turn(
                        new Command.AgentConnected(
                                EngineFixture.info(id, 5, "linux", "gpu"), ++connection));
            }
            for (int round = 0; round < 1_000 && !farm.farm().runs().isEmpty(); round++) {
                AttemptState attempt = anyAttempt();
                if (attempt == null) {
                    farm.pass(Duration.ofMinutes(20));
                } else {
                    Map<String, String> outputs = Map.of("n", "[1,2]");
                    farm.report(
                            attempt.id(),
                            anyReport(farm.result(Conclusion.SUCCESS, Cause.SUCCESS, outputs)));
                }
            }
        }

        private @org.jspecify.annotations.Nullable AttemptState anyAttempt() {
            var open = new ArrayList<AttemptState>();
            for (RunState run : farm.farm().runs()) {
                farm.farm().attempts(run.number()).stream()
                        .filter(attempt -> !attempt.finished())
                        .forEach(open::add);
            }
            return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
        }

        private long anyRun() {
            return runs.get(random.nextInt(runs.size()));
        }

        private String agent() {
            return "a" + (1 + random.nextInt(4));
        }
    }
}

package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.planning.JobResult.Conclusion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

class RunPlanTest {

    private static final String STEPS = "steps: [{run: a}]";

    private static String chain(String condition) {
        return """
        on: push
        jobs:
          a: {runs-on: x, %s}
          b: {needs: a, if: always(), runs-on: x, %s}
          c: {needs: b, if: "%s", runs-on: x, %s}
        """
                .formatted(STEPS, STEPS, condition, STEPS);
    }

    private static List<JobLeg> legs(RunPlan plan, String key, RunView view) {
        JobDecision decision = plan.decide(key, view);
        assertThat(decision).isInstanceOf(JobDecision.Run.class);
        return ((JobDecision.Run) decision).legs();
    }

    private static String failure(RunPlan plan, String key, RunView view) {
        JobDecision decision = plan.decide(key, view);
        assertThat(decision).isInstanceOf(JobDecision.Fail.class);
        return ((JobDecision.Fail) decision).message();
    }

    /// `a` and `b` ended so; does `c`, which needs `b`, run?
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|SUCCESS|SUCCESS|true",
                "|SUCCESS|FAILURE|false",
                "|SUCCESS|SKIPPED|false",
                "|FAILURE|SUCCESS|false",
                "|SKIPPED|SUCCESS|false",
                "always()|FAILURE|FAILURE|true",
                "success()|FAILURE|SUCCESS|false",
                "success('b')|FAILURE|SUCCESS|true",
                "failure()|FAILURE|SUCCESS|true",
                "failure()|SUCCESS|SUCCESS|false",
                "failure('b')|FAILURE|SUCCESS|false",
                "!failure()|SKIPPED|SUCCESS|true",
                "cancelled()|SUCCESS|CANCELLED|false",
                "needs.b.result == 'success'|FAILURE|SUCCESS|false",
                "always() && needs.b.result == 'success'|FAILURE|SUCCESS|true",
                "github.ref == 'refs/heads/main'|SUCCESS|SUCCESS|true",
                "github.ref == 'refs/heads/x'|SUCCESS|SUCCESS|false",
            })
    void conditionLooksAtAllAncestors(String condition, Conclusion a, Conclusion b, boolean runs) {
        RunPlan plan = Plans.plan(chain(condition == null ? "" : condition));
        Plans.Run run = new Plans.Run().result("a", a).result("b", b);

        assertThat(plan.decide("c", run) instanceof JobDecision.Run).isEqualTo(runs);
    }

    @Test
    void cancelledRunStartsOnlyWhatAsksForIt() {
        Plans.Run run =
                new Plans.Run()
                        .result("a", Conclusion.CANCELLED)
                        .result("b", Conclusion.CANCELLED)
                        .cancel();

        assertThat(Plans.plan(chain("")).decide("c", run))
                .isEqualTo(new JobDecision.Skip("the run was cancelled"));
        assertThat(Plans.plan(chain("cancelled()")).decide("c", run))
                .isInstanceOf(JobDecision.Run.class);
        assertThat(Plans.plan(chain("always()")).decide("c", run))
                .isInstanceOf(JobDecision.Run.class);
    }

    @Test
    void skipSaysWhy() {
        Plans.Run run =
                new Plans.Run().result("a", Conclusion.FAILURE).result("b", Conclusion.SUCCESS);

        assertThat(Plans.plan(chain("")).decide("c", run))
                .isEqualTo(new JobDecision.Skip("'a' failed"));
        assertThat(Plans.plan(chain("cancelled()")).decide("c", run))
                .isEqualTo(new JobDecision.Skip("its condition is false: cancelled()"));
    }

    @Test
    void legCarriesEverythingTheAgentNeeds() {
        RunPlan plan =
                Plans.plan(
                        """
                        on: push
                        jobs:
                          a: {runs-on: x, steps: [{run: a}]}
                          t:
                            needs: A
                            strategy:
                              {fail-fast: false, max-parallel: 1, matrix: {os: [linux, mac]}}
                            name: T
                            runs-on: [self-hosted, "${{ matrix.os }}", "${{ vars.LABEL }}"]
                            environment: {name: "e-${{ matrix.os }}", deployment: false}
                            concurrency: {group: "g-${{ strategy.job-index }}", queue: max}
                            timeout-minutes: ${{ fromJSON(needs.a.outputs.t) }}
                            cancel-timeout-minutes: 0.5
                            continue-on-error: ${{ matrix.os == 'mac' }}
                            steps: [{run: a}]
                        """);
        Plans.Run run = new Plans.Run().result("a", Conclusion.SUCCESS, Map.of("t", "1.5"));

        JobDecision.Run decision = (JobDecision.Run) plan.decide("t", run);
        assertThat(decision.failFast()).isFalse();
        assertThat(decision.maxParallel()).isEqualTo(1);
        JobLeg leg = decision.legs().get(1);
        assertThat(leg.key()).isEqualTo("t.1");
        assertThat(leg.node()).isEqualTo("t");
        assertThat(leg.name()).isEqualTo("T (mac)");
        assertThat(Json.compact(leg.matrix())).isEqualTo("{\"os\":\"mac\"}");
        assertThat(Json.compact(leg.strategy()))
                .isEqualTo(
                        "{\"fail-fast\":false,\"job-index\":1,\"job-total\":2,\"max-parallel\":1}");
        assertThat(leg.needs().get("a").get("outputs").get("t")).isEqualTo(Value.of("1.5"));
        assertThat(leg.runsOn().labels()).containsExactly("self-hosted", "mac", "big");
        assertThat(leg.environment()).contains(new DeploymentTarget("e-mac", false));
        assertThat(leg.concurrency())
                .contains(new ConcurrencyGroup("g-1", false, ConcurrencyGroup.Queue.MAX));
        assertThat(leg.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(leg.cancelTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(leg.continueOnError()).isTrue();
        assertThat(decision.legs().get(0).continueOnError()).isFalse();
        assertThat(plan.leg("t.1", run.cancel())).isEqualTo(leg);
    }

    @Test
    void jobWithoutStrategyHasOneLegWithDefaults() {
        JobLeg leg =
                legs(
                                Plans.plan("on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}"),
                                "a",
                                new Plans.Run())
                        .getFirst();

        assertThat(leg.key()).isEqualTo("a");
        assertThat(leg.matrix()).isEqualTo(Value.NULL);
        assertThat(Json.compact(leg.strategy()))
                .isEqualTo(
                        "{\"fail-fast\":true,\"job-index\":0,\"job-total\":1,\"max-parallel\":1}");
        assertThat(leg.timeout()).isEqualTo(Duration.ofHours(6));
        assertThat(leg.cancelTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(leg.environment()).isEmpty();
    }

    @Test
    void matrixMayComeFromAnotherJob() {
        RunPlan plan =
                Plans.plan(
                        """
                        on: push
                        jobs:
                          a: {runs-on: x, steps: [{run: a}]}
                          t:
                            needs: a
                            strategy: {matrix: "${{ fromJSON(needs.a.outputs.m) }}"}
                            name: V ${{ matrix.v }}
                            runs-on: x
                            steps: [{run: a}]
                        """);

        Plans.Run run =
                new Plans.Run().result("a", Conclusion.SUCCESS, Map.of("m", "{\"v\":[1,2]}"));
        assertThat(legs(plan, "t", run)).extracting(JobLeg::name).containsExactly("V 1", "V 2");

        Plans.Run empty = new Plans.Run().result("a", Conclusion.SUCCESS, Map.of("m", "{}"));
        assertThat(failure(plan, "t", empty))
                .contains(
                        ".github/workflows/ci.yml: job 't': " + "'matrix' needs at least one list");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout-minutes: '${{ vars.LABEL }}'|'timeout-minutes' must be a number, not the"
                        + " text",
                "continue-on-error: '${{ vars.LABEL }}'|must be true or false, not the text 'big'",
                "runs-on: '${{ vars.NONE }}'|'runs-on' is empty",
                "concurrency: '${{ vars.NONE }}'|the concurrency group's name is empty",
                "name: '${{ fromJSON(vars.LABEL) }}'|fromJSON",
            })
    void typedKeysFailTheJobWithAMessage(String key, String expected) {
        String runsOn = key.startsWith("runs-on") ? "" : "    runs-on: x\n";
        RunPlan plan =
                Plans.plan(
                        "on: push\njobs:\n  a:\n    "
                                + key.replace("'${", "\"${").replace("}}'", "}}\"")
                                + "\n"
                                + runsOn
                                + "    steps: [{run: a}]");

        assertThat(failure(plan, "a", new Plans.Run())).containsIgnoringCase(expected);
    }

    @Test
    void emptyEnvironmentNameMeansNone() {
        RunPlan plan =
                Plans.plan(
                        "on: push\njobs: {a: {runs-on: x, environment: "
                                + "'${{ vars.NONE }}', steps: [{run: a}]}}");

        assertThat(legs(plan, "a", new Plans.Run()).getFirst().environment()).isEmpty();
    }

    @Test
    void runNameAndConcurrencyAreEvaluated() {
        RunPlan plan =
                Plans.plan(
                        """
                        on: push
                        run-name: Deploy ${{ inputs.t }}
                        concurrency: {group: "ci-${{ github.ref }}", cancel-in-progress: true}
                        jobs: {a: {runs-on: x, steps: [{run: a}]}}
                        """);
        Plans.Run run = new Plans.Run().inputs(Map.of("t", Value.of("prod")));

        assertThat(plan.runName(run)).contains("Deploy prod");
        assertThat(plan.concurrency(run))
                .contains(
                        new ConcurrencyGroup(
                                "ci-refs/heads/main", true, ConcurrencyGroup.Queue.SINGLE));
    }

    @Test
    void restrictedPlanKeepsWhatTheJobsNeed() {
        RunPlan plan =
                Plans.plan(
                        """
                        on: push
                        jobs:
                          a: {runs-on: x, steps: [{run: a}]}
                          b: {needs: a, runs-on: x, steps: [{run: a}]}
                          c: {needs: b, runs-on: x, steps: [{run: a}]}
                          d: {runs-on: x, steps: [{run: a}]}
                        """);

        assertThat(plan.restrictedTo(Set.of("B")).nodes())
                .extracting(JobNode::key)
                .containsExactly("a", "b");
        assertThatThrownBy(() -> plan.restrictedTo(Set.of("e")))
                .hasMessageContaining("has no job 'e'");
    }

    @Test
    void unknownKeysAreRefused() {
        RunPlan plan = Plans.plan("on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}");

        assertThatThrownBy(() -> plan.decide("a.b", new Plans.Run()))
                .hasMessage("the run has no job 'a.b'");
    }

    @Test
    void legsMakeOneResult() {
        LegResult failed = new LegResult(Conclusion.FAILURE, false, Map.of("o", "1"));
        LegResult tolerated = new LegResult(Conclusion.FAILURE, true, Map.of("o", "2"));
        LegResult passed = new LegResult(Conclusion.SUCCESS, false, Map.of("o", "", "p", ""));

        assertThat(JobResults.ofLegs(List.of(tolerated, passed)))
                .isEqualTo(new JobResult(Conclusion.SUCCESS, Map.of("o", "2", "p", "")));
        assertThat(JobResults.ofLegs(List.of(failed, tolerated)).conclusion())
                .isEqualTo(Conclusion.FAILURE);
        assertThat(JobResults.ofLegs(List.of(failed, tolerated)).outputs())
                .isEqualTo(Map.of("o", "2"));
    }

    @Test
    void resultsAreWorstFirst() {
        assertThat(JobResults.worst(List.of(Conclusion.SUCCESS, Conclusion.CANCELLED)))
                .isEqualTo(Conclusion.CANCELLED);
        assertThat(JobResults.worst(List.of(Conclusion.SKIPPED, Conclusion.SKIPPED)))
                .isEqualTo(Conclusion.SKIPPED);
        assertThat(JobResults.worst(List.of(Conclusion.SKIPPED, Conclusion.SUCCESS)))
                .isEqualTo(Conclusion.SUCCESS);
        assertThat(JobResults.worst(List.of())).isEqualTo(Conclusion.SUCCESS);
    }

    @Test
    void tooLargeMatrixIsFoundWhenTheFileIsRead() {
        String ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
        RunPlan.Loaded loaded =
                Plans.load(
                        """
                        on: push
                        jobs:
                          a:
                            strategy: {matrix: {a: %s, b: %s, c: %s, d: %s}}
                            runs-on: x
                            steps: [{run: a}]
                        """
                                .formatted(ten, ten, ten, ten),
                        Map.of());

        assertThat(loaded.plan()).isEmpty();
        assertThat(loaded.problems())
                .singleElement()
                .asString()
                .contains("ci.yml:4:24: error: job 'a': the matrix has 10000 combinations");
    }
}

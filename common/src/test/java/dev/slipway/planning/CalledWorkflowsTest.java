package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Json;
import dev.slipway.planning.JobResult.Conclusion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class CalledWorkflowsTest {

    private static final String CALLEE =
            """
            on:
              workflow_call:
                inputs:
                  target: {type: string, required: true}
                  count: {type: number, default: 2}
                  dry: {type: boolean}
                  from: {type: string, default: "${{ github.sha }}"}
                secrets: {token: {required: true}, more: }
                outputs:
                  url: {value: "${{ jobs.go.outputs.u }}/${{ inputs.target }}"}
                  state: {value: "${{ jobs.go.result }}"}
            jobs:
              prepare: {runs-on: x, steps: [{run: a}]}
              go:
                needs: prepare
                name: Go ${{ inputs.target }}
                runs-on: ${{ inputs.target }}
                outputs: {u: a}
                steps: [{run: a}]
            """;

    private static final String CALLER =
            """
            on: push
            jobs:
              build: {runs-on: x, steps: [{run: a}]}
              ship:
                needs: build
                uses: ./.github/workflows/callee.yml
                with: {target: "${{ needs.build.outputs.t }}"}
                secrets: {token: "a-${{ secrets.T }}"}
              after: {needs: ship, runs-on: x, steps: [{run: a}]}
            """;

    private static RunPlan plan(String caller) {
        return Plans.plan(caller, Map.of("callee.yml", CALLEE));
    }

    @Test
    void nodesOfACallFollowTheirCaller() {
        List<JobNode> nodes = plan(CALLER).nodes();

        assertThat(nodes)
                .extracting(JobNode::key)
                .containsExactly("build", "ship", "ship.prepare", "ship.go", "after");
        assertThat(nodes)
                .extracting(JobNode::name)
                .containsExactly("build", "ship", "ship / prepare", "ship / go", "after");
        assertThat(nodes.get(3).needs()).containsExactly("ship.prepare");
        assertThat(nodes.get(3).parent()).contains("ship");
        assertThat(nodes.get(3).workflowPath()).isEqualTo(".github/workflows/callee.yml");
        assertThat(nodes.get(1).call()).isTrue();
    }

    @Test
    void callTypesItsInputs() {
        Plans.Run run = new Plans.Run().result("build", Conclusion.SUCCESS, Map.of("t", "prod"));

        JobDecision.Call call = (JobDecision.Call) plan(CALLER).decide("ship", run);
        assertThat(Json.compact(call.legs().getFirst().inputs()))
                .isEqualTo("{\"target\":\"prod\",\"count\":2,\"dry\":false,\"from\":\"abc\"}");
    }

    @Test
    void calleeSeesItsInputsAndOnlyItsOwnNeeds() {
        Plans.Run run =
                new Plans.Run()
                        .result("build", Conclusion.SUCCESS, Map.of("t", "prod"))
                        .result("ship.prepare", Conclusion.SUCCESS);

        JobDecision.Run go = (JobDecision.Run) plan(CALLER).decide("ship.go", run);
        JobLeg leg = go.legs().getFirst();
        assertThat(leg.name()).isEqualTo("ship / Go prod");
        assertThat(leg.key()).isEqualTo("ship.go");
        assertThat(leg.runsOn().labels()).containsExactly("prod");
        assertThat(Json.compact(leg.needs())).contains("\"prepare\"").doesNotContain("build");
    }

    @Test
    void finishedCallGivesTheWorkflowsOutputs() {
        Plans.Run run =
                new Plans.Run()
                        .result("build", Conclusion.SUCCESS, Map.of("t", "prod"))
                        .result("ship.prepare", Conclusion.SUCCESS)
                        .result("ship.go", Conclusion.SUCCESS, Map.of("u", "http://x"));

        assertThat(plan(CALLER).finishCall("ship", run))
                .isEqualTo(
                        new CallOutcome(
                                new JobResult(
                                        Conclusion.SUCCESS,
                                        Map.of("url", "http://x/prod", "state", "success")),
                                java.util.Optional.empty()));
    }

    @Test
    void finishedCallFailsWhenAJobOfItFailed() {
        Plans.Run run =
                new Plans.Run()
                        .result("build", Conclusion.SUCCESS, Map.of("t", "prod"))
                        .result("ship.prepare", Conclusion.FAILURE)
                        .result("ship.go", Conclusion.SKIPPED)
                        .cancel();

        assertThat(plan(CALLER).finishCall("ship", run).result().conclusion())
                .isEqualTo(Conclusion.FAILURE);
    }

    @Test
    void secretsAreMappedOrInherited() {
        Plans.Run run = new Plans.Run().result("build", Conclusion.SUCCESS, Map.of("t", "p"));
        Map<String, String> own = Map.of("T", "s", "GITHUB_TOKEN", "g");

        assertThat(plan(CALLER).secrets("ship.go", run, own))
                .isEqualTo(Map.of("token", "a-s", "GITHUB_TOKEN", "g"));
        assertThat(plan(CALLER).secrets("after", run, own)).isEqualTo(own);
        RunPlan inherits =
                plan(
                        CALLER.replace(
                                "secrets: {token: \"a-${{ secrets.T }}\"}", "secrets: inherit"));
        assertThat(inherits.secrets("ship.go", run, own)).isEqualTo(own);
    }

    @Test
    void matrixOfCallsMakesNodesOnDecision() {
        RunPlan plan =
                plan(
                        """
                        on: push
                        jobs:
                          ship:
                            strategy: {matrix: {t: [dev, prod]}}
                            uses: ./.github/workflows/callee.yml
                            with: {target: "${{ matrix.t }}"}
                            secrets: inherit
                        """);
        Plans.Run run =
                new Plans.Run()
                        .result("ship.0.prepare", Conclusion.SUCCESS)
                        .result("ship.1.prepare", Conclusion.SUCCESS);

        assertThat(plan.nodes()).extracting(JobNode::key).containsExactly("ship");
        JobDecision.Call call = (JobDecision.Call) plan.decide("ship", run);
        assertThat(call.legs()).extracting(CallLeg::key).containsExactly("ship.0", "ship.1");
        assertThat(call.legs())
                .extracting(CallLeg::name)
                .containsExactly("ship (dev)", "ship (prod)");
        assertThat(call.legs().get(1).nodes())
                .extracting(JobNode::key)
                .containsExactly("ship.1.prepare", "ship.1.go");
        assertThat(call.legs().get(1).nodes())
                .extracting(JobNode::parent)
                .containsOnly(java.util.Optional.of("ship.1"));
        JobDecision.Run go = (JobDecision.Run) plan.decide("ship.1.go", run);
        assertThat(go.legs().getFirst().name()).isEqualTo("ship (prod) / Go prod");
    }

    @Test
    void callsNest() {
        String middle =
                """
                on: {workflow_call: {inputs: {t: {type: string}}}}
                jobs:
                  inner:
                    uses: $/.github/workflows/callee.yml
                    with: {target: "${{ inputs.t }}!"}
                    secrets: inherit
                """;
        RunPlan plan =
                Plans.plan(
                        """
                        on: push
                        jobs:
                          outer:
                            uses: ./.github/workflows/middle.yml
                            with: {t: x}
                            secrets: inherit
                        """,
                        Map.of("middle.yml", middle, "callee.yml", CALLEE));
        Plans.Run run = new Plans.Run().result("outer.inner.prepare", Conclusion.SUCCESS);

        assertThat(plan.nodes())
                .extracting(JobNode::key)
                .containsExactly("outer", "outer.inner", "outer.inner.prepare", "outer.inner.go");
        JobDecision.Run go = (JobDecision.Run) plan.decide("outer.inner.go", run);
        assertThat(go.legs().getFirst().name()).isEqualTo("outer / inner / Go x!");
    }

    private static String callsNext(int n) {
        return "on: workflow_call\njobs: {a: {uses: ./.github/workflows/" + n + ".yml}}";
    }

    @Test
    void fourLevelsOfCallsAreAllowedAndNoMore() {
        String last = "on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: a}]}}";
        Map<String, String> files =
                Map.of(
                        "1.yml",
                        callsNext(2),
                        "2.yml",
                        callsNext(3),
                        "3.yml",
                        callsNext(4),
                        "4.yml",
                        last);
        String first = "on: push\njobs: {a: {uses: ./.github/workflows/1.yml}}";

        assertThat(Plans.load(first, files).problems()).isEmpty();
        assertThat(
                        Plans.load(
                                        "on: push\njobs: {a: {uses: ./.github/workflows/0.yml}}",
                                        Map.of(
                                                "0.yml",
                                                callsNext(1),
                                                "1.yml",
                                                callsNext(2),
                                                "2.yml",
                                                callsNext(3),
                                                "3.yml",
                                                callsNext(4),
                                                "4.yml",
                                                last))
                                .problems())
                .singleElement()
                .asString()
                .contains("calls of workflows go deeper than 4 levels");
    }

    @Test
    void circleOfCallsIsRefused() {
        assertThat(
                        Plans.load(
                                        "on: push\njobs: {a: {uses: ./.github/workflows/1.yml}}",
                                        Map.of("1.yml", callsNext(1)))
                                .problems())
                .singleElement()
                .asString()
                .contains("workflows call each other in a circle");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{uses: ./.github/workflows/none.yml}|does not exist in this repository",
                "{uses: ./.github/workflows/push.yml}|its 'on' has no 'workflow_call'",
                "{uses: ./.github/workflows/callee.yml, secrets: inherit}|input 'target' is"
                        + " required by",
                "{uses: ./.github/workflows/callee.yml, secrets: inherit, with: {target: a, traget:"
                        + " b}}|has no input 'traget'; did you mean 'target'?",
                "{uses: ./.github/workflows/callee.yml, secrets: inherit, with: {target: a, count:"
                        + " 'x'}}|input 'count' is a number, not the text 'x'",
                "{uses: ./.github/workflows/callee.yml, secrets: inherit, with: {target: a, dry:"
                        + " 'no'}}|input 'dry' is a boolean",
                "{uses: ./.github/workflows/callee.yml, with: {target: a}}|secret 'token' is"
                        + " required by",
                "{uses: ./.github/workflows/callee.yml, with: {target: a}, secrets: {token: a, x:"
                        + " b}}|has no secret 'x'",
                "{uses: ./.github/workflows/broken.yml}|broken.yml:1:1: error",
                "{uses: ./.github/workflows/greedy.yml, permissions: {contents: read}}|the workflow"
                    + " '.github/workflows/greedy.yml' is requesting 'contents: write', but is only"
                    + " allowed 'contents: read'",
                "{uses: ./.github/workflows/all.yml, permissions: {contents: read}}|job 'a' of"
                        + " '.github/workflows/all.yml' is requesting 'actions: read,",
                "{uses: ./.github/workflows/middle.yml, permissions: {contents: read}}"
                        + "|'.github/workflows/greedy.yml' is requesting 'contents: write', but is",
            })
    void wrongCallsAreRefusedWhenTheFilesAreRead(String job, String expected) {
        Map<String, String> files =
                Map.of(
                        "callee.yml",
                        CALLEE,
                        "push.yml",
                        "on: push\njobs: {a: {runs-on: x, steps: [{run: a}]}}",
                        "broken.yml",
                        "on: workflow_call",
                        "greedy.yml",
                        "on: workflow_call\npermissions: {contents: write}\n"
                                + "jobs: {a: {runs-on: x, steps: [{run: a}]}}",
                        "middle.yml",
                        "on: workflow_call\njobs: {a: {uses: ./.github/workflows/greedy.yml}}",
                        "all.yml",
                        "on: workflow_call\npermissions: {contents: read}\n"
                                + "jobs: {a: {runs-on: x, permissions: read-all,"
                                + " steps: [{run: a}]}}");

        RunPlan.Loaded loaded = Plans.load("on: push\njobs:\n  a: " + job, files);
        assertThat(loaded.plan()).isEmpty();
        assertThat(loaded.problems())
                .anySatisfy(problem -> assertThat(problem.toString()).contains(expected));
    }

    @Test
    void inputsOfTheWrongTypeFailTheCall() {
        RunPlan plan =
                plan(
                        """
                        on: push
                        jobs:
                          ship:
                            uses: ./.github/workflows/callee.yml
                            with: {target: a, count: "${{ vars.LABEL }}"}
                            secrets: inherit
                        """);

        assertThat(plan.decide("ship", new Plans.Run()))
                .isInstanceOfSatisfying(
                        JobDecision.Fail.class,
                        fail ->
                                assertThat(fail.message())
                                        .contains("input 'count' is a number, not the text 'big'"));
    }

    private static String concurrent(String job) {
        return "on: push\njobs: {a: {" + job + "uses: ./.github/workflows/c.yml, with: {t: z}}}";
    }

    @Test
    void callHoldsTheGroupOfTheCalledWorkflow() {
        String callee =
                """
                on: {workflow_call: {inputs: {t: {type: string}}}}
                concurrency: {group: "g-${{ inputs.t }}"}
                jobs: {j: {runs-on: x, steps: [{run: a}]}}
                """;
        RunPlan plan = Plans.plan(concurrent(""), Map.of("c.yml", callee));

        JobDecision.Call call = (JobDecision.Call) plan.decide("a", new Plans.Run());
        assertThat(call.legs().getFirst().concurrency())
                .contains(new ConcurrencyGroup("g-z", false, ConcurrencyGroup.Queue.SINGLE));
        RunPlan both = Plans.plan(concurrent("concurrency: own, "), Map.of("c.yml", callee));
        assertThat(both.unsupported())
                .singleElement()
                .asString()
                .contains("ci.yml:2:25: error")
                .contains("holding both groups");
    }

    @Test
    void jobThatNamesAnImageNeedsAnAgentWithDocker() {
        RunPlan plan =
                Plans.plan(
                        """
                        on: push
                        jobs:
                          a: {runs-on: x, container: 'node:20', steps: [{run: a}]}
                          b: {runs-on: x, services: {db: {image: d}}, steps: [{run: a}]}
                          c: {runs-on: x, steps: [{parallel: [{uses: 'docker://alpine'}]}]}
                          d: {runs-on: [x, Docker], container: {image: e}, steps: [{run: a}]}
                          e: {runs-on: x, container: '', services: {}, steps: [{run: a}]}
                        """);

        assertThat(plan.unsupported()).isEmpty();
        assertThat(List.of("a", "b", "c", "d", "e"))
                .extracting(
                        job ->
                                ((JobDecision.Run) plan.decide(job, new Plans.Run()))
                                        .legs()
                                        .getFirst()
                                        .runsOn()
                                        .toString())
                .containsExactly("x, docker", "x, docker", "x, docker", "x, Docker", "x");
    }

    @Test
    void whatIsMissingIsRefusedAndNeverSkipped() {
        RunPlan plan =
                Plans.plan(
                        """
                        on: push
                        jobs:
                          a: {runs-on: x, snapshot: img, steps: [{run: a}]}
                          b: {runs-on: x, container: c, services: {db: d}, steps: [{run: a}]}
                          c: {uses: o/r/.github/workflows/x.yml@v1}
                          d:
                            runs-on: x
                            container: ''
                            services: {}
                            steps:
                              - {uses: o/r@v1}
                              - {uses: 'docker://alpine'}
                              - {uses: Actions/Checkout@v4}
                              - {uses: actions/cache/save@v4}
                              - {uses: ./here}
                              - parallel: [{uses: x/y@v2}]
                        """);

        assertThat(plan.unsupported())
                .extracting(
                        problem ->
                                problem.line()
                                        + " "
                                        + problem.message().replaceAll("; built in.*", ""))
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("3 job 'a' makes a custom image"),
                        text -> assertThat(text).startsWith("5 job 'c' calls 'o/r/.github"),
                        text -> assertThat(text).startsWith("11 the action 'o/r@v1'"),
                        text -> assertThat(text).startsWith("16 the action 'x/y@v2'"));
    }
}

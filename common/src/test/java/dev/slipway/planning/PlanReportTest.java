package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;
import dev.slipway.planning.PlanReport.JobPlan;
import dev.slipway.planning.PlanReport.Outlook;
import dev.slipway.planning.PlanReport.Status;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

class PlanReportTest {

    private static final String DEPLOY =
            """
            on: {workflow_call: {inputs: {env: {type: string}}}}
            jobs:
              go: {name: "Go ${{ inputs.env }}", runs-on: x, steps: [{run: a}]}
            """;

    private static final String CI =
            """
            name: CI
            on: {push: {branches: [main]}}
            jobs:
              build: {runs-on: [self-hosted, linux], steps: [{run: a}]}
              test:
                needs: build
                strategy: {matrix: {os: [linux, mac], jdk: [21, 25], exclude: [{os: mac, jdk: 21}]}}
                runs-on: ${{ matrix.os }}
                steps: [{run: a}]
              dynamic:
                needs: [build]
                strategy: {matrix: {v: "${{ fromJSON(needs.build.outputs.v) }}"}}
                runs-on: x
                steps: [{run: a}]
              never: {if: "github.ref == 'refs/heads/dev'", runs-on: x, steps: [{run: a}]}
              after: {needs: never, runs-on: x, steps: [{run: a}]}
              maybe: {needs: build, if: "needs.build.outputs.x", runs-on: x, steps: [{run: a}]}
              alarm: {needs: build, if: failure(), runs-on: x, steps: [{run: a}]}
              ship:
                strategy: {matrix: {e: [dev, prod]}}
                uses: ./.github/workflows/deploy.yml
                with: {env: "${{ matrix.e }}"}
              bad: {runs-on: "${{ vars.NONE }}", steps: [{run: a}]}
            """;

    private static PlanReport report(EventFacts facts, String... files) {
        List<PlanReporter.WorkflowFile> all = new ArrayList<>();
        for (int i = 0; i < files.length; i++) {
            all.add(
                    new PlanReporter.WorkflowFile(
                            ".github/workflows/" + i + ".yml", Plans.bytes(files[i])));
        }
        WorkflowSource source =
                path ->
                        path.equals(".github/workflows/deploy.yml")
                                ? Optional.of(Plans.bytes(DEPLOY))
                                : Optional.empty();
        return new PlanReporter(source, facts, Value.NULL, Value.object(Map.of())).report(all);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PlanReportTest.class.getResourceAsStream("/workflows/" + name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JobPlan job(PlanReport report, String key) {
        return report.workflows().getFirst().jobs().stream()
                .filter(job -> job.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static final EventFacts PUSH = EventFacts.of("push", "refs/heads/main");

    @Test
    void matrixIsWrittenOut() {
        JobPlan test = job(report(PUSH, CI), "test");

        assertThat(test.needs()).containsExactly("build");
        assertThat(test.legs())
                .extracting(PlanReport.LegPlan::name)
                .containsExactly("test (linux, 21)", "test (linux, 25)", "test (mac, 25)");
        assertThat(test.legs())
                .extracting(leg -> leg.runsOn().orElseThrow().toString())
                .containsExactly("linux", "linux", "mac");
    }

    @Test
    void whatDependsOnResultsStaysOpen() {
        PlanReport report = report(PUSH, CI);

        assertThat(job(report, "dynamic").outlook()).isEqualTo(Outlook.OPEN);
        assertThat(job(report, "dynamic").legs()).isEmpty();
        assertThat(job(report, "maybe").outlook()).isEqualTo(Outlook.OPEN);
        assertThat(job(report, "maybe").legs()).hasSize(1);
        assertThat(job(report, "alarm").outlook()).isEqualTo(Outlook.OPEN);
    }

    @Test
    void falseConditionsSkipAndSoDoDependents() {
        PlanReport report = report(PUSH, CI);

        assertThat(job(report, "never").outlook()).isEqualTo(Outlook.SKIPPED);
        assertThat(job(report, "after").reason()).isEqualTo("'never' was skipped");
    }

    @Test
    void calledWorkflowsAreListedBehindTheirCaller() {
        PlanReport report = report(PUSH, CI);

        assertThat(job(report, "ship").legs())
                .extracting(PlanReport.LegPlan::name)
                .containsExactly("ship (dev)", "ship (prod)");
        assertThat(job(report, "ship.1.go").legs().getFirst().name())
                .isEqualTo("ship (prod) / Go prod");
    }

    @Test
    void jobThatCannotStartSaysWhy() {
        assertThat(job(report(PUSH, CI), "bad").outlook()).isEqualTo(Outlook.FAILS);
        assertThat(job(report(PUSH, CI), "bad").reason()).contains("'runs-on' is empty");
    }

    @Test
    void eachWorkflowSaysWhyItRunsOrNot() {
        PlanReport report =
                report(
                        PUSH,
                        CI,
                        CI.replace("[main]", "[dev]"),
                        "on: push",
                        CI.replace("build: {", "build: {snapshot: a, "));

        assertThat(report.workflows())
                .extracting(PlanReport.WorkflowPlan::status)
                .containsExactly(Status.RUNS, Status.IGNORED, Status.INVALID, Status.REFUSED);
        assertThat(report.workflows())
                .extracting(PlanReport.WorkflowPlan::reason)
                .containsExactly(
                        "push to branch main",
                        "branch 'main' does not match 'branches' [dev]",
                        "it has an error",
                        "it needs what Slipway cannot run yet");
        assertThat(report.anyRuns()).isTrue();
        assertThat(report.anyBad()).isTrue();
    }

    @Test
    void dispatchInputsReachTheJobs() {
        String yaml =
                """
                on: {workflow_dispatch: {inputs: {n: {type: number, default: 3}}}}
                jobs:
                  a:
                    if: inputs.n > 2 && github.event.inputs.n == '4'
                    runs-on: x
                    steps: [{run: a}]
                """;
        EventFacts facts = EventFacts.of("workflow_dispatch", "refs/heads/main");

        assertThat(job(report(facts, yaml), "a").outlook()).isEqualTo(Outlook.SKIPPED);
        assertThat(job(report(facts.withInputs(Map.of("n", "4")), yaml), "a").outlook())
                .isEqualTo(Outlook.RUNS);
        assertThat(report(facts.withInputs(Map.of("m", "4")), yaml).workflows().getFirst().status())
                .isEqualTo(Status.REFUSED);
    }

    @Test
    void textShowsTheTreeOfJobs() throws IOException {
        assertThat(
                        PlanText.render(
                                report(
                                        PUSH,
                                        CI,
                                        "on: fork\njobs: {a: {runs-on: x, steps:"
                                                + " [{run: a}]}}")))
                .isEqualTo(resource("plan.txt"));
    }

    @Test
    void jsonHoldsTheSame() {
        Value json = Json.parse(PlanJson.render(report(PUSH, CI)));
        Value workflow = json.get("workflows").get(0);

        assertThat(json.get("event")).isEqualTo(Value.of("push"));
        assertThat(workflow.get("runs")).isEqualTo(Value.of(true));
        Value test = workflow.get("jobs").get(1);
        assertThat(test.get("id")).isEqualTo(Value.of("test"));
        assertThat(Json.compact(test.get("needs"))).isEqualTo("[\"build\"]");
        assertThat(Json.compact(test.get("legs").get(2)))
                .isEqualTo(
                        "{\"key\":\"test.2\",\"name\":\"test (mac,"
                                + " 25)\",\"matrix\":{\"os\":\"mac\",\"jdk\":25},"
                                + "\"runs-on\":[\"mac\"]}");
    }
}

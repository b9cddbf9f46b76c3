package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Scope;
import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class WorkflowParserTest {

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = WorkflowParserTest.class.getResourceAsStream("/workflows/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static Workflow parse(String yaml) {
        ParsedWorkflow parsed =
                WorkflowParser.parse("ci.yml", yaml.getBytes(StandardCharsets.UTF_8));
        assertThat(parsed.problems()).isEmpty();
        return parsed.workflow().orElseThrow();
    }

    private static StepsJob job(String body) {
        Workflow workflow = parse("on: push\njobs:\n  a:\n" + body.indent(4));
        return (StepsJob) workflow.jobs().getFirst();
    }

    private static List<Step> steps(String body) {
        return job("runs-on: x\nsteps:\n" + body.indent(2)).steps();
    }

    @Test
    void productionPipelineParsesUnmodified() throws IOException {
        ParsedWorkflow parsed = WorkflowParser.parse("production.yml", resource("production.yml"));

        assertThat(parsed.problems()).isEmpty();
        Workflow workflow = parsed.workflow().orElseThrow();
        assertThat(workflow.displayName()).isEqualTo("Production Pipeline");
        assertThat(workflow.trigger("push"))
                .get()
                .extracting("filters")
                .extracting("lists")
                .hasToString("{BRANCHES=[Located[value=main, position=5:16]]}");
        StepsJob job = (StepsJob) workflow.jobs().getFirst();
        assertThat(job.id()).isEqualTo("build-test-deploy");
        assertThat(job.runsOn().literal()).isEqualTo(Value.of("ubuntu-latest"));
        assertThat(job.steps())
                .extracting(Step::id)
                .containsExactly(
                        "__actions_checkout",
                        "__run",
                        "__run_2",
                        "__run_3",
                        "__run_4",
                        "__run_5",
                        "__slackapi_slack-github-action");
        Step.Uses notify = (Step.Uses) job.steps().getLast();
        assertThat(notify.header().condition().source()).isEqualTo("always()");
        assertThat(notify.with().isLiteral()).isFalse();
    }

    @Test
    void everyKeyOfTheDigestIsAccepted() throws IOException {
        ParsedWorkflow parsed = WorkflowParser.parse("all.yml", resource("every-key.yml"));

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.workflow()).isPresent();
    }

    @Test
    void onIsAStringKeyInAllForms() {
        String jobs = "\njobs: {a: {runs-on: x, steps: [{run: a}]}}";

        assertThat(parse("on: push" + jobs).trigger("push")).isPresent();
        assertThat(parse("on: [push, fork]" + jobs).triggers())
                .extracting(Trigger::event)
                .containsExactly("push", "fork");
        assertThat(parse("on: {push: , workflow_dispatch: }" + jobs).dispatch()).isPresent();
    }

    @Test
    void numbersAndBooleansBecomeTextWhereTextIsExpected() {
        StepsJob job =
                job(
                        """
                        name: 1.10
                        runs-on: x
                        env: {A: 012, B: true, C: , D: 1e3}
                        steps: [{run: a}]
                        """);

        assertThat(job.name().orElseThrow().literal()).isEqualTo(Value.of("1.1"));
        assertThat(Coercion.textMap(job.env().literal(), "env"))
                .isEqualTo(Map.of("A", "12", "B", "true", "C", "", "D", "1000"));
    }

    @Test
    void matrixKeepsTheTypesOfItsValues() {
        StepsJob job =
                job(
                        """
                        runs-on: x
                        strategy: {matrix: {v: [1, true, '1', ~, [2], {k: 1.50}]}}
                        steps: [{run: a}]
                        """);

        assertThat(job.strategy().orElseThrow().value().literal().get("matrix").get("v"))
                .isEqualTo(
                        Value.array(
                                Value.of(1),
                                Value.of(true),
                                Value.of("1"),
                                Value.NULL,
                                Value.array(Value.of(2)),
                                Value.object(Map.of("k", Value.of(1.5)))));
    }

    @Test
    void insertMergesAMapping() {
        StepsJob job =
                job(
                        """
                        runs-on: x
                        env:
                          A: a
                          ${{ insert }}: ${{ fromJSON('{"B":"b"}') }}
                        steps: [{run: a}]
                        """);

        Value env = job.env().evaluate(Scope.of(Map.of()));
        assertThat(Coercion.textMap(env, "env")).isEqualTo(Map.of("A", "a", "B", "b"));
    }

    @Test
    void madeIdsFollowGitHubsRunner() {
        List<Step> steps =
                steps(
                        """
                        - run: a
                        - run: b
                        - uses: actions/checkout@v4
                        - uses: actions/checkout@v4
                        - uses: ./here
                        - uses: $/there
                        - uses: docker://alpine:3.8
                        - id: mine
                          run: c
                        """);

        assertThat(steps)
                .extracting(Step::id)
                .containsExactly(
                        "__run",
                        "__run_2",
                        "__actions_checkout",
                        "__actions_checkout_2",
                        "__self",
                        "__selfRepository",
                        "__alpine_3_8",
                        "mine");
        assertThat(steps)
                .extracting(step -> step.header().idWritten())
                .containsExactly(false, false, false, false, false, false, false, true);
    }

    @Test
    void usesFormsAreToldApart() {
        List<Step> steps =
                steps(
                        """
                        - uses: Azure/setup-kubectl/sub/dir@v1.2
                        - uses: ./a/b/
                        - uses: $/c
                        - uses: docker://ghcr.io/x/y:1
                        """);

        assertThat(steps)
                .extracting(step -> ((Step.Uses) step).uses().value())
                .containsExactly(
                        new ActionRef.Repository(
                                "Azure/setup-kubectl/sub/dir@v1.2",
                                "Azure",
                                "setup-kubectl",
                                "sub/dir",
                                "v1.2"),
                        new ActionRef.Local("./a/b/", "a/b"),
                        new ActionRef.Self("$/c", "c"),
                        new ActionRef.Docker("docker://ghcr.io/x/y:1", "ghcr.io/x/y:1"));
    }

    @Test
    void backgroundStepsOf2026AreRead() {
        List<Step> steps =
                steps(
                        """
                        - {id: db, run: serve, background: true}
                        - parallel:
                            - run: a
                            - uses: ./x
                        - wait: db
                        - wait: [db]
                        - wait-all:
                        - cancel: db
                        """);

        assertThat(steps.get(0).header().background()).isTrue();
        assertThat(steps.get(1))
                .isInstanceOfSatisfying(
                        Step.Parallel.class, parallel -> assertThat(parallel.steps()).hasSize(2));
        assertThat(steps.get(2))
                .isInstanceOfSatisfying(
                        Step.Wait.class,
                        wait ->
                                assertThat(wait.ids())
                                        .extracting(Located::value)
                                        .containsExactly("db"));
        assertThat(steps.get(4)).isInstanceOf(Step.WaitAll.class);
        assertThat(steps.get(5)).isInstanceOf(Step.Cancel.class);
    }

    @Test
    void callJobKeepsWhatItPasses() {
        Workflow workflow =
                parse(
                        """
                        on: push
                        jobs:
                          a:
                            uses: ./.github/workflows/b.yml
                            with: {n: 1, t: "${{ github.sha }}"}
                            secrets: inherit
                          b:
                            uses: o/r/.github/workflows/b.yaml@v1
                            secrets: {t: "${{ secrets.T }}"}
                          c:
                            uses: $/.github/workflows/b.yml
                        """);

        CallJob a = (CallJob) workflow.jobs().get(0);
        assertThat(a.uses().value())
                .isEqualTo(
                        new WorkflowRef.Local(
                                "./.github/workflows/b.yml", ".github/workflows/b.yml", false));
        assertThat(a.inheritSecrets()).isTrue();
        CallJob b = (CallJob) workflow.jobs().get(1);
        assertThat(b.uses().value())
                .isEqualTo(
                        new WorkflowRef.Remote(
                                "o/r/.github/workflows/b.yaml@v1",
                                "o",
                                "r",
                                ".github/workflows/b.yaml",
                                "v1"));
        assertThat(b.secrets()).isPresent();
        CallJob c = (CallJob) workflow.jobs().get(2);
        assertThat(c.uses().value())
                .isInstanceOfSatisfying(
                        WorkflowRef.Local.class, local -> assertThat(local.self()).isTrue());
    }

    @Test
    void permissionsOfAMapDenyTheRest() {
        Workflow workflow =
                parse(
                        """
                        on: push
                        permissions: {contents: read, id-token: write}
                        jobs: {a: {runs-on: x, permissions: read-all, steps: [{run: a}]}}
                        """);

        assertThat(workflow.permissions().access("contents")).isEqualTo(Permissions.Access.READ);
        assertThat(workflow.permissions().access("id-token")).isEqualTo(Permissions.Access.WRITE);
        assertThat(workflow.permissions().access("issues")).isEqualTo(Permissions.Access.NONE);
        assertThat(workflow.jobs().getFirst().permissions().access("issues"))
                .isEqualTo(Permissions.Access.READ);
    }

    @Test
    void positionsPointAtWhatIsWritten() {
        Workflow workflow =
                parse(
                        """
                        on: push
                        jobs:
                          build:
                            runs-on: x
                            if: github.ref == 'x'
                            steps:
                              - run: a
                        """);

        assertThat(workflow.jobs().getFirst().position()).hasToString("3:3");
        assertThat(workflow.jobs().getFirst().condition().position()).hasToString("5:9");
        StepsJob job = (StepsJob) workflow.jobs().getFirst();
        assertThat(job.steps().getFirst().position()).hasToString("7:9");
    }

    @Test
    void anchorsWorkAcrossJobs() {
        Workflow workflow =
                parse(
                        """
                        on: push
                        jobs:
                          a:
                            runs-on: x
                            steps: &steps
                              - run: one
                              - run: two
                          b: {runs-on: y, steps: *steps}
                        """);

        assertThat(((StepsJob) workflow.jobs().get(1)).steps()).hasSize(2);
    }

    @Test
    void jobsAreFoundIgnoringCase() {
        Workflow workflow =
                parse(
                        """
                        on: push
                        jobs:
                          Build: {runs-on: x, steps: [{run: a}]}
                          test: {needs: BUILD, runs-on: x, steps: [{run: a}]}
                        """);

        assertThat(workflow.job("build")).isPresent();
    }
}

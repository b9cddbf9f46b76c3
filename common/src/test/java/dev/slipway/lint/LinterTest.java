package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.planning.WorkflowSource;
import dev.slipway.workflow.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class LinterTest {

    private static final String CALLEE =
            """
            on:
              workflow_call:
                inputs: {t: {type: string, required: true}}
                outputs: {u: {value: "${{ jobs.a.outputs.u }}"}}
            jobs: {a: {runs-on: x, outputs: {u: v}, steps: [{run: a}]}}
            """;
    private static final String ACTION =
            """
            inputs: {who: {required: true}, how: {default: loud}}
            outputs: {said: {description: d}}
            runs: {using: node20, main: a.js}
            """;
    private static final Map<String, String> FILES =
            Map.of(
                    ".github/workflows/callee.yml",
                    CALLEE,
                    ".github/workflows/loop.yml",
                    "on: workflow_call\njobs: {a: {uses: ./.github/workflows/ci.yml}}",
                    "tools/say/action.yml",
                    ACTION);
    private static final WorkflowSource PROJECT =
            path ->
                    Optional.ofNullable(FILES.get(path))
                            .map(text -> text.getBytes(StandardCharsets.UTF_8));

    private static List<String> lint(String yaml) {
        return new Linter(PROJECT)
                        .workflow(
                                "f",
                                Optional.of(".github/workflows/ci.yml"),
                                yaml.getBytes(StandardCharsets.UTF_8))
                        .stream()
                        .map(Problem::toString)
                        .toList();
    }

    private static List<String> lintSteps(String steps) {
        return lint("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n" + steps.indent(6));
    }

    private static List<String> lintScript(String script) {
        return lintSteps("- run: |\n" + script.indent(4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "github.event.issue.title#true",
                "github.event.pull_request.head.ref#true",
                "github.event['issue']['body']#true",
                "GitHub.Event.Comment.Body#true",
                "github.head_ref#true",
                "github.event.commits[0].message#true",
                "github.event.commits.*.author.name#true",
                "join(github.event.commits.*.message)#true",
                "format('{0}', github.head_ref)#true",
                "github.head_ref || 'x'#true",
                "fromJSON(toJSON(github.event.issue)).title#true",
                "toJSON(github.event)#true",
                "toJSON(github)#true",
                "github.event.issue.number#false",
                "github.event.pull_request.head.sha#false",
                "github.head_ref == 'x'#false",
                "contains(github.event.issue.title, 'x')#false",
                "startsWith(github.head_ref, 'x') && 'a' || 'b'#false",
                "github.head_ref && 'a'#false",
                "github.event.issue#false",
                "github.sha#false",
            })
    void untrustedTextInAScriptIsWarnedAbout(String expression, boolean warns) {
        assertThat(
                        lintScript("echo ${{ " + expression + " }}").stream()
                                .anyMatch(text -> text.contains("script injection")))
                .isEqualTo(warns);
    }

    @Test
    void injectionIsPlacedOnItsLine() {
        assertThat(lintScript("echo one\necho \"${{ github.event.issue.title }}\""))
                .singleElement()
                .asString()
                .startsWith("f:8:21: warning: 'github.event.issue.title' is text that anybody");
    }

    @Test
    void untrustedTextInGithubScriptIsWarnedAbout() {
        assertThat(
                        lintSteps(
                                """
                                - uses: actions/github-script@v7
                                  with:
                                    script: log('${{ github.head_ref }}')
                                    other: ${{ github.head_ref }}
                                """))
                .hasSize(1);
    }

    @Test
    void untrustedTextThroughEnvIsFineUnlessPastedBack() {
        String step =
                """
                - env: {T: "${{ github.event.issue.title }}"}
                  run: echo %s
                """;

        assertThat(lintSteps(step.formatted("\"$T\""))).isEmpty();
        assertThat(lintSteps(step.formatted("${{ env.T }}")))
                .singleElement()
                .asString()
                .contains("use the variable \"$T\" of the shell");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps.b.outputs.x|no step has the id 'b'",
                "steps.later.outputs.x|the step 'later' has not run yet",
                "steps.co.outputs.shaa|the step 'co' has no output 'shaa'",
                "steps.co.outcom|a step has no property 'outcom'; did you mean 'outcome'?",
                "github.reff|has no property 'reff'; did you mean 'ref'?",
                "runner.oss|did you mean 'os'?",
                "job.statu|did you mean 'status'?",
                "strategy.job-indx|did you mean 'job-index'?",
                "matrix.os|job 'a' has no matrix",
                "needs.x.result|job 'a' does not need 'x'",
                "needs.z.result|job 'a' does not need 'z'; add it to 'needs'",
                "inputs.x|the workflow has no input 'x'",
            })
    void propertiesThatAreAlwaysEmptyAreWarnedAbout(String expression, String expected) {
        assertThat(
                        lint(
                                """
                                on: push
                                jobs:
                                  z: {runs-on: x, steps: [{run: a}]}
                                  a:
                                    runs-on: x
                                    steps:
                                      - {id: co, uses: actions/checkout@v4}
                                      - run: echo ${{ %s }}
                                      - {id: later, run: a}
                                """
                                        .formatted(expression)))
                .singleElement()
                .asString()
                .startsWith("f:8:")
                .contains("warning")
                .contains(expected);
    }

    @Test
    void propertiesThatExistAreFine() {
        assertThat(
                        lint(
                                """
                                on: {push: , workflow_dispatch: {inputs: {Who: }}}
                                jobs:
                                  z:
                                    runs-on: x
                                    outputs: {o: "${{ steps.s.outputs.anything }}"}
                                    steps: [{id: s, run: a}]
                                  c: {uses: ./.github/workflows/callee.yml, with: {t: a}}
                                  a:
                                    needs: [Z, c]
                                    strategy: {matrix: {os: [x], include: [{extra: 1}]}}
                                    runs-on: ${{ matrix.os }}
                                    environment: {name: e, url: "${{ steps.co.outputs.commit }}"}
                                    steps:
                                      - {id: co, uses: actions/checkout@v4}
                                      - run: >-
                                          ${{ needs.z.outputs.o }} ${{ needs.c.outputs.u }}
                                          ${{ matrix.extra }}
                                          ${{ steps.CO.outputs.ref }} ${{ inputs.who }} ${{ env.X }}
                                          ${{ steps[env.ID].outputs.x }} ${{ github.event.x.y }}
                                        if: steps.co.conclusion == 'success'
                                """))
                .isEmpty();
    }

    @Test
    void outputsOfNeededJobsAreChecked() {
        assertThat(
                        lint(
                                """
                                on: push
                                jobs:
                                  z: {runs-on: x, outputs: {out: v}, steps: [{run: a}]}
                                  c: {uses: ./.github/workflows/callee.yml, with: {t: a}}
                                  a:
                                    needs: [z, c]
                                    runs-on: x
                                    steps:
                                      - run: |
                                          ${{ needs.z.outputs.oot }}
                                          ${{ needs.c.outputs.v }}
                                """))
                .satisfiesExactly(
                        text ->
                                assertThat(text)
                                        .contains(
                                                "job 'z' has no output 'oot'; did you mean 'out'"),
                        text -> assertThat(text).contains("job 'c' has no output 'v'"));
    }

    @Test
    void matrixKeysAreChecked() {
        assertThat(
                        lint(
                                """
                                on: push
                                jobs:
                                  a:
                                    strategy: {matrix: {os: [x], exclude: [{os: y}]}}
                                    runs-on: ${{ matrix.oss }}
                                    steps: [{run: a}]
                                """))
                .satisfiesExactly(
                        text ->
                                assertThat(text)
                                        .contains("4:44")
                                        .contains("matches no combination"),
                        text -> assertThat(text).contains("the matrix has no key 'oss'"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{uses: actions/checkout@v4, with: {fetch-dept: 0}}|did you mean 'fetch-depth'?",
                "{uses: Actions/Upload-Artifact@v4, with: {name: a}}|needs the input 'path'",
                "{uses: ./tools/say, with: {who: a, hwo: b}}|has no input 'hwo'; did you mean"
                        + " 'who'?",
                "{uses: $/tools/say}|needs the input 'who'",
                "{run: 'echo ::set-output name=a::b'}|is retired; append to the file"
                        + " \"$GITHUB_OUTPUT\"",
                "{run: a, if: \"${{ github.ref }} == 'x'\"}|this condition is always true",
                "{run: a, if: \"!${{ failure() }}\"}|this condition is always true",
            })
    void stepsThatDoNotDoWhatTheySayAreWarnedAbout(String step, String expected) {
        assertThat(lintSteps("- " + step)).singleElement().asString().contains(expected);
    }

    @Test
    void filtersThatNeverMatchAreWarnedAbout() {
        assertThat(
                        lint(
                                """
                                on: {push: {branches: [refs/heads/main], paths: [/src/**, ./a]}}
                                jobs: {a: {runs-on: x, steps: [{run: a}]}}
                                """))
                .hasSize(3)
                .allMatch(text -> text.contains("never matches"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "callee.yml|input 't' is required by '.github/workflows/callee.yml'",
                "none.yml|the workflow '.github/workflows/none.yml' does not exist in this project",
                "loop.yml|workflows call each other in a circle",
                "ci.yml|workflows call each other in a circle",
            })
    void callsAreCheckedAgainstTheFilesBeside(String file, String expected) {
        assertThat(lint("on: workflow_call\njobs: {a: {uses: ./.github/workflows/" + file + "}}"))
                .singleElement()
                .asString()
                .contains("error")
                .contains(expected);
    }

    @Test
    void warningsAreFoundInFilesWithErrors() {
        assertThat(
                        lint(
                                """
                                on: push
                                nam: x
                                jobs:
                                  a: {runs-on: x, steps: [{run: "${{ github.head_ref }}"}]}
                                """))
                .satisfiesExactly(
                        text -> assertThat(text).contains("unknown key 'nam'"),
                        text -> assertThat(text).contains("script injection"));
    }

    @Test
    void compositeActionsAreChecked() {
        List<Problem> problems =
                new Linter(PROJECT)
                        .action(
                                "action.yml",
                                """
                                runs:
                                  using: composite
                                  steps:
                                    - run: ${{ github.head_ref }} ${{ steps.x.outcome }}
                                      shell: sh
                                """
                                        .getBytes(StandardCharsets.UTF_8));

        assertThat(problems)
                .extracting(Problem::message)
                .satisfiesExactly(
                        text -> assertThat(text).contains("script injection"),
                        text -> assertThat(text).contains("no step has the id 'x'"));
    }

    @Test
    void jsonIsOneObjectALine() {
        List<Problem> problems =
                new Linter(PROJECT)
                        .workflow(
                                "a\"b.yml",
                                Optional.empty(),
                                "on: push".getBytes(StandardCharsets.UTF_8));

        assertThat(LintFormat.JSON.render(problems))
                .isEqualTo(
                        "{\"path\":\"a\\\"b.yml\","
                                + "\"line\":1,\"column\":1,\"severity\":\"error\","
                                + "\"message\":\"the workflow needs the key 'jobs'\"}\n");
        assertThat(LintFormat.TEXT.render(problems))
                .isEqualTo("a\"b.yml:1:1: error: the workflow needs the key 'jobs'\n");
    }

    @Test
    void jobsInTheGroupOfTheirWorkflowAreDeadlocks() {
        String jobs = "jobs: {a: {runs-on: x, concurrency: {group: g}, steps: [{run: a}]}}\n";

        assertThat(lint("on: push\nconcurrency: g\n" + jobs))
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("f:2:14: error: ").contains("deadlock"),
                        text -> assertThat(text).startsWith("f:3:45: error: ").contains("'a'"));
        assertThat(lint("on: push\nconcurrency: h\n" + jobs)).isEmpty();
        assertThat(lint("on: push\nconcurrency: '${{ github.ref }}'\n" + jobs)).isEmpty();
    }

    @Test
    void excludesAreCheckedAgainstTheListsThatAreKnown() {
        assertThat(
                        lint(
                                """
                                on: push
                                jobs:
                                  a:
                                    runs-on: x
                                    strategy:
                                      matrix:
                                        os: ${{ fromJSON(vars.OS) }}
                                        v: [1, 2]
                                        exclude:
                                          - {os: linux, v: 3}
                                          - {os: linux, v: 2}
                                          - {vv: 1}
                                    steps: [{run: a}]
                                """))
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("f:10:13: warning: this 'exclude'"),
                        text ->
                                assertThat(text)
                                        .startsWith("f:12:14: error: ")
                                        .endsWith("did you mean 'v'?"));
    }

    @Test
    void functionsThatExistElsewhereAreNotMistakenForSlips() {
        assertThat(
                        lint(
                                "on: push\n"
                                    + "jobs: {a: {runs-on: x, if: \"hashFiles('a')\", steps: [{run:"
                                    + " a}]}}"))
                .singleElement()
                .asString()
                .endsWith("; this function is not available here");
    }

    @Test
    void bothKindsOfJobInOneAreReportedAtTheSecond() {
        assertThat(lint("on: push\njobs:\n  a:\n    runs-on: x\n    uses: ./x.yml\n    steps: []"))
                .anySatisfy(text -> assertThat(text).startsWith("f:5:5: error: "));
        assertThat(lint("on: push\njobs:\n  a:\n    uses: ./x.yml\n    steps: [{run: a}]"))
                .anySatisfy(text -> assertThat(text).startsWith("f:5:5: error: "));
    }

    @Test
    void waitingForAStepThatIsOverIsOnlyAWarning() {
        assertThat(lintSteps("- {id: s, run: a}\n- wait: s\n- wait: t"))
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("f:7:15: warning: "),
                        text -> assertThat(text).startsWith("f:8:15: error: "));
    }
}

package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Every mistake has a message with its place, and what to write instead where that is known.
class WorkflowProblemsTest {

    private static final String JOB = "jobs: {a: {runs-on: x, steps: [{run: a}]}}\n";

    private static List<String> problems(String yaml) {
        return WorkflowParser.parse("f", yaml.getBytes(StandardCharsets.UTF_8)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    static Stream<Arguments> topLevel() {
        return Stream.of(
                Arguments.of("", "f:1:1: error: the file is empty"),
                Arguments.of("# only a comment\n", "f:1:1: error: the file is empty"),
                Arguments.of("hello", "f:1:1: error: a workflow is a mapping"),
                Arguments.of(
                        "- a",
                        "f:1:1: error: a workflow is a mapping with the keys 'on' and"
                                + " 'jobs', not a list"),
                Arguments.of(JOB, "f:1:1: error: the workflow needs the key 'on'"),
                Arguments.of("on: push", "f:1:1: error: the workflow needs the key 'jobs'"),
                Arguments.of("on: push\njobs: {}", "f:2:7: error: 'jobs' is empty"),
                Arguments.of("on: []\n" + JOB, "f:1:5: error: 'on' names no event"),
                Arguments.of(
                        "on: pusj\n" + JOB,
                        "f:1:5: error: unknown event 'pusj' in 'on'; did you mean 'push'?"),
                Arguments.of(
                        "on: push\njob: {}\n" + JOB,
                        "f:2:1: error: unknown key 'job' in the workflow; did you mean 'jobs'?"),
                Arguments.of("on: push\nName: x\n" + JOB, "did you mean 'name'?"),
                Arguments.of(
                        "on: push\nname: ${{ github.ref }}\n" + JOB,
                        "f:2:7: error: expressions are not allowed in the workflow's 'name'"),
                Arguments.of("on: schedule\n" + JOB, "'schedule' needs a list of cron lines"),
                Arguments.of(
                        "on: {push: {tag: [a]}}\n" + JOB,
                        "unknown key 'tag' in 'on.push'; did you mean 'tags'?"),
                Arguments.of("on: {issues: {branches: [a]}}\n" + JOB, "unknown key 'branches'"),
                Arguments.of(
                        "on: {issues: {types: [opend]}}\n" + JOB,
                        "unknown activity type 'opend' of 'issues'; did you mean 'opened'?"),
                Arguments.of(
                        "on: {push: {paths: [a], paths-ignore: [b]}}\n" + JOB,
                        "'paths' and 'paths-ignore' cannot both be used in 'on.push'"),
                Arguments.of("on: {push: {branches: ['[a']}}\n" + JOB, "bad pattern '[a'"),
                Arguments.of(
                        "on: {push: {branches: ['!a']}}\n" + JOB,
                        "warning: 'branches' of 'on.push' only excludes"),
                Arguments.of(
                        "on: {workflow_run: {types: [completed]}}\n" + JOB,
                        "'on.workflow_run' needs the key 'workflows'"),
                Arguments.of(
                        "on: {schedule: [{cron: '* *'}]}\n" + JOB,
                        "f:1:24: error: bad cron line '* *': it has 2 fields"),
                Arguments.of(
                        "on: {schedule: [{cron: '1 1 * * *', timezone: Mars}]}\n" + JOB,
                        "unknown time zone 'Mars'"),
                Arguments.of(
                        "on: {schedule: [{timezone: UTC}]}\n" + JOB,
                        "an entry of 'on.schedule' needs the key 'cron'"),
                Arguments.of(
                        "on: {workflow_dispatch: {inputs: {a: {type: choise}}}}\n" + JOB,
                        "unknown type 'choise' of input 'a'; did you mean 'choice'?"),
                Arguments.of(
                        "on: {workflow_dispatch: {inputs: {a: {type: choice}}}}\n" + JOB,
                        "input 'a' is a choice and needs a list of 'options'"),
                Arguments.of(
                        "on: {workflow_dispatch: {inputs: {a: {type: choice, options: [x],"
                                + " default: y}}}}\n"
                                + JOB,
                        "which is not one of its options"),
                Arguments.of(
                        "on: {workflow_call: {inputs: {a: {default: 1}}}}\n" + JOB,
                        "input 'a' of 'workflow_call' needs the key 'type'"),
                Arguments.of(
                        "on: {workflow_call: {inputs: {a: {type: number, default: x}}}}\n" + JOB,
                        "'default' of input 'a' must be a number, not 'x'"),
                Arguments.of(
                        "on: {workflow_call: {outputs: {a: {value: '${{ needs.x }}'}}}}\n" + JOB,
                        "Unrecognized named-value: 'needs'"),
                Arguments.of(
                        "on: push\npermissions: read\n" + JOB,
                        "'permissions' must be 'read-all', 'write-all' or a mapping"),
                Arguments.of(
                        "on: push\npermissions: {content: read}\n" + JOB,
                        "unknown permission 'content'; did you mean 'contents'?"),
                Arguments.of(
                        "on: push\npermissions: {id-token: read}\n" + JOB,
                        "the permission 'id-token' must be one of none, write, not 'read'"),
                Arguments.of(
                        "on: push\nconcurrency: {cancel-in-progress: true}\n" + JOB,
                        "'concurrency' of the workflow needs the key 'group'"),
                Arguments.of(
                        "on: push\nconcurrency: {group: a, queue: many}\n" + JOB,
                        "must be 'single' or 'max', not 'many'"),
                Arguments.of("on: push\nconcurrency: ''\n" + JOB, "must not be empty"),
                Arguments.of(
                        "on: push\ncache-mode: off\n" + JOB,
                        "'cache-mode' must be one of read, write, write-only, none, not 'off'"),
                Arguments.of(
                        "on: push\nenv: [a]\n" + JOB,
                        "the workflow's 'env' must be a mapping of names to values, not a list"),
                Arguments.of("on: push\nenv: {A: [1]}\n" + JOB, "must be text, not a list"),
                Arguments.of(
                        "on: push\nenv: {A: '${{ env.B }}'}\n" + JOB,
                        "Unrecognized named-value: 'env'"),
                Arguments.of("on: push\nenv: {A: '${{ github.ref'}\n" + JOB, "not closed"),
                Arguments.of(
                        "on: push\ndefaults: {run: {shel: sh}}\n" + JOB, "did you mean 'shell'?"));
    }

    @ParameterizedTest
    @MethodSource("topLevel")
    void topLevelMistakesAreExplained(String yaml, String expected) {
        assertThat(problems(yaml)).anySatisfy(text -> assertThat(text).contains(expected));
    }

    static Stream<Arguments> jobs() {
        return Stream.of(
                Arguments.of("{}", "job 'a' needs the key 'runs-on'"),
                Arguments.of("x", "job 'a' must be a mapping, not 'x'"),
                Arguments.of("{runs-on: x}", "job 'a' has no steps"),
                Arguments.of("{runs-on: x, steps: []}", "job 'a' has no steps"),
                Arguments.of("{runs-on: x, steps: {}}", "'steps' of job 'a' must be a list"),
                Arguments.of("{runs-on: [], steps: [{run: a}]}", "names no label"),
                Arguments.of("{runs-on: '', steps: [{run: a}]}", "must not be empty"),
                Arguments.of("{runs-on: {labels: []}, steps: [{run: a}]}", "names no label"),
                Arguments.of("{runs-on: {group: a/b}, steps: [{run: a}]}", "bad runner group"),
                Arguments.of("{runs-on: {}, steps: [{run: a}]}", "needs 'group' or 'labels'"),
                Arguments.of("{runs_on: x, steps: [{run: a}]}", "did you mean 'runs-on'?"),
                Arguments.of(
                        "{runs-on: x, uses: ./a, steps: [{run: a}]}",
                        "has both 'uses' and 'steps'"),
                Arguments.of(
                        "{uses: ./.github/workflows/a.yml, runs-on: x}",
                        "unknown key 'runs-on' in job 'a', which calls a workflow"),
                Arguments.of("{uses: ./a.yml}", "reusable workflows are files directly in"),
                Arguments.of("{uses: ./.github/workflows/a.yml@v1}", "has no version"),
                Arguments.of("{uses: o/r@v1}", "is not a reusable workflow"),
                Arguments.of(
                        "{uses: ./.github/workflows/a.yml, secrets: all}",
                        "must be 'inherit' or a mapping, not 'all'"),
                Arguments.of(
                        "{uses: ./.github/workflows/a.yml, with: {a: {b: c}}}",
                        "must be text, a number or a boolean, not a mapping"),
                Arguments.of(
                        "{needs: b, runs-on: x, steps: [{run: a}]}",
                        "job 'a' needs 'b', but there is no such job"),
                Arguments.of("{needs: a, runs-on: x, steps: [{run: a}]}", "job 'a' needs itself"),
                Arguments.of(
                        "{timeout-minutes: soon, runs-on: x, steps: [{run: a}]}",
                        "'timeout-minutes' of job 'a' must be a number, not 'soon'"),
                Arguments.of(
                        "{timeout-minutes: '10', runs-on: x, steps: [{run: a}]}",
                        "must be a number, not '10'"),
                Arguments.of(
                        "{continue-on-error: 1, runs-on: x, steps: [{run: a}]}",
                        "must be true or false, not the number 1"),
                Arguments.of(
                        "{if: 'secrets.A', runs-on: x, steps: [{run: a}]}",
                        "Unrecognized named-value: 'secrets'"),
                Arguments.of(
                        "{if: 'hashFiles(''a'')', runs-on: x, steps: [{run: a}]}",
                        "Unrecognized function: 'hashFiles'"),
                Arguments.of(
                        "{if: 'sucess()', runs-on: x, steps: [{run: a}]}",
                        "did you mean 'success'?"),
                Arguments.of("{if: [a], runs-on: x, steps: [{run: a}]}", "must be a condition"),
                Arguments.of(
                        "{strategy: {matrix: {a: []}}, runs-on: x, steps: [{run: a}]}",
                        "'a' in 'matrix' of job 'a' has no values"),
                Arguments.of(
                        "{strategy: {matrix: {a: b}}, runs-on: x, steps: [{run: a}]}",
                        "must be a list, not 'b'"),
                Arguments.of(
                        "{strategy: {matrix: [a]}, runs-on: x, steps: [{run: a}]}",
                        "must be a mapping of names to lists"),
                Arguments.of(
                        "{strategy: {matrix: {include: [a]}}, runs-on: x, steps: [{run: a}]}",
                        "must be a mapping, not 'a'"),
                Arguments.of(
                        "{strategy: {max-parallel: 0}, runs-on: x, steps: [{run: a}]}",
                        "must be a whole number from 1, not the number 0"),
                Arguments.of(
                        "{strategy: {matrix: {a: ['${{ matrix.b }}']}}, runs-on: x,"
                                + " steps: [{run: a}]}",
                        "Unrecognized named-value: 'matrix'"),
                Arguments.of(
                        "{environment: {url: x}, runs-on: x, steps: [{run: a}]}",
                        "needs the key 'name'"),
                Arguments.of(
                        "{container: {env: {A: b}}, runs-on: x, steps: [{run: a}]}",
                        "'container' of job 'a' needs the key 'image'"),
                Arguments.of(
                        "{services: {a: {imag: b}}, runs-on: x, steps: [{run: a}]}",
                        "did you mean 'image'?"),
                Arguments.of(
                        "{services: [a], runs-on: x, steps: [{run: a}]}",
                        "must be a mapping of service ids to containers"));
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void jobMistakesAreExplained(String job, String expected) {
        assertThat(problems("on: push\njobs:\n  a: " + job + "\n"))
                .anySatisfy(text -> assertThat(text).contains(expected));
    }

    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of("a", "step 1 of job 'a' must be a mapping"),
                Arguments.of("{name: x}", "step 1 of job 'a' needs one of the keys run, uses"),
                Arguments.of("{rum: x}", "did you mean 'run' instead of 'rum'?"),
                Arguments.of("{run: a, uses: b@c}", "has both 'run' and 'uses'"),
                Arguments.of("{run: ''}", "'run' of step 1 of job 'a' must not be empty"),
                Arguments.of("{run: a, with: {b: c}}", "unknown key 'with'"),
                Arguments.of("{uses: a/b@c, shell: sh}", "unknown key 'shell'"),
                Arguments.of("{run: a, shell: zsh}", "bad shell 'zsh'"),
                Arguments.of("{run: a, shell: '${{ env.S }}'}", "expressions are not allowed in"),
                Arguments.of("{run: a, id: 1a}", "bad step id '1a'"),
                Arguments.of("{run: a, id: __x}", "ids that start with '__' are reserved"),
                Arguments.of("{run: a, timeout-minutes: x}", "must be a number, not 'x'"),
                Arguments.of(
                        "{run: a, if: '${{ secrets.X }}'}", "Unrecognized named-value: 'secrets'"),
                Arguments.of("{run: a, background: maybe}", "must be true or false"),
                Arguments.of("{uses: actions/checkout}", "('@' and a version are missing)"),
                Arguments.of("{uses: checkout@v4}", "is not an action"),
                Arguments.of("{uses: 'docker://'}", "names no image"),
                Arguments.of("{uses: $/a@v1}", "remove '@v1'"),
                Arguments.of("{wait: x}", "no step above with 'background: true' has this id"),
                Arguments.of("{wait: []}", "names no step"),
                Arguments.of("{wait: x, if: always()}", "unknown key 'if'"),
                Arguments.of("{cancel: x}", "no step above with 'background: true'"),
                Arguments.of("{wait-all: x}", "must be left empty"),
                Arguments.of("{parallel: []}", "must be a list of at least one step"),
                Arguments.of(
                        "{parallel: [{parallel: [{run: a}]}]}",
                        "'parallel' is not allowed in 'parallel'"),
                Arguments.of("{run: 'echo ${{ }}'}", "An expression was expected"),
                Arguments.of("{run: 'echo ${{ github.ref'}", "not closed"),
                Arguments.of(
                        "{run: a, env: {A: '${{ foo }}'}}", "Unrecognized named-value: 'foo'"));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void stepMistakesAreExplained(String step, String expected) {
        assertThat(problems("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - " + step))
                .anySatisfy(text -> assertThat(text).contains(expected));
    }

    @Test
    void allProblemsAreReportedAtOnceInFileOrder() {
        List<String> problems =
                problems(
                        """
                        on: pusj
                        jobs:
                          a:
                            runs_on: x
                            steps:
                              - {run: a, shell: zsh}
                              - {run: a, id: A}
                              - {run: a, id: a}
                          b: {needs: [c], runs-on: x, steps: [{run: a}]}
                        """);

        assertThat(problems)
                .extracting(text -> text.substring(0, text.indexOf(": error")))
                .containsExactly("f:1:5", "f:4:5", "f:4:5", "f:6:25", "f:8:22", "f:9:15");
    }

    @Test
    void unknownContextSaysWhatIsAvailable() {
        assertThat(problems("on: push\nrun-name: ${{ secrets.A }}\n" + JOB))
                .containsExactly(
                        "f:2:15: error: bad expression: Unrecognized named-value: 'secrets'."
                            + " Located at position 1 within expression: secrets.A; available here:"
                            + " github, inputs, vars");
    }

    @Test
    void expressionInABlockIsPlacedOnItsLine() {
        assertThat(
                        problems(
                                """
                                on: push
                                jobs:
                                  a:
                                    runs-on: x
                                    steps:
                                      - run: |
                                          echo one

                                          echo ${{ github.sha }} ${{ oops.x }}
                                """))
                .singleElement()
                .asString()
                .startsWith("f:9:38: error: bad expression");
    }

    @Test
    void circleOfJobsIsNamed() {
        assertThat(
                        problems(
                                """
                                on: push
                                jobs:
                                  a: {needs: c, runs-on: x, steps: [{run: a}]}
                                  b: {needs: a, runs-on: x, steps: [{run: a}]}
                                  c: {needs: b, runs-on: x, steps: [{run: a}]}
                                """))
                .containsExactly(
                        "f:4:14: error: these jobs wait for each other in a circle:"
                                + " a needs c needs b needs a");
    }

    @Test
    void longChainOfJobsDoesNotExhaustTheStack() {
        StringBuilder yaml = new StringBuilder("on: push\njobs:\n");
        for (int i = 0; i < 10_000; i++) {
            yaml.append("  j")
                    .append(i)
                    .append(": {needs: j")
                    .append((i + 1) % 10_000)
                    .append(", runs-on: x, steps: [{run: a}]}\n");
        }

        assertThat(problems(yaml.toString())).hasSize(1);
    }

    @Test
    void thousandsOfProblemsAreCutOff() {
        StringBuilder yaml = new StringBuilder("on: push\n");
        for (int i = 0; i < 5_000; i++) {
            yaml.append("k").append(i).append(": 1\n");
        }

        List<String> problems = problems(yaml + JOB);
        assertThat(problems).hasSize(201);
        assertThat(problems.getLast()).contains("4800 more problems in this file are not shown");
    }

    @Test
    void hostileFilesAreRefusedQuickly() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    problems("[".repeat(500_000));
                    problems("- ".repeat(500_000));
                    problems("a: " + "1".repeat(1_000_000));
                    problems("a: '" + "x ".repeat(500_000));
                    problems("{a: ".repeat(100_000));
                    problems("on: push\nname: ${{ " + "(".repeat(500_000));
                });
    }
}

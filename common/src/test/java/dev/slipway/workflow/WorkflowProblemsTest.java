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

    private static final String[][] TOP_LEVEL = {
        {"", "f:1:1: error: the file is empty"},
        {"# only a comment\n", "f:1:1: error: the file is empty"},
        {"hello", "f:1:1: error: a workflow is a mapping"},
        {
            "- a",
            "f:1:1: error: a workflow is a mapping with the keys 'on' and" + " 'jobs', not a list"
        },
        {JOB, "f:1:1: error: the workflow needs the key 'on'"},
        {"on: push", "f:1:1: error: the workflow needs the key 'jobs'"},
        {"on: push\njobs: {}", "f:2:7: error: 'jobs' is empty"},
        {"on: []\n" + JOB, "f:1:5: error: 'on' names no event"},
        {"on: pusj\n" + JOB, "f:1:5: error: unknown event 'pusj' in 'on'; did you mean 'push'?"},
        {
            "on: push\njob: {}\n" + JOB,
            "f:2:1: error: unknown key 'job' in the workflow; did you mean 'jobs'?"
        },
        {"on: push\nName: x\n" + JOB, "did you mean 'name'?"},
        {
            "on: push\nname: ${{ github.ref }}\n" + JOB,
            "f:2:7: error: expressions are not allowed in the workflow's 'name'"
        },
        {"on: schedule\n" + JOB, "'schedule' needs a list of cron lines"},
        {"on: {push: {tag: [a]}}\n" + JOB, "unknown key 'tag' in 'on.push'; did you mean 'tags'?"},
        {"on: {issues: {branches: [a]}}\n" + JOB, "unknown key 'branches'"},
        {
            "on: {issues: {types: [opend]}}\n" + JOB,
            "unknown activity type 'opend' of 'issues'; did you mean 'opened'?"
        },
        {
            "on: {push: {paths: [a], paths-ignore: [b]}}\n" + JOB,
            "'paths' and 'paths-ignore' cannot both be used in 'on.push'"
        },
        {"on: {push: {branches: ['[a']}}\n" + JOB, "bad pattern '[a'"},
        {
            "on: {push: {branches: ['!a']}}\n" + JOB,
            "warning: 'branches' of 'on.push' only excludes"
        },
        {
            "on: {workflow_run: {types: [completed]}}\n" + JOB,
            "warning: 'on.workflow_run' names no 'workflows'"
        },
        {
            "on: {schedule: [{cron: '* *'}]}\n" + JOB,
            "f:1:24: error: bad cron line '* *': it has 2 fields"
        },
        {
            "on: {schedule: [{cron: '1 1 * * *', timezone: Mars}]}\n" + JOB,
            "unknown time zone 'Mars'"
        },
        {
            "on: {schedule: [{timezone: UTC}]}\n" + JOB,
            "an entry of 'on.schedule' needs the key 'cron'"
        },
        {
            "on: {workflow_dispatch: {inputs: {a: {type: choise}}}}\n" + JOB,
            "unknown type 'choise' of input 'a'; did you mean 'choice'?"
        },
        {
            "on: {workflow_dispatch: {inputs: {a: {type: choice}}}}\n" + JOB,
            "input 'a' is a choice and needs a list of 'options'"
        },
        {
            "on: {workflow_dispatch: {inputs: {a: {type: choice, options: [x],"
                    + " default: y}}}}\n"
                    + JOB,
            "which is not one of its options"
        },
        {
            "on: {workflow_call: {inputs: {a: {default: 1}}}}\n" + JOB,
            "input 'a' of 'workflow_call' needs the key 'type'"
        },
        {
            "on: {workflow_call: {inputs: {a: {type: number, default: x}}}}\n" + JOB,
            "'default' of input 'a' must be a number, not 'x'"
        },
        {
            "on: {workflow_call: {outputs: {a: {value: '${{ needs.x }}'}}}}\n" + JOB,
            "Unrecognized named-value: 'needs'"
        },
        {
            "on: push\npermissions: read\n" + JOB,
            "'permissions' must be 'read-all', 'write-all' or a mapping"
        },
        {
            "on: push\npermissions: {content: read}\n" + JOB,
            "unknown permission 'content'; did you mean 'contents'?"
        },
        {
            "on: push\npermissions: {id-token: read}\n" + JOB,
            "the permission 'id-token' must be one of none, write, not 'read'"
        },
        {
            "on: push\nconcurrency: {cancel-in-progress: true}\n" + JOB,
            "'concurrency' of the workflow needs the key 'group'"
        },
        {
            "on: push\nconcurrency: {group: a, queue: many}\n" + JOB,
            "must be 'single' or 'max', not 'many'"
        },
        {"on: push\nconcurrency: ''\n" + JOB, "must not be empty"},
        {
            "on: push\ncache-mode: off\n" + JOB,
            "'cache-mode' must be one of read, write, write-only, none, not 'off'"
        },
        {
            "on: push\nenv: [a]\n" + JOB,
            "the workflow's 'env' must be a mapping of names to values, not a list"
        },
        {"on: push\nenv: {A: [1]}\n" + JOB, "must be text, not a list"},
        {"on: push\nenv: {A: '${{ env.B }}'}\n" + JOB, "Unrecognized named-value: 'env'"},
        {"on: push\nenv: {A: '${{ github.ref'}\n" + JOB, "not closed"},
        {"on: push\ndefaults: {run: {shel: sh}}\n" + JOB, "did you mean 'shell'?"}
    };

    static Stream<Arguments> topLevel() {
        return Stream.of(TOP_LEVEL).map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("topLevel")
    void topLevelMistakesAreExplained(String yaml, String expected) {
        assertThat(problems(yaml)).anySatisfy(text -> assertThat(text).contains(expected));
    }

    private static final String[][] JOBS = {
        {"{}", "job 'a' needs the key 'runs-on'"},
        {"x", "job 'a' must be a mapping, not 'x'"},
        {"{runs-on: x}", "job 'a' has no steps"},
        {"{runs-on: x, steps: []}", "job 'a' has no steps"},
        {"{runs-on: x, steps: {}}", "'steps' of job 'a' must be a list"},
        {"{runs-on: [], steps: [{run: a}]}", "names no label"},
        {"{runs-on: '', steps: [{run: a}]}", "must not be empty"},
        {"{runs-on: {labels: []}, steps: [{run: a}]}", "names no label"},
        {"{runs-on: {group: a/b}, steps: [{run: a}]}", "bad runner group"},
        {"{runs-on: {}, steps: [{run: a}]}", "needs 'group' or 'labels'"},
        {"{runs_on: x, steps: [{run: a}]}", "did you mean 'runs-on'?"},
        {"{runs-on: x, uses: ./a, steps: [{run: a}]}", "has both 'uses' and 'steps'"},
        {
            "{uses: ./.github/workflows/a.yml, runs-on: x}",
            "unknown key 'runs-on' in job 'a', which calls a workflow"
        },
        {"{uses: ./a.yml}", "reusable workflows are files directly in"},
        {"{uses: ./.github/workflows/a.yml@v1}", "has no version"},
        {"{uses: o/r@v1}", "is not a reusable workflow"},
        {
            "{uses: ./.github/workflows/a.yml, secrets: all}",
            "must be 'inherit' or a mapping, not 'all'"
        },
        {
            "{uses: ./.github/workflows/a.yml, with: {a: {b: c}}}",
            "must be text, a number or a boolean, not a mapping"
        },
        {
            "{needs: b, runs-on: x, steps: [{run: a}]}",
            "job 'a' needs 'b', but there is no such job"
        },
        {"{needs: a, runs-on: x, steps: [{run: a}]}", "job 'a' needs itself"},
        {
            "{timeout-minutes: soon, runs-on: x, steps: [{run: a}]}",
            "'timeout-minutes' of job 'a' must be a number, not 'soon'"
        },
        {"{timeout-minutes: '10', runs-on: x, steps: [{run: a}]}", "must be a number, not '10'"},
        {
            "{continue-on-error: 1, runs-on: x, steps: [{run: a}]}",
            "must be true or false, not the number 1"
        },
        {"{if: 'secrets.A', runs-on: x, steps: [{run: a}]}", "Unrecognized named-value: 'secrets'"},
        {
            "{if: 'hashFiles(''a'')', runs-on: x, steps: [{run: a}]}",
            "Unrecognized function: 'hashFiles'"
        },
        {"{if: 'sucess()', runs-on: x, steps: [{run: a}]}", "did you mean 'success'?"},
        {"{if: [a], runs-on: x, steps: [{run: a}]}", "must be a condition"},
        {
            "{strategy: {matrix: {a: []}}, runs-on: x, steps: [{run: a}]}",
            "'a' in 'matrix' of job 'a' has no values"
        },
        {"{strategy: {matrix: {a: b}}, runs-on: x, steps: [{run: a}]}", "must be a list, not 'b'"},
        {
            "{strategy: {matrix: [a]}, runs-on: x, steps: [{run: a}]}",
            "must be a mapping of names to lists"
        },
        {
            "{strategy: {matrix: {include: [a]}}, runs-on: x, steps: [{run: a}]}",
            "must be a mapping, not 'a'"
        },
        {
            "{strategy: {matrix: {a: ['${{ matrix.b }}']}}, runs-on: x," + " steps: [{run: a}]}",
            "Unrecognized named-value: 'matrix'"
        },
        {"{environment: {url: x}, runs-on: x, steps: [{run: a}]}", "needs the key 'name'"},
        {
            "{container: {env: {A: b}}, runs-on: x, steps: [{run: a}]}",
            "'container' of job 'a' needs the key 'image'"
        },
        {"{services: {a: {imag: b}}, runs-on: x, steps: [{run: a}]}", "did you mean 'image'?"},
        {
            "{services: [a], runs-on: x, steps: [{run: a}]}",
            "must be a mapping of service ids to containers"
        }
    };

    static Stream<Arguments> jobs() {
        return Stream.of(JOBS).map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void jobMistakesAreExplained(String job, String expected) {
        assertThat(problems("on: push\njobs:\n  a: " + job + "\n"))
                .anySatisfy(text -> assertThat(text).contains(expected));
    }

    private static final String[][] STEPS = {
        {"a", "step 1 of job 'a' must be a mapping"},
        {"{name: x}", "step 1 of job 'a' needs one of the keys run, uses"},
        {"{rum: x}", "did you mean 'run' instead of 'rum'?"},
        {"{run: a, uses: b@c}", "has both 'run' and 'uses'"},
        {"{run: ''}", "'run' of step 1 of job 'a' must not be empty"},
        {"{run: a, with: {b: c}}", "unknown key 'with'"},
        {"{uses: a/b@c, shell: sh}", "unknown key 'shell'"},
        {"{run: a, shell: zsh}", "bad shell 'zsh'"},
        {"{run: a, shell: '${{ env.S }}'}", "expressions are not allowed in"},
        {"{run: a, id: 1a}", "bad step id '1a'"},
        {"{run: a, id: __x}", "ids that start with '__' are reserved"},
        {"{run: a, timeout-minutes: x}", "must be a number, not 'x'"},
        {"{run: a, if: '${{ secrets.X }}'}", "Unrecognized named-value: 'secrets'"},
        {"{run: a, background: maybe}", "must be true or false"},
        {"{uses: actions/checkout}", "('@' and a version are missing)"},
        {"{uses: checkout@v4}", "is not an action"},
        {"{uses: 'docker://'}", "names no image"},
        {"{uses: $/a@v1}", "remove '@v1'"},
        {"{wait: x}", "no step above with 'background: true' has this id"},
        {"{wait: []}", "names no step"},
        {"{wait: x, if: always()}", "unknown key 'if'"},
        {"{cancel: x}", "no step above with 'background: true'"},
        {"{wait-all: x}", "must be left empty"},
        {"{parallel: []}", "must be a list of at least one step"},
        {"{parallel: [{parallel: [{run: a}]}]}", "'parallel' is not allowed in 'parallel'"},
        {"{run: 'echo ${{ }}'}", "An expression was expected"},
        {"{run: 'echo ${{ github.ref'}", "not closed"},
        {"{run: a, env: {A: '${{ foo }}'}}", "Unrecognized named-value: 'foo'"}
    };

    static Stream<Arguments> steps() {
        return Stream.of(STEPS).map(Arguments::of);
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
    void everyEdgeOfACircleOfJobsIsNamed() {
        String circle = "these jobs wait for each other in a circle: a needs c needs b needs a";

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
                        "f:3:14: error: " + circle,
                        "f:4:14: error: " + circle,
                        "f:5:14: error: " + circle);
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

        assertThat(problems(yaml.toString()))
                .hasSize(10)
                .allSatisfy(text -> assertThat(text).contains("j9 needs (9990 more) needs j0"));
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

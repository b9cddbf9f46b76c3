package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Conclusion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/// Composite and JavaScript actions of the repository itself.
@Timeout(60)
class LocalActionsIT {
    private final FakeFarm farm = new FakeFarm();
    private String attempt = "";

    @TempDir private Path work;

    private AttemptState run(String files, String steps) throws Exception {
        String workflow =
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    steps:
                      - name: files
                        run: |
                %s
                %s
                """
                        .formatted(
                                files.replace("${{", "${{ '${{' }}").indent(10), steps.indent(6));
        try (var _ = AgentFixture.start(farm, work)) {
            attempt = farm.submit(Submission.of(workflow));
            return farm.awaitEnd(attempt);
        }
    }

    private static List<String> named(AttemptState state) {
        return state.getStepsList().stream()
                .map(
                        step ->
                                step.getName()
                                        + "="
                                        + step.getConclusion()
                                                .name()
                                                .substring("CONCLUSION_".length()))
                .toList();
    }

    @Test
    void compositeHasAScopeAndOutputsOfItsOwn() throws Exception {
        var state =
                run(
                        """
                        mkdir -p greet
                        cat > greet/action.yml <<'END'
                        name: greet
                        inputs:
                          who: {default: world}
                          tone: {}
                        outputs:
                          text: {value: "${{ steps.say.outputs.text }}!"}
                        runs:
                          using: composite
                          steps:
                            - id: say
                              shell: bash
                              run: |
                                who="${{ inputs.who }} [${{ inputs.tone }}]"
                                echo "hello $who [$INPUT_WHO] $OUTER"
                                echo "text=hi ${{ inputs.who }}" >> "$GITHUB_OUTPUT"
                                echo "LEFT=left by greet" >> "$GITHUB_ENV"
                                ls "$GITHUB_ACTION_PATH"
                        END
                        """,
                        """
                        - id: g
                          uses: ./greet
                          env: {OUTER: outside}
                          with: {who: you}
                        - env: {A: "${{ steps.g.outputs.text }}", B: "${{ steps.say.outcome }}"}
                          run: echo "$A $LEFT [$OUTER] [$B]"
                        """);

        assertThat(farm.output(attempt))
                .containsExactly(
                        "hello you [] [] outside", "action.yml", "hi you! left by greet [] []");
        assertThat(named(state)).contains("Run ./greet=SUCCESS");
    }

    @Test
    void failedStepOfACompositeDoesNotEndIt() throws Exception {
        var state =
                run(
                        """
                        mkdir -p a
                        cat > a/action.yml <<'END'
                        name: a
                        runs:
                          using: composite
                          steps:
                            - {shell: bash, run: exit 7}
                            - {shell: bash, run: echo skipped}
                            - shell: bash
                              if: failure()
                              run: echo "sees ${{ github.action_status }}"
                            - {shell: bash, if: always(), run: echo always}
                        END
                        """,
                        """
                        - uses: ./a
                        - if: always()
                          run: echo "job ${{ job.status }}"
                        """);

        assertThat(farm.output(attempt)).containsExactly("sees failure", "always", "job failure");
        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
    }

    @Test
    void nodeActionRunsMainAndPostWithItsInputsAndState() throws Exception {
        var state =
                run(
                        """
                        mkdir -p node
                        cat > node/action.yml <<'END'
                        name: node
                        inputs:
                          some-name: {default: "from ${{ runner.os }}"}
                          empty: {}
                        runs: {using: node20, pre: pre.js, main: main.js, post: post.js}
                        END
                        cat > node/main.js <<'END'
                        const fs = require('fs');
                        const e = process.env;
                        console.log(`main ${e['INPUT_SOME-NAME']} [${e.INPUT_EMPTY}]`);
                        fs.appendFileSync(process.env.GITHUB_STATE, 'kept=it\\n');
                        console.log('::set-output name=old::way');
                        END
                        echo 'console.log(`post ${process.env.STATE_kept}`)' > node/post.js
                        """,
                        """
                        - id: n
                          name: First
                          uses: ./node
                        - id: m
                          name: Second
                          uses: ./node
                          with: {some-name: given}
                        - run: echo "${{ steps.n.outputs.old }}"
                        - run: exit 1
                        """);

        assertThat(named(state))
                .containsExactly(
                        "Set up job=SUCCESS",
                        "files=SUCCESS",
                        "First=SUCCESS",
                        "Second=SUCCESS",
                        "Run echo \"way\"=SUCCESS",
                        "Run exit 1=FAILURE",
                        "Post Second=SUCCESS",
                        "Post First=SUCCESS",
                        "Complete job=SUCCESS");
        assertThat(farm.output(attempt).stream().filter(line -> !line.startsWith("##[")))
                .containsExactly(
                        "main from Linux []", "main given []", "way", "post it", "post it");
    }

    @Test
    void nestedPostsRunInOneStepInReverseOrder() throws Exception {
        var state =
                run(
                        """
                        mkdir -p inner outer
                        cat > inner/action.yml <<'END'
                        name: inner
                        inputs: {n: {}}
                        runs: {using: node20, main: main.js, post: post.js}
                        END
                        echo 'console.log("main " + process.env.INPUT_N)' > inner/main.js
                        echo 'console.log("post " + process.env.INPUT_N)' > inner/post.js
                        cat > outer/action.yml <<'END'
                        name: outer
                        inputs: {p: {}}
                        runs:
                          using: composite
                          steps:
                            - uses: ./inner
                              with: {n: "${{ inputs.p }}1"}
                            - uses: ./inner
                              if: false
                              with: {n: never}
                            - uses: ./inner
                              with: {n: "${{ inputs.p }}2"}
                        END
                        """,
                        """
                        - uses: ./outer
                          with: {p: x}
                        """);

        assertThat(farm.output(attempt))
                .containsExactly("main x1", "main x2", "post x2", "post x1");
        assertThat(named(state)).contains("Post Run ./outer=SUCCESS");
    }

    @Test
    void missingActionSaysToCheckOut() throws Exception {
        var state = run("true", "- uses: ./nothing");

        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(farm.meta(attempt))
                .anyMatch(line -> line.contains("Did you forget to run actions/checkout"));
    }

    @Test
    void backgroundStepsCountFromTheirWaitOn() throws Exception {
        var state =
                run(
                        "true",
                        """
                        - id: server
                          background: true
                          run: |
                            echo "port=80" >> "$GITHUB_OUTPUT"
                            echo "PORT=80" >> "$GITHUB_ENV"
                            while [ ! -e go ]; do sleep 0.02; done
                        - name: before
                          run: |
                            echo "before [$PORT] [${{ steps.server.outputs.port }}]"
                            touch go
                        - wait: server
                        - run: echo "after [$PORT] [${{ steps.server.outputs.port }}]"
                        - id: endless
                          background: true
                          run: exec sleep 1000
                        - cancel: endless
                        - parallel:
                            - run: echo left
                            - run: echo right
                        """);

        assertThat(state.getResult().getConclusion())
                .as("%s %s", named(state), farm.meta(attempt))
                .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        assertThat(farm.output(attempt))
                .startsWith("before [] []", "after [80] [80]")
                .contains("left", "right");
    }

    @Test
    void cancelOfABackgroundStepLetsWhatItHasDoneCount() throws Exception {
        var state =
                run(
                        "true",
                        """
                        - id: server
                          background: true
                          run: |
                            echo "port=80" >> "$GITHUB_OUTPUT"
                            touch ready
                            sleep 1000
                        - run: while [ ! -e ready ]; do sleep 0.02; done
                        - cancel: server
                        - run: echo "${{ steps.server.outcome }} ${{ steps.server.outputs.port }}"
                        """);

        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_SUCCESS);
        assertThat(farm.output(attempt)).startsWith("cancelled 80");
    }

    @Test
    void forgivenWaitDoesNotForgiveTheBackgroundStep() throws Exception {
        var state =
                run(
                        "true",
                        """
                        - id: bad
                          background: true
                          run: exit 5
                        - id: wait
                          wait: bad
                          continue-on-error: true
                        - run: echo "${{ steps.wait.outcome }} ${{ steps.wait.conclusion }}"
                        """);

        assertThat(farm.output(attempt)).startsWith("failure success");
        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
    }

    @Test
    void failedBackgroundStepFailsTheJobAtItsEnd() throws Exception {
        var state =
                run(
                        "true",
                        """
                        - id: bad
                          background: true
                          run: exit 5
                        - run: echo goes on
                        """);

        assertThat(farm.output(attempt)).containsExactly("goes on");
        assertThat(named(state)).contains("Wait for all background steps=FAILURE");
        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
    }
}

package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

class ActionManifestParserTest {

    private static ActionManifest.Parsed parse(String yaml) {
        return ActionManifestParser.parse("action.yml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static ActionManifest valid(String yaml) {
        ActionManifest.Parsed parsed = parse(yaml);
        assertThat(parsed.problems()).isEmpty();
        return parsed.manifest().orElseThrow();
    }

    @Test
    void nodeActionRunsItsStages() {
        ActionManifest action =
                valid(
                        """
                        name: Say
                        description: says
                        author: me
                        branding: {icon: x}
                        inputs:
                          who: {description: whom, required: true, default: 1.0, x: y}
                          token: {default: "${{ github.token }}", deprecationMessage: old}
                          bare:
                        outputs: {said: {description: d}}
                        runs: {using: node20, main: dist/index.js, pre: pre.js, post: post.js,
                          post-if: success()}
                        """);

        assertThat(action.input("WHO").orElseThrow().defaultValue().orElseThrow().literal())
                .isEqualTo(Value.of("1"));
        assertThat(action.input("who").orElseThrow().required()).isTrue();
        assertThat(action.input("token").orElseThrow().deprecationMessage()).contains("old");
        assertThat(action.inputs()).hasSize(3);
        assertThat(action.runs())
                .isInstanceOfSatisfying(
                        ActionManifest.Node.class,
                        node -> {
                            assertThat(node.main()).isEqualTo("dist/index.js");
                            assertThat(node.pre()).contains("pre.js");
                            assertThat(node.preIf().isWritten()).isFalse();
                            assertThat(node.preIf().condition().callsStatusFunction()).isTrue();
                            assertThat(node.postIf().source()).isEqualTo("success()");
                        });
    }

    @Test
    void compositeActionHasStepsAndOutputs() {
        ActionManifest action =
                valid(
                        """
                        name: C
                        outputs: {v: {value: "${{ steps.s.outputs.v }}"}}
                        runs:
                          using: composite
                          steps:
                            - id: s
                              run: echo
                              shell: ${{ inputs.shell }}
                              if: ${{ success() }}
                            - {uses: ./other, with: {a: 1}}
                        """);

        assertThat(action.runs())
                .isInstanceOfSatisfying(
                        ActionManifest.Composite.class,
                        composite ->
                                assertThat(composite.steps())
                                        .extracting(Step::id)
                                        .containsExactly("s", "__self"));
    }

    @Test
    void dockerActionKeepsItsArguments() {
        ActionManifest action =
                valid(
                        """
                        name: D
                        runs: {using: docker, image: Dockerfile, args: ["${{ inputs.a }}", b],
                          env: {X: "${{ inputs.x }}"}, entrypoint: /run, post-entrypoint: /clean}
                        """);

        assertThat(action.runs())
                .isInstanceOfSatisfying(
                        ActionManifest.Docker.class,
                        docker -> assertThat(docker.postEntrypoint()).contains("/clean"));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("", "the file is empty"),
                Arguments.of("[]", "an action is a mapping"),
                Arguments.of("name: x", "the action needs the key 'runs'"),
                Arguments.of("runs: {main: x}", "'runs' needs the key 'using'"),
                Arguments.of("runs: {using: node21, main: x}", "did you mean 'node20'?"),
                Arguments.of("runs: {using: node20}", "'runs' needs the key 'main'"),
                Arguments.of("runs: {using: node20, main: a, mian: b}", "did you mean 'main'?"),
                Arguments.of("runs: {using: docker}", "'runs' needs the key 'image'"),
                Arguments.of("runs: {using: composite}", "'runs' needs the key 'steps'"),
                Arguments.of(
                        "runs: {using: composite, steps: [{run: a}]}",
                        "step 1 of the action needs the key 'shell'"),
                Arguments.of(
                        "runs: {using: composite, steps: [{wait-all: }]}",
                        "'wait-all' is not allowed in a composite action"),
                Arguments.of(
                        "runs: {using: composite, steps: [{run: '${{ secrets.A }}',"
                                + " shell: sh}]}",
                        "Unrecognized named-value: 'secrets'"),
                Arguments.of(
                        "outputs: {a: {}}\nruns: {using: composite, steps: []}",
                        "output 'a' of a composite action needs the key 'value'"),
                Arguments.of(
                        "inputs: {a: {default: '${{ secrets.x }}'}}\n"
                                + "runs: {using: node20, main: a}",
                        "Unrecognized named-value"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreExplained(String yaml, String expected) {
        assertThat(parse(yaml).manifest()).isEmpty();
        assertThat(parse(yaml).problems())
                .anySatisfy(problem -> assertThat(problem.message()).contains(expected));
    }
}

package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.planning.WorkflowSource;
import dev.slipway.workflow.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The tables beside the workflows in the test resources, line by line.
class LanguageTablesTest {

    private static final List<String> CONTEXTS =
            List.of(
                    "github",
                    "inputs",
                    "vars",
                    "needs",
                    "strategy",
                    "matrix",
                    "secrets",
                    "steps",
                    "job",
                    "runner",
                    "env",
                    "jobs");
    private static final String JOBS = "jobs: {a: {runs-on: x, steps: [{run: echo}]}}\n";

    private static String resource(String name) {
        try (InputStream in = LanguageTablesTest.class.getResourceAsStream("/workflows/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private static Stream<String> lines(String name) {
        return resource(name).lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
    }

    private static List<Problem> lint(String yaml) {
        return new Linter(WorkflowSource.NONE)
                .workflow("f", Optional.empty(), yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> errors(String yaml) {
        return lint(yaml).stream().filter(Problem::isError).map(Problem::toString).toList();
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n");
    }

    static Stream<Arguments> keyTypes() {
        return lines("key-types.txt")
                .map(
                        line ->
                                Arguments.of(
                                        line.startsWith("ok "),
                                        line.substring(4, 9).strip(),
                                        unescape(line.substring(9))));
    }

    @ParameterizedTest
    @MethodSource("keyTypes")
    void keysTakeWhatGitHubTakes(boolean ok, String kind, String text) {
        String yaml =
                switch (kind) {
                    case "job" -> {
                        String runsOn = text.startsWith("runs-on") ? "" : "    runs-on: x\n";
                        yield "on: push\njobs:\n  a:\n"
                                + runsOn
                                + text.indent(4)
                                + "    steps:\n      - run: echo\n";
                    }
                    case "step" ->
                            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      -\n"
                                    + text.indent(8);
                    case "on" -> "on: " + text + "\n" + JOBS;
                    case "root" -> text + "\non: push\n" + JOBS;
                    default -> text;
                };

        if (ok) {
            assertThat(errors(yaml)).isEmpty();
        } else {
            assertThat(errors(yaml)).isNotEmpty();
        }
    }

    static Stream<Arguments> contexts() {
        return lines("contexts.txt")
                .map(line -> line.split("\\|", 3))
                .map(
                        cells ->
                                Arguments.of(
                                        cells[0].strip(),
                                        Set.of(cells[1].strip().split(" ")),
                                        unescape(cells[2].strip())));
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void keysSeeTheContextsThatGitHubGivesThem(String key, Set<String> seen, String template) {
        for (String context : CONTEXTS) {
            List<String> errors = errors(template.replace("X", "${{ toJSON(" + context + ") }}"));

            assertThat(errors.isEmpty())
                    .as("%s in %s: %s", context, key, errors)
                    .isEqualTo(seen.contains(context));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anchors",
                "android",
                "background",
                "caller",
                "codeql",
                "composite-heavy",
                "dependabot",
                "deploy",
                "discussion",
                "docker-publish",
                "dotnet",
                "dynamic-matrix",
                "go",
                "issues",
                "k8s",
                "maven",
                "misc",
                "monorepo",
                "node-matrix",
                "pages",
                "python",
                "release-please",
                "reusable",
                "rust",
                "scorecard",
                "services",
                "stale",
                "terraform",
            })
    void workflowsAsPeopleWriteThemAreClean(String name) {
        assertThat(lint(resource("real/" + name + ".yml"))).isEmpty();
    }

    @Test
    void everyTableHasLines() {
        assertThat(lines("key-types.txt").count()).isGreaterThan(300);
        assertThat(lines("contexts.txt").count()).isGreaterThan(50);
    }
}

package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class TriggersTest {

    private static TriggerDecision decide(String on, EventFacts facts) {
        return Triggers.decide(
                Plans.workflow("on: " + on + "\njobs: {a: {runs-on: x, steps: [{run: a}]}}"),
                facts);
    }

    private static boolean runs(String on, EventFacts facts) {
        return decide(on, facts) instanceof TriggerDecision.Runs;
    }

    private static String reason(String on, EventFacts facts) {
        return switch (decide(on, facts)) {
            case TriggerDecision.Runs runs -> runs.reason();
            case TriggerDecision.Ignored ignored -> ignored.reason();
            case TriggerDecision.Refused refused -> String.join("; ", refused.errors());
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "push|refs/heads/dev|true",
                "push|refs/tags/v1|true",
                "{push: {branches: [main]}}|refs/heads/main|true",
                "{push: {branches: [main]}}|refs/heads/dev|false",
                "{push: {branches: [main]}}|refs/tags/main|false",
                "{push: {branches: ['releases/**',"
                        + " '!releases/**-alpha']}}|refs/heads/releases/1|true",
                "{push: {branches: ['releases/**',"
                        + " '!releases/**-alpha']}}|refs/heads/releases/1-alpha|false",
                "{push: {branches: ['!a', '*']}}|refs/heads/a|true",
                "{push: {branches-ignore: [wip/*]}}|refs/heads/wip/x|false",
                "{push: {branches-ignore: [wip/*]}}|refs/heads/main|true",
                "{push: {branches-ignore: [wip/*]}}|refs/tags/v1|false",
                "{push: {tags: [v*]}}|refs/tags/v1|true",
                "{push: {tags: [v*]}}|refs/heads/main|false",
                "{push: {tags-ignore: [v*]}}|refs/tags/v1|false",
                "{push: {tags: [v*], branches: [main]}}|refs/heads/main|true",
                "{push: {tags: [v*], branches: [main]}}|refs/tags/v2|true",
                "{push: {tags: [v*], branches: [main]}}|refs/tags/w|false",
                "{push: {branches: []}}|refs/heads/dev|true",
                "pull_request|refs/heads/main|false",
            })
    void pushFiltersRefs(String on, String ref, boolean expected) {
        assertThat(runs(on, EventFacts.of("push", ref))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{push: {paths: ['src/**']}}|src/a.js docs/b.md|true",
                "{push: {paths: ['src/**']}}|docs/b.md|false",
                "{push: {paths: ['src/**', '!src/docs/**']}}|src/docs/a|false",
                "{push: {paths: ['src/**', '!src/docs/**']}}|src/docs/a src/b|true",
                "{push: {paths-ignore: ['**.md']}}|a.md b/c.md|false",
                "{push: {paths-ignore: ['**.md']}}|a.md b.js|true",
                "{push: {paths-ignore: ['**.md'], branches: [dev]}}|b.js|false",
            })
    void pushFiltersPaths(String on, String files, boolean expected) {
        EventFacts facts =
                EventFacts.of("push", "refs/heads/main")
                        .withChangedFiles(List.of(files.split(" ")));

        assertThat(runs(on, facts)).isEqualTo(expected);
    }

    @Test
    void pathsDoNotCountForTagsNorWhenUnknown() {
        String on = "{push: {paths: ['src/**']}}";

        assertThat(runs(on, EventFacts.of("push", "refs/tags/v1").withChangedFiles(List.of("x"))))
                .isTrue();
        assertThat(runs(on, EventFacts.of("push", "refs/heads/main"))).isTrue();
        assertThat(runs(on, EventFacts.of("push", "refs/heads/main").withChangedFiles(List.of())))
                .isFalse();
    }

    @Test
    void pullRequestFiltersItsBaseBranch() {
        EventFacts facts =
                EventFacts.of("pull_request", "refs/pull/7/merge").withBranches("main", "feature");

        assertThat(runs("{pull_request: {branches: [main]}}", facts)).isTrue();
        assertThat(runs("{pull_request: {branches: [feature]}}", facts)).isFalse();
        assertThat(runs("{pull_request: {branches-ignore: [main]}}", facts)).isFalse();
        assertThat(reason("pull_request", facts)).isEqualTo("pull_request into branch main");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pull_request|opened|true",
                "pull_request|synchronize|true",
                "pull_request|labeled|false",
                "{pull_request: {types: [labeled]}}|labeled|true",
                "{pull_request: {types: [labeled]}}|opened|false",
            })
    void activityTypesNarrow(String on, String action, boolean expected) {
        EventFacts facts =
                EventFacts.of("pull_request", "refs/pull/7/merge")
                        .withPayload(Value.object(Map.of("action", Value.of(action))));

        assertThat(runs(on, facts)).isEqualTo(expected);
    }

    @Test
    void workflowRunFiltersNameAndBranch() {
        EventFacts facts =
                EventFacts.of("workflow_run", "refs/heads/main")
                        .withPayload(
                                Json.parse(
                                        "{\"action\":\"completed\",\"workflow_run\":"
                                                + "{\"name\":\"CI\","
                                                + "\"head_branch\":\"dev\"}}"));

        assertThat(runs("{workflow_run: {workflows: [CI]}}", facts)).isTrue();
        assertThat(runs("{workflow_run: {workflows: [Other]}}", facts)).isFalse();
        assertThat(runs("{workflow_run: {workflows: [CI], branches: [main]}}", facts)).isFalse();
        assertThat(runs("{workflow_run: {workflows: [CI], types: [requested]}}", facts)).isFalse();
    }

    @Test
    void scheduleMatchesItsCronLine() {
        String on = "{schedule: [{cron: '0 1 * * *'}]}";
        EventFacts other =
                EventFacts.of("schedule", "refs/heads/main")
                        .withPayload(Value.object(Map.of("schedule", Value.of("0 2 * * *"))));

        assertThat(runs(on, EventFacts.of("schedule", "refs/heads/main"))).isTrue();
        assertThat(runs(on, other)).isFalse();
    }

    @Test
    void calledWorkflowsAreNotStartedByEvents() {
        assertThat(reason("workflow_call", EventFacts.of("workflow_call", "refs/heads/main")))
                .contains("other workflows call it");
    }

    @Test
    void missingEventSaysWhatThereIs() {
        assertThat(reason("[fork, watch]", EventFacts.of("pusj", "refs/heads/main")))
                .isEqualTo(
                        "its 'on' has fork, watch, not 'pusj' (GitHub has no event 'pusj'; did you"
                                + " mean 'push'?)");
    }

    private static final String DISPATCH =
            """
            {workflow_dispatch: {inputs: {
              name: {required: true},
              level: {type: choice, options: [low, high], default: high},
              dry: {type: boolean, default: true},
              count: {type: number},
              old: {deprecationMessage: gone},
              target: {type: environment}}}}
            """;

    private static String quoted(Value value) {
        return Json.compact(value).replace('"', '\'');
    }

    private static EventFacts dispatch(Map<String, String> inputs) {
        return EventFacts.of("workflow_dispatch", "refs/heads/main").withInputs(inputs);
    }

    @Test
    void dispatchInputsAreTypedAndHaveDefaults() {
        EventFacts facts = dispatch(Map.of("NAME", "x", "count", "3", "old", "1"));

        TriggerDecision.Runs runs = (TriggerDecision.Runs) decide(DISPATCH, facts);
        String typed = "{'name':'x','level':'high','dry':true,'count':3,'old':'1','target':''}";
        String texts = typed.replace("true", "'true'").replace("3", "'3'");
        assertThat(quoted(runs.inputs())).isEqualTo(typed);
        assertThat(quoted(runs.inputTexts())).isEqualTo(texts);
        assertThat(runs.warnings()).containsExactly("input 'old' is deprecated: gone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x|y|input 'name' is required",
                "nam|y|the workflow has no input 'nam'; did you mean 'name'?",
                "level|mid|input 'level' cannot be 'mid'; choose one of low, high",
                "dry|maybe|input 'dry' is a boolean: give true or false, not 'maybe'",
                "count|few|input 'count' is a number, not 'few'",
            })
    void wrongDispatchInputsAreRefused(String id, String value, String expected) {
        assertThat(reason(DISPATCH, dispatch(Map.of(id, value)))).contains(expected);
    }
}

package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.junit.jupiter.api.Test;

import java.util.Map;

class GithubContextTest {
    @Test
    void fieldsAreThoseThatActionsRead() {
        Value github = GithubContext.of(facts(EventFacts.of("push", "refs/heads/feature/x")));

        assertThat(github.get("ref_name").text()).isEqualTo("feature/x");
        assertThat(github.get("ref_type").text()).isEqualTo("branch");
        assertThat(github.get("repository").text()).isEqualTo("local/shop");
        assertThat(github.get("repository_owner").text()).isEqualTo("local");
        assertThat(github.get("run_id").kind()).isEqualTo(Value.Kind.STRING);
        assertThat(github.get("workflow_ref").text())
                .isEqualTo("local/shop/.github/workflows/ci.yml@refs/heads/feature/x");
        assertThat(github.get("event").get("repository").get("default_branch").text())
                .isEqualTo("main");
    }

    @Test
    void givenPayloadIsKept() {
        var event =
                EventFacts.of("pull_request", "refs/pull/7/merge")
                        .withPayload(Json.parse("{\"number\":7,\"sender\":{\"login\":\"ada\"}}"))
                        .withInputs(Map.of("who", "world"));

        Value github = GithubContext.of(facts(event));

        assertThat(github.get("event").get("number").number()).isEqualTo(7);
        assertThat(github.get("event").get("sender").get("login").text()).isEqualTo("ada");
        assertThat(github.get("event").get("inputs").get("who").text()).isEqualTo("world");
        assertThat(github.get("ref_name").text()).isEqualTo("7/merge");
    }

    private static GithubContext.Facts facts(EventFacts event) {
        return new GithubContext.Facts(
                event, "shop", "main", "bob", "bob", "CI", ".github/workflows/ci.yml", 41, 3, 1);
    }
}

package dev.slipway.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitFactsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://github.com/acme/web.app.git",
                "https://user@example.org:8443/git/acme/web.app",
                "git@github.com:acme/web.app.git",
                "ssh://git@host/acme/web.app/",
                "/srv/git/acme/web.app.git"
            })
    void remoteAddressesEndInOwnerAndName(String url) {
        assertThat(GitFacts.ownerAndName(url)).isEqualTo("acme/web.app");
    }

    @Test
    void addressWithoutAnOwnerHasNone() {
        assertThat(GitFacts.ownerAndName("origin")).isNull();
    }
}

package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class GlobPatternTest {

    /// GitHub's own examples, from its cheat sheet of filter patterns.
    @ParameterizedTest
    @CsvSource({
        "feature/*, feature/my-branch, true",
        "feature/*, feature/your/branch, false",
        "feature/**, feature/beta-a/my-branch, true",
        "main, main, true",
        "main, mainly, false",
        "*, main, true",
        "*, a/b, false",
        "**, all/the/branches, true",
        "*feature, mona-feature, true",
        "*feature, mona/feature, false",
        "v2*, v2.9, true",
        "v[12].[0-9]+.[0-9]+, v1.10.1, true",
        "v[12].[0-9]+.[0-9]+, v3.0.0, false",
        "*.jsx?, page.js, true",
        "*.jsx?, page.jsx, true",
        "*.jsx?, page.jsxx, false",
        "**.js, js/index.js, true",
        "**.js, src/js/app.js, true",
        "docs/*, docs/README.md, true",
        "docs/*, docs/a/b.md, false",
        "docs/**, docs/mona/octocat.txt, true",
        "docs/**/*.md, docs/README.md, true",
        "docs/**/*.md, docs/a/markdown/file.md, true",
        "docs/**/*.md, doc/a.md, false",
        "**/docs/**, docs/hello.md, true",
        "**/docs/**, space/docs/plan/space.doc, true",
        "**/README.md, README.md, true",
        "**/README.md, js/README.md, true",
        "**/README.md, jsREADME.md, false",
        "**/*src/**, a/src/app.js, true",
        "**/*src/**, my-src/code/js/app.js, true",
        "**/*-post.md, my-post.md, true",
        "**/migrate-*.sql, db/sept/migrate-v1.sql, true",
        "releases/**-alpha, releases/beta/3-alpha, true",
        "a\\*, a*, true",
        "a\\*, ab, false",
        "a+, aaa, true",
        "a+, '', false"
    })
    void matchesAsGitHubSays(String pattern, String name, boolean expected) {
        assertThat(GlobPattern.of(pattern).matches(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'', it is empty",
        "[a, '''['' is not closed with '']'''",
        "[], '''[]'' holds no characters'",
        "[z-a], the range 'z-a' runs backwards",
        "+a, '''+'' has no character before it'",
        "a\\, at the end has no character",
    })
    void malformedPatternsAreExplained(String pattern, String reason) {
        assertThat(GlobPattern.problem(pattern))
                .hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    @Test
    void hostilePatternTakesLinearTime() {
        GlobPattern pattern = GlobPattern.of("**a".repeat(30) + "b");

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(pattern.matches("a".repeat(5_000))).isFalse());
    }

    @Test
    void leadingExclamationNegates() {
        assertThat(GlobPattern.of("!main").isNegated()).isTrue();
        assertThat(GlobPattern.of("!main").matches("main")).isTrue();
    }
}

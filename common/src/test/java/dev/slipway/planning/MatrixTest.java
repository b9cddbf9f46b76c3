package dev.slipway.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.expression.Json;
import dev.slipway.expression.Value;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class MatrixTest {

    private static List<String> expand(String json) {
        return Matrix.expand(Json.parse(json)).stream()
                .map(combination -> Json.compact(combination.values()).replace("\"", ""))
                .toList();
    }

    private static List<String> names(String json) {
        return Matrix.expand(Json.parse(json)).stream()
                .map(combination -> JobNaming.withMatrix("job", combination.nameParts()))
                .toList();
    }

    @Test
    void firstKeyVariesSlowest() {
        assertThat(expand("{\"a\":[1,2],\"b\":[\"x\",\"y\"]}"))
                .containsExactly("{a:1,b:x}", "{a:1,b:y}", "{a:2,b:x}", "{a:2,b:y}");
    }

    /// The example of GitHub's documentation of `include`.
    @Test
    void includeAddsExtrasAsDocumented() {
        assertThat(
                        expand(
                                """
                                {"fruit": ["apple", "pear"], "animal": ["cat", "dog"], "include": [
                                  {"color": "green"},
                                  {"color": "pink", "animal": "cat"},
                                  {"fruit": "apple", "shape": "circle"},
                                  {"fruit": "banana"},
                                  {"fruit": "banana", "animal": "cat"}]}
                                """))
                .containsExactly(
                        "{fruit:apple,animal:cat,color:pink,shape:circle}",
                        "{fruit:apple,animal:dog,color:green,shape:circle}",
                        "{fruit:pear,animal:cat,color:pink}",
                        "{fruit:pear,animal:dog,color:green}",
                        "{fruit:banana}",
                        "{fruit:banana,animal:cat}");
    }

    @Test
    void excludeMatchesPartially() {
        assertThat(
                        expand(
                                """
                                {"os": ["mac", "win"], "v": [12, 14],
                                 "env": ["staging", "production"],
                                 "exclude": [{"os": "mac", "v": 12, "env": "production"},
                                             {"os": "win", "env": "production"}]}
                                """))
                .containsExactly(
                        "{os:mac,v:12,env:staging}",
                        "{os:mac,v:14,env:staging}",
                        "{os:mac,v:14,env:production}",
                        "{os:win,v:12,env:staging}",
                        "{os:win,v:14,env:staging}");
    }

    @Test
    void excludeComparesLeavesDeepAndLoosely() {
        assertThat(
                        expand(
                                """
                                {"os": [{"name": "Linux", "v": 1}, {"name": "mac", "v": 2}],
                                 "exclude": [{"os": {"name": "LINUX"}}]}
                                """))
                .containsExactly("{os:{name:mac,v:2}}");
        assertThat(expand("{\"a\":[1,2],\"exclude\":[{\"a\":\"1\"}]}")).containsExactly("{a:2}");
    }

    @Test
    void includeOfOnlyExcludedCombinationsBecomesItsOwn() {
        assertThat(
                        expand(
                                """
                                {"a": [1, 2], "exclude": [{"a": 1}],
                                 "include": [{"a": 1, "x": "y"}]}
                                """))
                .containsExactly("{a:2}", "{a:1,x:y}");
    }

    @Test
    void includeNeverOverwritesVectorValuesButLaterExtrasWin() {
        assertThat(
                        expand(
                                """
                                {"a": [1],
                                 "include": [{"x": 1}, {"a": 1, "x": 2}, {"a": 3, "x": 9}]}
                                """))
                .containsExactly("{a:1,x:2}", "{a:3,x:9}");
    }

    @Test
    void keysOfIncludesIgnoreCase() {
        assertThat(expand("{\"Os\":[1],\"include\":[{\"OS\":1,\"x\":1},{\"X\":2}]}"))
                .containsExactly("{Os:1,x:2}");
    }

    @Test
    void unmatchedIncludesAreNeverMerged() {
        assertThat(expand("{\"include\":[{\"a\":1},{\"a\":1,\"b\":2}]}"))
                .containsExactly("{a:1}", "{a:1,b:2}");
    }

    @Test
    void namesShowVectorValuesAndAllOfUnmatchedEntries() {
        assertThat(
                        names(
                                """
                                {"os": ["linux"], "v": [1.5], "f": [true], "n": [null],
                                 "o": [{"k": ["d", 2]}],
                                 "include": [{"extra": "hidden"}, {"os": "mac", "extra": "shown"}]}
                                """))
                .containsExactly("job (linux, 1.5, true, d, 2)", "job (mac, shown)");
    }

    @Test
    void longNamesAreCutAtAHundred() {
        String name = names("{\"a\":[\"" + "x".repeat(200) + "\"]}").getFirst();

        assertThat(name).hasSize(100).startsWith("job (xxx").endsWith("x...");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|needs at least one list of values or one 'include' entry",
                "[]|must be a mapping of names to lists, not a list",
                "{\"a\":[]}|'matrix.a' has no values",
                "{\"a\":\"b\"}|'matrix.a' must be a list, not the text 'b'",
                "{\"a\":[1],\"include\":{}}|'matrix.include' must be a list of mappings",
                "{\"a\":[1],\"exclude\":[1]}|an entry of 'matrix.exclude' must be a mapping",
                "{\"os\":[1],\"exclude\":[{\"oss\":1}]}|the matrix exclude key 'oss' is not a key"
                        + " of the matrix; did you mean 'os'?",
                "{\"a\":[1],\"exclude\":[{\"a\":1}]}|'exclude' removes all of them",
                "{\"a\":[1],\"exclude\":[{}]}|an entry of 'matrix.exclude' is empty",
                "{\"a\":[1],\"include\":[{}]}|an entry of 'matrix.include' is empty",
            })
    void malformedMatricesAreExplained(String json, String expected) {
        assertThatThrownBy(() -> Matrix.expand(Json.parse(json))).hasMessageContaining(expected);
    }

    @Test
    void exactlyTheLimitIsAllowed() {
        String list = numbers(16);

        assertThat(expand("{\"a\":" + list + ",\"b\":" + list + "}")).hasSize(256);
    }

    @Test
    void tooManyJobsAreRefusedBeforeTheyAreBuilt() {
        String ten = numbers(10);
        String json = "{\"a\":" + ten + ",\"b\":" + ten + ",\"c\":" + ten + ",\"d\":" + ten + "}";

        assertThatThrownBy(() -> Matrix.expand(Json.parse(json)))
                .hasMessage(
                        "the matrix has 10000 combinations, which is more than the limit of 256"
                                + " jobs; shorten its lists");
    }

    @Test
    void astronomicMatrixIsRefusedAtOnce() {
        String vectors =
                IntStream.range(0, 40)
                        .mapToObj(i -> "\"k" + i + "\":" + numbers(50))
                        .collect(Collectors.joining(","));

        Value huge = Json.parse("{" + vectors + "}");
        Value excluding = Json.parse("{" + vectors + ",\"exclude\":[{\"k0\":0}]}");

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    assertThatThrownBy(() -> Matrix.expand(huge))
                            .hasMessageContaining("more than 10^15 combinations");
                    assertThatThrownBy(() -> Matrix.expand(excluding))
                            .hasMessageContaining("before 'exclude'");
                });
    }

    private static String numbers(int count) {
        return IntStream.range(0, count)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(",", "[", "]"));
    }
}

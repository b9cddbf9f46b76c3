package dev.slipway.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * * *",
                "0 5 * * *",
                "*/15 0-6 1,15 JAN-MAR mon-FRI",
                "30 5,17 * * 0",
                "0 0 * * SUN-2",
                "5/10 * * * *",
                "  0   0  1 1 *  "
            })
    void validLinesPass(String line) {
        assertThat(CronExpression.problem(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@daily|shortcuts such as '@daily'",
                "* * * *|it has 4 fields, but needs 5",
                "0 0 0 * * *|it has 6 fields, but needs 5",
                "60 * * * *|'60' is not a number from 0 to 59",
                "* 24 * * *|'hour'",
                "* * 0 * *|from 1 to 31",
                "* * * 13 *|from 1 to 12 or a name such as JAN",
                "* * * * 7|'7' is not a number from 0 to 6",
                "* * * SUN JAN|'month'",
                "0 -1 * * *|'hour'",
                "0 */* * * *|the step after '/'",
                "0 *-4 * * *|'*' is not a number",
                "*/0 * * * *|the step after '/'",
                "5-1 * * * *|the range runs backwards",
                "1-2-3 * * * *|a range has two ends",
                "1/2/3 * * * *|more than one '/'",
                "a * * * *|'a' is not a number",
                "1,,2 * * * *|'' is not a number",
            })
    void invalidLinesAreExplained(String line, String reason) {
        assertThat(CronExpression.problem(line))
                .hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *|true",
                "*/4 * * * *|true",
                "*/5 * * * *|false",
                "0,2 * * * *|true",
                "7-8 * * * *|true",
                "58/1 0 * * *|true",
                "0,30 * * * *|false",
                "5 * * * *|false",
                "61 * * * *|false",
            })
    void pacesThatGitHubDoesNotKeepAreKnown(String line, boolean tooFrequent) {
        assertThat(CronExpression.isTooFrequent(line)).isEqualTo(tooFrequent);
    }
}

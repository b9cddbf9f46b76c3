package dev.slipway.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Set;

/// The language against tables; the expected values follow GitHub's runner.
class ExpressionTest {
    private static final Value CONTEXT =
            Json.parseCaseSensitive(
                    """
                    {"o": {"a": 1, "B": "two", "list": [10, 20, 30], "nil": null, "true": "t",
                           "items": [{"n": "x", "k": [1, 2]}, {"n": "y"}, 5, {"k": [3]}]},
                     "arr": ["a", 2, null, [7]], "e": {}, "env": {"PATH": "p", "path": "q"},
                     "big": 12345678901234567890, "nan": {"v": [1]},
                     "fmt": {"open": "{0", "one": "{0}"}}
                    """);

    private final Evaluation evaluation = new Evaluation(patterns -> "hash:" + patterns);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    null                | null
                    true                | true
                    NaN                 | {"$number":"NaN"}
                    -Infinity           | {"$number":"-Infinity"}
                    1.5                 | 1.5
                    .5                  | 0.5
                    +1                  | 1
                    5.                  | 5
                    -1e3                | -1000
                    0xff                | 255
                    0xFFFFFFFF          | -1
                    0o17                | 15
                    0.1                 | 0.1
                    -0                  | 0
                    'it''s'             | "it's"
                    ''                  | ""
                    o.a                 | 1
                    O.A                 | 1
                    o['b']              | "two"
                    o.true              | "t"
                    o[ 'list' ][1]      | 20
                    o.list[1.9]         | 20
                    o.list['2']         | 30
                    o.list[true]        | 20
                    o.list[-1]          | null
                    o.list[3]           | null
                    o.list[NaN]         | null
                    o.list.a            | null
                    o.missing.deeper    | null
                    o.nil.x             | null
                    o.a.x               | null
                    o[o]                | null
                    env.PATH            | "p"
                    env.path            | "q"
                    env.Path            | null
                    o.items.*.n         | ["x","y"]
                    o.items.*.k         | [[1,2],[3]]
                    o.items.*.k[0]      | [1,3]
                    (o.items.*.n)[0]    | []
                    o.items[*].k.*      | [1,2,3]
                    e.*                 | []
                    o.missing.*         | []
                    o.a.*               | []
                    o.items.*.*         | ["x",[1,2],"y",[3]]
                    fromJSON('[1]')[0]  | 1
                    (o).a               | 1
                    arr[arr[1]]         | null
                    """)
    void literalsAndIndexes(String expression, String expected) {
        assertThat(answer(expression)).isEqualTo("{\"value\":" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    !true               ~ false
                    !''                 ~ true
                    !!o                 ~ true
                    !o.a                ~ false
                    1 < 2 == true       ~ true
                    3 < 2 < 1           ~ true
                    2 > (2 > 0)         ~ true
                    1 == 1 && 2         ~ 2
                    false && 0 || null  ~ null
                    1 || 2 && 3         ~ 1
                    (1 || 2) && 3       ~ 3
                    '' || 0 || 'x'      ~ "x"
                    'a' && ''           ~ ""
                    o && 'yes' || 'no'  ~ "yes"
                    NaN && 1            ~ {"$number":"NaN"}
                    null == 0           ~ true
                    null == ''          ~ true
                    null == false       ~ true
                    null == null        ~ true
                    null > -1           ~ true
                    true == '1'         ~ true
                    true == 'true'      ~ false
                    '' == 0             ~ true
                    ' 12 ' == 12        ~ true
                    '0x10' == 16        ~ true
                    '0o10' == 8         ~ true
                    '1e2' == 100        ~ true
                    '1_0' == 10         ~ false
                    'abc' == 'ABC'      ~ true
                    'ς' == 'Σ'          ~ true
                    'σ' == 'ς'          ~ true
                    'ı' == 'I'          ~ false
                    'i' == 'İ'          ~ false
                    'ü' == 'Ü'          ~ true
                    'A' < '['           ~ true
                    'a' < '['           ~ true
                    'abc' < 'ABD'       ~ true
                    'ab' < 'abc'        ~ true
                    NaN == NaN          ~ false
                    NaN != NaN          ~ true
                    NaN < 1             ~ false
                    'x' > 1             ~ false
                    o == o              ~ true
                    o != o              ~ false
                    o == e              ~ false
                    fromJSON('[]') == fromJSON('[]') ~ false
                    o.list == o.list    ~ true
                    o >= o              ~ true
                    o > o               ~ false
                    arr == 0            ~ false
                    null >= null        ~ true
                    false < true        ~ true
                    """)
    void operators(String expression, String expected) {
        assertThat(answer(expression)).isEqualTo("{\"value\":" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    contains('Hello', 'ELL')              ~ true
                    contains('Hello', '')                 ~ true
                    contains(123, 2)                      ~ true
                    contains(arr, 'A')                    ~ true
                    contains(arr, '2')                    ~ true
                    contains(arr, 3)                      ~ false
                    contains(o, 'a')                      ~ false
                    contains(null, '')                    ~ true
                    startsWith('Hello', 'hE')             ~ true
                    startsWith('He', 'Hello')             ~ false
                    startsWith(o, 'O')                    ~ false
                    endsWith('Hello', 'LO')               ~ true
                    endsWith(true, 'UE')                  ~ true
                    format('{0}-{1}-{0}', 'a', 1.50)      ~ "a-1.5-a"
                    format('{{0}} {0}', o)                ~ "{0} Object"
                    format('}}{{')                        ~ "}{"
                    format(null, 'x')                     ~ ""
                    format('{0}', fromJSON('[1]'))        ~ "Array"
                    format('{0000}', 1)                   ~ "1"
                    join(arr)                             ~ "a,2,,Array"
                    join(arr, null)                       ~ "a2Array"
                    join(arr, o)                          ~ "a,2,,Array"
                    join(o)                               ~ ""
                    join('x', '-')                        ~ "x"
                    join(o.items.*.n, ' + ')              ~ "x + y"
                    toJSON(e)                             ~ "{}"
                    toJSON(arr[3])                        ~ "[\\n  7\\n]"
                    toJSON(o.items[3])                    ~ "{\\n  \\"k\\": [\\n    3\\n  ]\\n}"
                    toJSON(NaN)                           ~ "NaN"
                    fromJSON('{"a":[true,null,"x"]}').A[2] ~ "x"
                    fromJSON(toJSON(arr))                 ~ ["a",2,null,[7]]
                    fromJSON('{"k":1,"K":2}')             ~ {"k":1}
                    case(false, 1, true, 2, 3)            ~ 2
                    case(false, 1, false, fromJSON('x'), 'd') ~ "d"
                    success() && always()                 ~ true
                    failure() || cancelled()              ~ false
                    HASHFILES('a', 'b')                   ~ "hash:[a, b]"
                    true || fromJSON('broken')            ~ true
                    """)
    void functions(String expression, String expected) {
        assertThat(answer(expression)).isEqualTo("{\"value\":" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            textBlock =
                    """
                    1                       ~ 1
                    1.10                    ~ 1.1
                    0.1                     ~ 0.1
                    123456789012345         ~ 123456789012345
                    1234567890123456        ~ 1.23456789012346E+15
                    12345678901234567890    ~ 1.23456789012346E+19
                    100000000000000.5       ~ 100000000000000
                    100000000000001.5       ~ 100000000000002
                    1e15                    ~ 1E+15
                    -1e15                   ~ -1E+15
                    0.0001                  ~ 0.0001
                    0.00001                 ~ 1E-05
                    -0.000012               ~ -1.2E-05
                    1e-100                  ~ 1E-100
                    0.84551240822557006     ~ 0.84551240822557
                    1.2e2                   ~ 120
                    -0.0                    ~ 0
                    Infinity                ~ Infinity
                    1e400                   ~ Infinity
                    9999999999999.99        ~ 9999999999999.99
                    99999999999999.99       ~ 100000000000000
                    """)
    void numbersBecomeTextWithFifteenDigits(String number, String text) {
        assertThat(Value.of(Numbers.parse(number)).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    x                   ~ 1  ~ Unrecognized named-value: 'x'
                    o.a == y.b          ~ 8  ~ Unrecognized named-value: 'y'
                    nope(1)             ~ 1  ~ Unrecognized function: 'nope'
                    o.b@r               ~ 3  ~ Unexpected symbol: 'b@r'
                    o.1                 ~ 3  ~ Unexpected symbol: '1'
                    "x"                 ~ 1  ~ Unexpected symbol: '"x"'
                    'open               ~ 1  ~ Unexpected symbol: ''open'
                    1 = 2               ~ 3  ~ Unexpected symbol: '='
                    1 2                 ~ 3  ~ Unexpected symbol: '2'
                    o o                 ~ 3  ~ Unexpected symbol: 'o'
                    (1                  ~ 2  ~ Unexpected end of expression: '1'
                    1 ==                ~ 3  ~ Unexpected end of expression: '=='
                    o.                  ~ 2  ~ Unexpected end of expression: '.'
                    1)                  ~ 2  ~ Unexpected symbol: ')'
                    o[1)                ~ 4  ~ Unexpected symbol: ')'
                    (1]                 ~ 3  ~ Unexpected symbol: ']'
                    1, 2                ~ 2  ~ Unexpected symbol: ','
                    'a'.b               ~ 4  ~ Unexpected symbol: '.'
                    1[0]                ~ 2  ~ Unexpected symbol: '['
                    *                   ~ 1  ~ Unexpected symbol: '*'
                    o[* == 1]           ~ 5  ~ Unexpected symbol: '=='
                    1 !                 ~ 3  ~ Unexpected symbol: '!'
                    1 && && 2           ~ 6  ~ Unexpected symbol: '&&'
                    a-b                 ~ 1  ~ Unrecognized named-value: 'a-b'
                    0x                  ~ 1  ~ Unexpected symbol: '0x'
                    1.2.3               ~ 1  ~ Unexpected symbol: '1.2.3'
                    join()              ~ 1  ~ Too few parameters supplied: 'join'
                    contains(1)         ~ 1  ~ Too few parameters supplied: 'contains'
                    join(1,2,3)         ~ 1  ~ Too many parameters supplied: 'join'
                    always(1)           ~ 1  ~ Too many parameters supplied: 'always'
                    case(true,1,true,2) ~ 1  ~ Even number of parameters supplied, \
                    requires an odd number of parameters: 'case'
                    True                ~ 1  ~ Unrecognized named-value: 'True'
                    format('{0')        ~ 8  ~ Invalid format string: '{0'
                    format('0}')        ~ 8  ~ Invalid format string: '0}'
                    format('{0}}', '')  ~ 8  ~ Invalid format string: '{0}}'
                    format('{a}', '')   ~ 8  ~ Invalid format string: '{a}'
                    format('{0:x}', '') ~ 8  ~ Invalid format string: '{0:x}'
                    format('{٠}', '')   ~ 8  ~ Invalid format string: '{٠}'
                    format('{1}', 'x')  ~ 8  ~ Format string references {1} but only 1 \
                    argument(s) provided: '{1}'

                    """)
    void syntaxErrorsSayWhatAndWhere(String expression, int position, String what) {
        String where = ". Located at position " + position + " within expression: " + expression;

        assertThatThrownBy(() -> evaluation.evaluate(expression, CONTEXT))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(what + where)
                .extracting(e -> ((ExpressionException) e).kind())
                .isEqualTo(ExpressionException.Kind.SYNTAX);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    format(fmt.open, '') ~ The following format string is invalid: {0
                    format(fmt.one)     ~ The following format string references more arguments\
                     than were supplied: {0}
                    case(1, 2, 3)       ~ case predicate must evaluate to a boolean value
                    """)
    void evaluationErrorsSayWhat(String expression, String message) {
        assertThatThrownBy(() -> evaluation.evaluate(expression, CONTEXT))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(message)
                .extracting(e -> ((ExpressionException) e).kind())
                .isEqualTo(ExpressionException.Kind.EVALUATION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    contains(fromJSON('[]'), fromJSON('x')) ~ false
                    contains(o, fromJSON('x'))              ~ false
                    startsWith(arr, fromJSON('x'))          ~ false
                    endsWith(arr, fromJSON('x'))            ~ false
                    format('{1}', fromJSON('x'), 'b')       ~ "b"
                    join(fromJSON('[1]'), fromJSON('x'))    ~ "1"
                    """)
    void whatCannotMatterIsNotEvaluated(String expression, String expected) {
        assertThat(answer(expression)).isEqualTo("{\"value\":" + expected + "}");
    }

    @Test
    void deepestContextIsAnsweredOnAnOrdinaryStack() {
        String deep = "[".repeat(990) + "]".repeat(990);

        assertThat(evaluation.answerLine("{\"expr\":\"a\",\"context\":{\"a\":" + deep + "}}"))
                .isEqualTo("{\"value\":" + deep + "}");
        assertThat(evaluation.answerLine("[".repeat(100_000))).contains("\"kind\":\"syntax\"");
    }

    @Test
    void halfASurrogatePairIsEscaped() {
        assertThat(answer("fromJSON('\"\\ud83d!\\ude0a\"')"))
                .isEqualTo("{\"value\":\"\\ud83d!\\ude0a\"}");
        assertThat(answer("'😊'")).isEqualTo("{\"value\":\"😊\"}");
    }

    @Test
    void brokenJsonSaysWhere() {
        assertThat(answer("fromJSON('{\"a\":')"))
                .contains("Error parsing fromJson: ", "line 1", "\"kind\":\"evaluation\"");
        assertThat(answer("fromJSON('')")).contains("the text is empty");
        assertThat(answer("fromJSON('1 2')")).contains("Expected the end of the JSON text");
        assertThat(answer("fromJSON('" + "[".repeat(200) + "')"))
                .contains("\"kind\":\"evaluation\"");
    }

    @Test
    void limitsAreGitHubs() {
        assertThat(answer("'" + "x".repeat(20_998) + "'")).contains("xxx");
        assertThat(answer("'" + "x".repeat(20_999) + "'"))
                .contains("Exceeded max expression length 21000");
        assertThat(answer("!".repeat(49) + "true")).isEqualTo("{\"value\":false}");
        assertThat(answer("!".repeat(50) + "true")).contains("Exceeded max expression depth 50");
        assertThat(answer("(".repeat(5000) + "1" + ")".repeat(5000))).isEqualTo("{\"value\":1}");
        assertThat(answer("1 && ".repeat(4000) + "2")).isEqualTo("{\"value\":2}");
        assertThat(answer("o" + ".a".repeat(50))).contains("Exceeded max expression depth 50");
    }

    @Test
    void memoryIsBounded() {
        String large = "format('" + "{0}".repeat(1000) + "', '" + "x".repeat(10_000) + "')";

        assertThat(answer(large)).contains("The maximum allowed memory size was exceeded");
    }

    @Test
    void inspectionShowsWhatIsUsed() {
        var expression =
                Expression.parse(
                        "GitHub.event.x == format('{0}', env.Y) || Always()", Vocabulary.ANY);

        assertThat(expression.contextsUsed()).containsExactly("env", "github");
        assertThat(expression.functionsUsed()).containsExactly("always", "format");
        assertThat(expression.callsStatusFunction()).isTrue();
    }

    @Test
    void statusFunctionsNameJobsOnlyBeforeThereAreSteps() {
        var job = new Vocabulary(Set.of("github", "needs"), Set.of("success"));
        var step = new Vocabulary(Set.of("github", "needs", "steps"), Set.of("success"));

        assertThat(Expression.parse("success('build', 'test')", job).callsStatusFunction())
                .isTrue();
        assertThatThrownBy(() -> Expression.parse("success('build')", step))
                .hasMessageStartingWith("Too many parameters supplied: 'success'");
        assertThatThrownBy(() -> Expression.parse("hashFiles('x')", step))
                .hasMessageStartingWith("Unrecognized function: 'hashFiles'");
    }

    @Test
    void emptyExpressionIsNull() {
        assertThat(Expression.parse("  ", Vocabulary.ANY).evaluate(Scope.of(java.util.Map.of())))
                .isEqualTo(Value.NULL);
    }

    @Test
    void batchAnswersEveryLine() {
        var answers =
                List.of(
                        evaluation.answerLine("{\"expr\":\"a.b\",\"context\":{\"a\":{\"b\":[1]}}}"),
                        evaluation.answerLine("{\"expr\":\"${{ 1 == 1 }}\"}"),
                        evaluation.answerLine("{\"expr\":\"fromJSON('[1e999]')\"}"),
                        evaluation.answerLine("{\"expr\":\"a\"}"),
                        evaluation.answerLine("{}"),
                        evaluation.answerLine("nonsense"));

        assertThat(answers.subList(0, 3))
                .containsExactly(
                        "{\"value\":[1]}",
                        "{\"value\":true}",
                        "{\"value\":[{\"$number\":\"Infinity\"}]}");
        assertThat(answers.subList(3, 6)).allMatch(line -> line.endsWith("\"kind\":\"syntax\"}"));
    }

    private String answer(String expression) {
        return evaluation.answer(expression, CONTEXT);
    }
}

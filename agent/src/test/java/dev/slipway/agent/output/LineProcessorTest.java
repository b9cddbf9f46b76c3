package dev.slipway.agent.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class LineProcessorTest {
    private static final String GCC =
            """
            {"problemMatcher": [{"owner": "gcc", "pattern": [{
              "regexp": "^(.*):(\\\\d+):(\\\\d+):\\\\s+(warning|error):\\\\s+(.*)$",
              "file": 1, "line": 2, "column": 3, "severity": 4, "message": 5}]}]}
            """;
    private static final String ESLINT =
            """
            {"problemMatcher": [{"owner": "eslint", "severity": "warning", "pattern": [
              {"regexp": "^([^\\\\s].*)$", "file": 1},
              {"regexp": "^\\\\s+(\\\\d+):(\\\\d+)\\\\s+(.*)\\\\s\\\\s+(.*)$",
               "line": 1, "column": 2, "message": 3, "code": 4, "loop": true}]}]}
            """;

    private final Masks masks = new Masks();
    private final RecordingSink sink = new RecordingSink();
    private final List<String> lines = new ArrayList<>();
    private CommandSettings settings = new CommandSettings(3, false, false, false);

    @Test
    void plainLinesPassUnchanged() {
        process("one\ntwo\r\n\nstd::vector ::not a command::\n#[x] last");

        assertThat(lines)
                .containsExactly("one", "two", "", "std::vector ::not a command::", "#[x] last");
        assertThat(sink.events()).isEmpty();
    }

    @Test
    void issuesBecomeAnnotationsAndMarkedLines() {
        processLines(
                "::error file=/ws/src/a.c,line=3,endLine=3,col=5,endColumn=7,title=Oh%3A"
                        + " no::bad%0Aworse",
                "  ::Warning::careful", "x ##[notice file=b;line=9]fine%5D");

        assertThat(lines)
                .containsExactly("##[error]bad", "worse", "##[warning]careful", "##[notice]fine]");
        assertThat(sink.byId())
                .containsExactly(
                        Map.entry("3:0:0", "error 'bad\nworse' title=Oh: no src/a.c:3-3:5-7"),
                        Map.entry("3:88:0", "warning 'careful' title= :0-0:0-0"),
                        Map.entry("3:109:0", "notice 'fine]' title= b:9-0:0-0"));
    }

    @Test
    void everyTextOfAnAnnotationIsMasked() {
        masks.add("s3cr3t");

        processLines("::error file=s3cr3t/a.c,title=the s3cr3t::is s3cr3t");

        assertThat(sink.events()).containsExactly("error 'is ***' title=the *** ***/a.c:0-0:0-0");
    }

    @Test
    void groupsAreShownAsTheRunnerDoes() {
        processLines("::group::My group", "##[endgroup]", "::GROUP::x");

        assertThat(lines).containsExactly("##[group]My group", "##[endgroup]", "##[group]x");
    }

    @Test
    void debugIsShownOnlyWhenAskedFor() {
        processLines("::debug::a");
        assertThat(lines).isEmpty();

        settings = new CommandSettings(3, true, false, false);
        processLines("::debug::b", "::set-output name=o::v");
        assertThat(lines).startsWith("##[debug]b", "::set-output name=o::v");
    }

    @Test
    void maskedValuesAreHiddenFromThenOn() {
        processLines("before s3cr3t", "::add-mask::s3cr3t", "after s3cr3t", "::error::s3cr3t");

        assertThat(lines).containsExactly("before s3cr3t", "after ***", "##[error]***");
        assertThat(sink.events()).containsExactly("mask s3cr3t", "error '***' title= :0-0:0-0");
    }

    @Test
    void emptyMaskIsAWarning() {
        processLines("::add-mask::  ");

        assertThat(lines)
                .containsExactly(
                        "##[warning]Can't add secret mask for empty string in ##[add-mask]"
                                + " command.");
    }

    @Test
    void deprecatedOutputsWorkAndWarnOnce() {
        processLines(
                "::set-output name=a::1%0A2", "::set-output name=b::", "::save-state name=s::x%25");

        assertThat(sink.events().stream().filter(event -> !event.startsWith("warning")))
                .containsExactly("output a=1\n2", "output b=", "state s=x%");
        assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("##[warning]The `s"));
    }

    @Test
    void missingNameFailsTheStep() {
        processLines("::set-output::v");

        assertThat(lines)
                .endsWith(
                        "##[error]Unable to process command '::set-output::v' successfully.",
                        "##[error]Required field 'name' is missing in ##[set-output] command.");
        assertThat(sink.events())
                .contains("fail Required field 'name' is missing in ##[set-output] command.");
    }

    @Test
    void unsecureCommandsNeedConsent() {
        processLines("::set-env name=A::b", "::add-path::/bin");
        assertThat(sink.events().stream().filter(event -> event.startsWith("fail"))).hasSize(2);

        settings = new CommandSettings(4, false, true, false);
        processLines("::set-env name=A::b", "::add-path::/bin", "::set-env name=node_options::x");
        assertThat(sink.events())
                .contains("env A=b", "path /bin")
                .last()
                .asString()
                .startsWith("error 'Can't update NODE_OPTIONS");
    }

    @Test
    void stoppedCommandsArePlainUntilTheToken() {
        processLines(
                "::stop-commands::ToK",
                "::error::x",
                "##[group]y",
                "::add-mask::z",
                "::tok::",
                "::group::g");

        assertThat(lines)
                .containsExactly(
                        "::stop-commands::ToK",
                        "::error::x",
                        "##[group]y",
                        "::add-mask::z",
                        "::tok::",
                        "##[group]g");
        assertThat(sink.events()).isEmpty();
    }

    @Test
    void badStopTokensFailTheStep() {
        processLines(
                "::stop-commands::",
                "::stop-commands::error",
                "::stop-commands::pause-logging",
                "::group::g");

        assertThat(sink.events().stream().filter(event -> event.startsWith("fail"))).hasSize(3);
        assertThat(lines).last().isEqualTo("##[group]g");
    }

    @Test
    void echoShowsCommands() {
        processLines(
                "::echo::on",
                "::save-state name=a::b",
                "::add-mask::qqq",
                "::echo::off",
                "::save-state name=c::d");

        assertThat(lines.stream().filter(line -> !line.startsWith("##[warning]")))
                .containsExactly("::save-state name=a::b", "::add-mask::***", "::echo::off");
    }

    @Test
    void problemMatcherMakesAnnotations() {
        processLines(
                "##[add-matcher]gcc.json",
                "\u001b[31mmain.c:3:7: error: no such thing\u001b[0m",
                "gone.c:1:2: warning: x",
                "::remove-matcher owner=GCC::",
                "main.c:4:7: error: not seen");

        assertThat(lines)
                .containsExactly(
                        "##[error]main.c:3:7: error: no such thing",
                        "##[warning]gone.c:1:2: warning: x",
                        "main.c:4:7: error: not seen");
        assertThat(sink.events())
                .contains(
                        "error 'no such thing' title= main.c:3-0:7-0",
                        "warning 'x' title= :1-0:2-0");
    }

    @Test
    void multiLineMatcherLoops() {
        processLines(
                "::add-matcher::eslint.json",
                "main.c",
                "  1:5  is bad  no-bad",
                "  2:6  is worse  no-worse",
                "",
                "  3:7  has no file  no-file");

        assertThat(sink.events().stream().filter(event -> !event.startsWith("matchers")))
                .containsExactly(
                        "warning 'is bad' title=no-bad main.c:1-0:5-0",
                        "warning 'is worse' title=no-worse main.c:2-0:6-0");
        assertThat(lines).last().isEqualTo("  3:7  has no file  no-file");
    }

    @Test
    void unreadableMatcherFailsTheStep() {
        processLines("::add-matcher::nowhere.json", "::add-matcher::bad.json");

        assertThat(sink.events().stream().filter(event -> event.startsWith("fail")))
                .hasSize(2)
                .anyMatch(event -> event.contains("At least one pattern must set 'message'"));
    }

    @Test
    void matcherThatTakesTooLongIsRemoved() {
        process("::add-matcher::slow.json\n" + "a".repeat(60) + "!\nplain\n");

        assertThat(lines)
                .contains(
                        "##[warning]Removing issue matcher 'slow': a pattern took too long on one"
                                + " line.")
                .last()
                .isEqualTo("plain");
    }

    @Test
    void longLinesComeInPiecesThatCutNoSecret() {
        masks.add("S3CRET-THAT-IS-LONG");
        String start = "a".repeat(LineProcessor.MAX_LINE - 7);
        process(start + "S3CRET-THAT-IS-LONG" + "b".repeat(1000) + "\n::group::x\n");

        assertThat(lines).hasSize(3).last().isEqualTo("##[group]x");
        assertThat(lines.get(0) + lines.get(1)).isEqualTo(start + "***" + "b".repeat(1000));
    }

    @Test
    void commandTooLongFailsInsteadOfBeingIgnored() {
        process("::set-output name=x::" + "y".repeat(300 * 1024) + "\n");

        assertThat(sink.events()).anyMatch(event -> event.startsWith("fail Write long values"));
    }

    @Test
    void bytesThatAreNoTextAreKept() {
        byte[] bytes = {'a', (byte) 0xFF, (byte) 0xC3, '\n', 0, 'b'};
        var kept = new java.io.ByteArrayOutputStream();
        var processor =
                new LineProcessor(
                        settings, context(), (line, from, to) -> kept.write(line, from, to - from));

        processor.accept(bytes, 0, bytes.length);
        processor.end();

        assertThat(kept.toByteArray()).containsExactly('a', 0xFF, 0xC3, 0, 'b');
    }

    private StepContext context() {
        var files =
                new FakeFiles(
                        Map.of(
                                "gcc.json",
                                GCC,
                                "eslint.json",
                                ESLINT,
                                "bad.json",
                                matcher("x", "{\"regexp\":\"x\"}"),
                                "slow.json",
                                matcher("slow", "{\"regexp\":\"(a*)*\\\\1b\",\"message\":1}"),
                                "main.c",
                                ""));
        return new StepContext(masks, new ProblemMatchers(), files, sink);
    }

    private static String matcher(String owner, String pattern) {
        return "{\"problemMatcher\":[{\"owner\":\"%s\",\"pattern\":[%s]}]}"
                .formatted(owner, pattern);
    }

    /// Processes lines, each with its end.
    private void processLines(String... output) {
        process(String.join("\n", output) + "\n");
    }

    private void process(String output) {
        lines.clear();
        var processor =
                new LineProcessor(
                        settings,
                        context(),
                        (bytes, from, to) ->
                                lines.add(
                                        new String(
                                                bytes, from, to - from, StandardCharsets.UTF_8)));
        byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
        processor.accept(bytes, 0, bytes.length);
        processor.end();
        assertThat(processor.consumed()).isEqualTo(bytes.length);
    }
}

package dev.slipway.agent.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.output.EnvironmentFiles.Contents;
import dev.slipway.agent.output.EnvironmentFiles.Locations;
import dev.slipway.agent.output.EnvironmentFiles.Problem;
import dev.slipway.agent.output.TestResults.Failure;
import dev.slipway.agent.output.TestResults.Timing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files that steps leave, and the workspace that their output names.
class StepFilesIT {
    @TempDir private Path directory;

    @Test
    void allFilesAreRead() throws IOException {
        write("env", "\uFEFFA=1\nNode_Options=x\n");
        write("output", "Name=1\nOTHER=2\nname=3\n");
        write("path", "/a\n\n/b\r\n/a\n");
        write("summary", "# A s3cret\n");
        var masks = new Masks();
        masks.add("s3cret");

        Contents contents = EnvironmentFiles.read(locations(), masks);

        assertThat(contents.env()).containsExactly(Map.entry("A", "1"));
        assertThat(contents.outputs())
                .containsExactly(Map.entry("Name", "3"), Map.entry("OTHER", "2"));
        assertThat(contents.state()).isEmpty();
        assertThat(contents.paths()).containsExactly("/b", "/a");
        assertThat(contents.summary()).isEqualTo("# A ***\n");
        assertThat(contents.problems())
                .containsExactly(
                        new Problem(
                                "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV'"
                                        + " command.",
                                false));
        assertThat(contents.failStep()).isFalse();
    }

    @Test
    void mistakesFailTheStepButNotTheOtherFiles() throws IOException {
        write("env", "broken\n");
        write("output", "a=1\nbroken\n");
        write("summary", "x".repeat(EnvironmentFiles.MAX_SUMMARY + 1));

        Contents contents = EnvironmentFiles.read(locations(), new Masks());

        assertThat(contents.failStep()).isTrue();
        assertThat(contents.outputs()).containsExactly(Map.entry("a", "1"));
        assertThat(contents.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "Unable to process file command 'env' successfully. Invalid format"
                                + " 'broken'",
                        "Unable to process file command 'output' successfully. Invalid format"
                                + " 'broken'",
                        "$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of"
                                + " 1024k, got 1024k.");
    }

    @Test
    void reportsAreAddedUp() throws IOException {
        Path surefire =
                write(
                        "TEST-a.xml",
                        """
                        <?xml version="1.0"?>
                        <testsuite name="a.ATest" tests="4">
                          <properties><property name="x" value="y"/></properties>
                          <testcase name="passes" classname="a.ATest" time="1.5"/>
                          <testcase name="fails" classname="a.ATest$Inner" time="0.25">
                            <failure message="expected s3cret" type="E"><![CDATA[E: expected
                              at b.Helper.x(Helper.java:3)
                              at a.ATest.fails(ATest.java:42)]]></failure>
                            <system-out>noise</system-out>
                          </testcase>
                          <testcase name="breaks" classname="a.ATest" time="1,000">
                            <error>no message
                              second line</error>
                            <failure message="later"/>
                          </testcase>
                          <testcase name="waits" classname="a.ATest"><skipped/></testcase>
                        </testsuite>
                        """);
        Path pytest =
                write(
                        "pytest.xml",
                        """
                        <testsuites><testsuite name="pytest" file="t.py">
                          <testcase name="t" file="tests/t.py" line="7" time="bad">
                            <failure message="assert"/></testcase>
                        </testsuite></testsuites>
                        """);
        Path other = write("other.xml", "<project/>");
        Path broken = write("broken.xml", "<testsuite><testcase name='x'>");
        var masks = new Masks();
        masks.add("s3cret");

        TestResults results = JUnitReports.read(List.of(surefire, pytest, other, broken), masks);

        assertThat(results.total()).isEqualTo(5);
        assertThat(results.failed()).isEqualTo(2);
        assertThat(results.errored()).isEqualTo(1);
        assertThat(results.skipped()).isEqualTo(1);
        assertThat(results.duration()).isEqualTo(Duration.ofMillis(1_001_750));
        assertThat(results.failures())
                .containsExactly(
                        new Failure("a.ATest$Inner", "fails", "expected ***", "ATest.java", 42),
                        new Failure("a.ATest", "breaks", "no message\n      second line", "", 0),
                        new Failure("pytest", "t", "assert", "tests/t.py", 7));
        assertThat(results.slowest())
                .startsWith(new Timing("a.ATest", "breaks", Duration.ofSeconds(1000)));
        assertThat(results.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.contains("other.xml is no JUnit report"))
                .anyMatch(problem -> problem.contains("broken.xml is no JUnit report"));
    }

    @Test
    void externalEntitiesAreNotRead() throws IOException {
        Path secret = write("secret.txt", "content");
        Path report =
                write(
                        "evil.xml",
                        """
                        <!DOCTYPE x [<!ENTITY e SYSTEM "file://%s">]>
                        <testsuite><testcase name="t"><failure>&e;</failure></testcase></testsuite>
                        """
                                .formatted(secret));

        TestResults results = JUnitReports.read(List.of(report), new Masks());

        assertThat(results.toString()).doesNotContain("content");
    }

    @Test
    void placesAreRelativeToTheInnermostCheckout() throws IOException {
        Files.createDirectories(directory.resolve("sub/.git"));
        Files.createDirectories(directory.resolve("sub/src"));
        write("sub/src/a.c", "");
        write("top.c", "");
        var files =
                new WorkspaceFiles(
                        directory, path -> path.replace("/container", directory.toString()));

        assertThat(files.forMatcher("src/a.c", "")).isEmpty();
        assertThat(files.forMatcher("sub/src/a.c", "")).isEqualTo(Optional.of("src/a.c"));
        assertThat(files.forMatcher("/container/top.c", "")).isEqualTo(Optional.of("top.c"));
        assertThat(files.forMatcher("src/a.c", "sub/project.x")).isEqualTo(Optional.of("src/a.c"));
        assertThat(files.forMatcher("../outside.c", "")).isEmpty();
        assertThat(files.forAnnotation("/container/sub/src/a.c")).isEqualTo("src/a.c");
        assertThat(files.forAnnotation("./missing.c")).isEqualTo("missing.c");
        assertThat(files.forAnnotation("/etc/passwd")).isEqualTo("/etc/passwd");
    }

    private Locations locations() {
        return new Locations(
                directory.resolve("env"),
                directory.resolve("output"),
                directory.resolve("state"),
                directory.resolve("path"),
                directory.resolve("summary"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}

package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.GitSource;
import dev.slipway.api.v1.Source;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Checkout, artifacts, caches and test reports against a farm in memory.
@Timeout(60)
class BuiltInActionsIT {
    private final FakeFarm farm = new FakeFarm();
    private String attempt = "";

    @TempDir private Path work;
    @TempDir private Path other;

    private AttemptState run(Source source, String contexts, String steps) throws Exception {
        String workflow =
                """
                on: push
                jobs:
                  job:
                    runs-on: ubuntu-latest
                    steps:
                %s
                """
                        .formatted(steps.indent(6));
        try (var _ =
                AgentFixture.start(farm, work, Map.of("HOME", other.resolve("home").toString()))) {
            attempt =
                    farm.submit(
                            new Submission(
                                    workflow,
                                    "job",
                                    contexts.isEmpty() ? Map.of() : Map.of("github", contexts),
                                    Map.of()),
                            source,
                            0,
                            0);
            return farm.awaitEnd(attempt);
        }
    }

    private AttemptState run(String steps) throws Exception {
        return run(Source.getDefaultInstance(), "", steps);
    }

    private void assertSuccess(AttemptState state) {
        assertThat(state.getResult().getConclusion())
                .as("%s %s", farm.meta(attempt), state.getResult().getCauseDetail())
                .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
    }

    private static String sh(Path folder, String... command) throws Exception {
        var process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void gitSourceIsCheckedOutAtItsCommitAndItsSubmodulesToo() throws Exception {
        Path library = Files.createDirectories(other.resolve("library"));
        commit(library, "lib.txt", "library");
        Path repository = Files.createDirectories(other.resolve("acme/rocket"));
        commit(repository, "a.txt", "first");
        sh(
                repository,
                "git",
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "add",
                library.toString(),
                "lib");
        String first = commit(repository, "a.txt", "second");
        commit(repository, "a.txt", "third");

        var state =
                run(
                        Source.newBuilder()
                                .setGit(GitSource.newBuilder().setUrl(repository.toString()))
                                .build(),
                        "{\"sha\":\"%s\",\"ref\":\"refs/heads/main\"}".formatted(first),
                        """
                        - id: c
                          uses: actions/checkout@v4
                          with: {submodules: true}
                        - run: |
                            cat a.txt; echo; cat lib/lib.txt; echo
                            git rev-list --count HEAD
                            git branch --show-current
                            test "${{ steps.c.outputs.commit }}" = "$GITHUB_SHA" && echo same
                        - uses: actions/checkout@v4
                          with: {ref: main, path: deep, fetch-depth: 0}
                        - run: cat deep/a.txt; echo; git -C deep rev-list --count HEAD
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt))
                .containsExactly("second", "library", "1", "main", "same", "third", "3");
    }

    private static String commit(Path repository, String file, String text) throws Exception {
        if (!Files.exists(repository.resolve(".git"))) {
            sh(repository, "git", "init", "-q", "-b", "main");
            sh(repository, "git", "config", "user.email", "a@b.c");
            sh(repository, "git", "config", "user.name", "a");
        }
        Files.writeString(repository.resolve(file), text);
        sh(repository, "git", "add", "-A");
        sh(repository, "git", "commit", "-q", "-m", text);
        return sh(repository, "git", "rev-parse", "HEAD");
    }

    @Test
    void artifactComesBackAsItWas() throws Exception {
        var state =
                run(
                        """
                        - run: |
                            mkdir -p out/sub
                            printf hello > out/hello.txt
                            head -c 9000000 /dev/zero > out/sub/big.bin
                            printf '#!/bin/sh' > out/sub/run.sh; chmod 755 out/sub/run.sh
                            touch out/.hidden
                        - id: up
                          uses: actions/upload-artifact@v4
                          with: {name: things, path: out}
                        - uses: actions/upload-artifact@v4
                          with: {name: thing-two, path: "out/*.txt"}
                        - uses: actions/download-artifact@v4
                          with: {name: things, path: back}
                        - uses: actions/download-artifact@v4
                          with: {pattern: "thing-*", path: many}
                        - run: |
                            diff -r -x .hidden out back && echo equal
                            test -x back/sub/run.sh && echo executable
                            test ! -e back/.hidden && echo 'no hidden'
                            cat many/thing-two/hello.txt
                            echo " id=${{ steps.up.outputs.artifact-id }}"
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt))
                .containsExactly("equal", "executable", "no hidden", "hello id=1");
        // 4 MiB of zeros twice, the rest of them, the text, the script: equal content travels once.
        assertThat(farm.storage().blobs()).hasSize(4);
    }

    @Test
    void missingFilesOfAnArtifactWarnOrFail() throws Exception {
        var state =
                run(
                        """
                        - uses: actions/upload-artifact@v4
                          with: {path: nothing}
                        - id: strict
                          continue-on-error: true
                          uses: actions/upload-artifact@v4
                          with: {path: nothing, if-no-files-found: error}
                        - run: echo "${{ steps.strict.outcome }}"
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt)).containsExactly("failure");
        assertThat(state.getAnnotationsList())
                .anyMatch(a -> a.getAnnotation().getMessage().startsWith("No files were found"));
    }

    @Test
    void cacheIsSavedAfterAMissAndRestoredByKeyOrPrefix() throws Exception {
        String steps =
                """
                - id: c
                  uses: actions/cache@v4
                  with:
                    path: |
                      ~/store
                      deps
                    key: deps-${{ github.run_id }}
                    restore-keys: deps-
                - run: |
                    echo "hit=[${{ steps.c.outputs.cache-hit }}]"
                    cat deps/sub/a ~/store/b || true
                    rm -rf deps ~/store; mkdir -p deps/sub ~/store
                    printf from-${{ github.run_id }} > deps/sub/a; printf ' home' > ~/store/b
                """;

        assertSuccess(run(steps));
        assertThat(farm.output(attempt)).startsWith("hit=[]");
        assertThat(farm.storage().caches()).containsOnlyKeys("deps-1");
        assertSuccess(run("- run: rm -rf ~/store deps"));
        assertSuccess(run(steps));

        assertThat(farm.output(attempt)).containsExactly("hit=[false]", "from-1 home");
        assertThat(farm.storage().caches()).containsOnlyKeys("deps-1", "deps-3");
    }

    @Test
    void testReportsAreAddedUp() throws Exception {
        var state =
                run(
                        """
                        - run: |
                            cat > TEST-a.xml <<'END'
                            <testsuite name="a" tests="2">
                            <testcase classname="A" name="ok" time="0.5"/>
                            <testcase classname="A" name="bad">
                            <failure message="no">at A.java:3</failure>
                            </testcase></testsuite>
                            END
                        - uses: slipway/test-report@v1
                          with: {path: "TEST-*.xml"}
                        """);

        assertSuccess(state);
        assertThat(state.getTests().getTotal()).isEqualTo(2);
        assertThat(state.getTests().getFailed()).isEqualTo(1);
        assertThat(state.getTests().getFailures(0).getName()).isEqualTo("bad");
    }

    @Test
    void unsupportedActionFailsTheSetUpWithWhatIsThere() throws Exception {
        var state = run("- uses: someone/something@v1\n- run: echo never");

        assertThat(state.getResult().getConclusion()).isEqualTo(Conclusion.CONCLUSION_FAILURE);
        assertThat(farm.output(attempt)).isEmpty();
        assertThat(farm.meta(attempt))
                .anyMatch(line -> line.contains("cannot run 'someone/something@v1'"));
        assertThat(List.of(state.getResult().getCauseDetail()))
                .containsExactly("step 'Set up job' failed");
    }

    @Test
    void secondArtifactOfTheSameNameIsRefusedEvenWithTheSameContent() throws Exception {
        var state =
                run(
                        """
                        - run: printf x > file
                        - uses: actions/upload-artifact@v4
                          with: {name: one, path: file}
                        - id: again
                          continue-on-error: true
                          uses: actions/upload-artifact@v4
                          with: {name: one, path: file}
                        - uses: actions/upload-artifact@v4
                          with: {name: one, path: file, overwrite: true}
                        - run: echo "${{ steps.again.outcome }}"
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt)).containsExactly("failure");
    }

    @Test
    void artifactPatternsHaveAlternatives() throws Exception {
        var state =
                run(
                        """
                        - run: printf x > file
                        - uses: actions/upload-artifact@v4
                          with: {name: linux-x64, path: file}
                        - uses: actions/upload-artifact@v4
                          with: {name: mac-arm, path: file}
                        - uses: actions/upload-artifact@v4
                          with: {name: other, path: file}
                        - uses: actions/download-artifact@v4
                          with: {pattern: "{linux,mac}-*", path: got}
                        - run: ls got
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt)).containsExactly("linux-x64", "mac-arm");
    }
}

package dev.slipway.agent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;

import dev.slipway.agent.AgentFixture;
import dev.slipway.agent.FakeFarm;
import dev.slipway.agent.FakeFarm.Submission;
import dev.slipway.agent.v1.AttemptState;
import dev.slipway.api.v1.Blob;
import dev.slipway.api.v1.BundleSource;
import dev.slipway.api.v1.Conclusion;
import dev.slipway.api.v1.Source;
import dev.slipway.wire.SourceLayout;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/// `actions/checkout` of a submitted working tree, with and without the history behind it.
@Timeout(60)
class CheckoutIT {
    private final FakeFarm farm = new FakeFarm();
    private String attempt = "";

    @TempDir private Path work;
    @TempDir private Path other;
    private Path tree = Path.of("");
    private Path library = Path.of("");

    @BeforeEach
    void makeFolders() throws Exception {
        tree = Files.createDirectories(other.resolve("tree"));
        library = Files.createDirectories(other.resolve("library"));
    }

    private AttemptState run(String sha, String steps) throws Exception {
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
        String github =
                "{\"sha\":\"%s\",\"ref\":\"refs/heads/main\",\"repository\":\"acme/rocket\"}"
                        .formatted(sha);
        try (var _ = AgentFixture.start(farm, work)) {
            attempt =
                    farm.submit(
                            new Submission(workflow, "job", Map.of("github", github), Map.of()),
                            bundle(),
                            0,
                            0);
            return farm.awaitEnd(attempt);
        }
    }

    private void assertSuccess(AttemptState state) {
        assertThat(state.getResult().getConclusion())
                .as("%s %s", farm.meta(attempt), state.getResult().getCauseDetail())
                .isEqualTo(Conclusion.CONCLUSION_SUCCESS);
    }

    /// The tree as the command line packs it; a `.git` folder of its own is left out.
    private Source bundle() throws Exception {
        sh(other, "tar", "cf", "tree.tar", "--exclude=repository", "-C", "tree", ".");
        byte[] bundle = Zstd.compress(Files.readAllBytes(other.resolve("tree.tar")));
        String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bundle));
        farm.storage().putBlob(sha, bundle);
        var blob = Blob.newBuilder().setSha256(sha).setSize(bundle.length);
        return Source.newBuilder().setBundle(BundleSource.newBuilder().setBlob(blob)).build();
    }

    /// Puts the repository where the bundle has it.
    private void packHistory() throws Exception {
        Path repository = other.resolve("repository");
        Files.move(tree.resolve(".git"), repository);
        Path history = tree.resolve(SourceLayout.HISTORY);
        Files.createDirectories(history.getParent());
        String from = repository.toString();
        sh(other, "git", "clone", "-q", "--bare", "--no-local", from, history.toString());
        Files.delete(history.resolve("config"));
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
    void treeWithoutHistoryIsItsFiles() throws Exception {
        Files.createDirectories(tree.resolve("sub"));
        Files.writeString(tree.resolve("sub/file.txt"), "content");
        Files.createSymbolicLink(tree.resolve("sub/link"), Path.of("file.txt"));

        var state =
                run(
                        "1".repeat(40),
                        """
                        - uses: actions/checkout@v4
                        - run: cat sub/link; pwd | sed 's/.*w1/w1/'; ls -A
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt)).containsExactly("contentw1/rocket/rocket", "sub");
    }

    @Test
    void treeWithHistoryIsARepositoryWithItsChanges() throws Exception {
        commit(tree, "a.txt", "first");
        String sha = commit(tree, "b.txt", "second");
        Files.writeString(tree.resolve("a.txt"), "changed");
        Files.delete(tree.resolve("b.txt"));
        Files.writeString(tree.resolve("c.txt"), "new");
        packHistory();

        var state =
                run(
                        sha,
                        """
                        - id: c
                          uses: actions/checkout@v4
                        - run: |
                            test "$(git rev-parse HEAD)" = "$GITHUB_SHA" && echo same
                            git branch --show-current
                            git status --short
                            git config remote.origin.url
                            git rev-list --count HEAD
                            git fetch -q --unshallow origin && git rev-list --count HEAD
                            git remote get-url --push origin
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt))
                .containsExactly(
                        "same",
                        "main",
                        " M a.txt",
                        " D b.txt",
                        "?? c.txt",
                        "https://github.com/acme/rocket",
                        "1",
                        "2",
                        "https://github.com/acme/rocket");
    }

    @Test
    void otherRefsOfTheHistoryAreAsTheyWereCommitted() throws Exception {
        commit(tree, "a.txt", "first");
        sh(tree, "git", "tag", "v1");
        sh(tree, "git", "branch", "side");
        String sha = commit(tree, "a.txt", "second");
        Files.writeString(tree.resolve("a.txt"), "changed");
        packHistory();

        var state =
                run(
                        sha,
                        """
                        - uses: actions/checkout@v4
                          with: {ref: v1, path: tag}
                        - uses: actions/checkout@v4
                          with: {ref: side, path: side, repository: "${{ github.repository }}"}
                        - uses: actions/checkout@v4
                          with: {ref: main, path: main, fetch-depth: 0}
                        - id: none
                          continue-on-error: true
                          uses: actions/checkout@v4
                          with: {ref: nothing, path: none}
                        - run: |
                            cat tag/a.txt; echo; cat side/a.txt; echo; cat main/a.txt; echo
                            git -C main rev-list --count HEAD
                            echo ${{ steps.none.outcome }}
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt))
                .containsExactly("first", "first", "changed", "2", "failure");
    }

    @Test
    void submodulesComeOnlyWhenAskedFor() throws Exception {
        commit(library, "lib.txt", "library");
        commit(tree, "a.txt", "first");
        String allow = "protocol.file.allow=always";
        sh(tree, "git", "-c", allow, "submodule", "add", library.toString(), "lib");
        String sha = commit(tree, "a.txt", "second");
        Files.delete(tree.resolve("lib/.git"));
        packHistory();

        var state =
                run(
                        sha,
                        """
                        - uses: actions/checkout@v4
                        - run: ls lib | wc -l
                        - uses: actions/checkout@v4
                          with: {submodules: recursive}
                        - run: ls lib; git status --short
                        """);

        assertSuccess(state);
        assertThat(farm.output(attempt)).containsExactly("0", "lib.txt");
    }

    @Test
    void mirrorOfAKilledJobIsForgotten() throws Exception {
        String sha = commit(tree, "a.txt", "first");
        packHistory();
        String steps =
                """
                - uses: actions/checkout@v4
                - run: |
                    git config url./gone/scratch/origin.git.insteadOf https://github.com/acme
                - uses: actions/checkout@v4
                  with: {clean: false}
                - run: git fetch -q origin && echo fetched
                """;

        var state = run(sha, steps);

        assertSuccess(state);
        assertThat(farm.output(attempt)).containsExactly("fetched");
    }
}

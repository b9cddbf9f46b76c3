package dev.slipway.cli.project;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the enclosing git repository says about a project folder.
///
/// @param root the repository's top folder
/// @param sha the commit that is checked out; null before the first commit
/// @param ref `refs/heads/…`, or `refs/tags/…` when a tag is checked out without a branch
/// @param defaultBranch the remote's, else `main` or `master`, whichever exists
/// @param remote `owner/name` from the remote `origin`; null when there is none
/// @param dirty the project folder has changes that are not committed
public record GitFacts(
        Path root,
        @Nullable String sha,
        String ref,
        String defaultBranch,
        @Nullable String remote,
        boolean dirty,
        Commit commit) {
    private static final Pattern REMOTE =
            Pattern.compile("[/:]([A-Za-z0-9._-]+)/([A-Za-z0-9._-]+?)(?:\\.git)?/?$");

    /// The commit that is checked out; texts are empty before the first one.
    public record Commit(String message, String author, String email, String time) {}

    /// What an event changed.
    ///
    /// @param before the commit that the changes are counted from; 40 zeros when there is none
    /// @param paths relative to the project folder, uncommitted changes included
    public record Changes(String before, List<String> paths) {}

    /// Asks git about `folder`; absent without a repository or without a git program. A repository
    /// that git refuses to read is told to `warnings`.
    public static Optional<GitFacts> of(Path folder, List<String> warnings)
            throws InterruptedException {
        var git = new Git(folder);
        Optional<Git.Answer> top = git.ask("rev-parse", "--show-toplevel");
        if (top.isEmpty() || !top.get().isOk()) {
            if (hasGitFolder(folder)) {
                warnings.add(
                        top.map(answer -> "git cannot read this repository: " + reason(answer))
                                        .orElse("there is no git program in PATH")
                                + "; going on as if it were no repository");
            }
            return Optional.empty();
        }
        Path root = real(Path.of(top.get().firstLine()));
        @Nullable String sha = git.line("rev-parse", "--verify", "--quiet", "HEAD").orElse(null);
        return Optional.of(
                new GitFacts(
                        root,
                        sha,
                        currentRef(git),
                        defaultBranch(git),
                        git.line("remote", "get-url", "origin")
                                .map(GitFacts::ownerAndName)
                                .orElse(null),
                        git.line("status", "--porcelain", "--untracked-files=normal", "--", ".")
                                .isPresent(),
                        commit(git, sha)));
    }

    private static String reason(Git.Answer answer) {
        return answer.errors()
                .lines()
                .findFirst()
                .orElse("exit code " + answer.exitCode())
                .replaceFirst("^fatal: ", "");
    }

    private static boolean hasGitFolder(Path folder) {
        for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git"))) {
                return true;
            }
        }
        return false;
    }

    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException gone) {
            return path.toAbsolutePath().normalize();
        }
    }

    private static String currentRef(Git git) throws InterruptedException {
        Optional<String> branch = git.line("symbolic-ref", "--quiet", "HEAD");
        if (branch.isPresent()) {
            return branch.get();
        }
        Optional<String> tag = git.line("describe", "--tags", "--exact-match", "HEAD");
        if (tag.isPresent()) {
            return "refs/tags/" + tag.get();
        }
        // A detached commit: the branch that holds it, as a CI checkout has it.
        Optional<String> containing =
                git.line("for-each-ref", "--contains=HEAD", "--format=%(refname)", "refs/heads");
        return containing.orElse("refs/heads/" + defaultBranch(git));
    }

    private static String defaultBranch(Git git) throws InterruptedException {
        Optional<String> remote = git.line("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD");
        if (remote.isPresent()) {
            return remote.get().substring("refs/remotes/origin/".length());
        }
        for (String usual : List.of("main", "master")) {
            if (git.line("rev-parse", "--verify", "--quiet", "refs/heads/" + usual).isPresent()) {
                return usual;
            }
        }
        return git.line("symbolic-ref", "--quiet", "--short", "HEAD").orElse("main");
    }

    /// `owner/name` from an https, ssh or file address.
    static @Nullable String ownerAndName(String url) {
        Matcher matcher = REMOTE.matcher(url);
        return matcher.find() ? matcher.group(1) + "/" + matcher.group(2) : null;
    }

    private static Commit commit(Git git, @Nullable String sha) throws InterruptedException {
        if (sha == null) {
            return new Commit("", "", "", "");
        }
        List<String> parts = git.items("log", "-1", "--format=%an%x00%ae%x00%cI%x00%B%x00", sha);
        return new Commit(part(parts, 3).strip(), part(parts, 0), part(parts, 1), part(parts, 2));
    }

    private static String part(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }

    /// What a push of this folder changes: since the upstream branch when the local one is ahead of
    /// it, else since the commit before.
    public Changes pushChanges(Path folder) throws InterruptedException {
        var git = new Git(folder);
        Optional<String> upstream = git.line("merge-base", "HEAD", "@{upstream}");
        Optional<String> base =
                upstream.filter(commit -> !commit.equals(sha)).isPresent()
                        ? upstream
                        : git.line("rev-parse", "--verify", "--quiet", "HEAD^");
        return changes(git, base);
    }

    /// What a pull request of this folder into `base` changes.
    public Changes pullRequestChanges(Path folder, String base) throws InterruptedException {
        var git = new Git(folder);
        Optional<String> fork = git.line("merge-base", "HEAD", "refs/remotes/origin/" + base);
        return changes(
                git,
                fork.isPresent() ? fork : git.line("merge-base", "HEAD", "refs/heads/" + base));
    }

    private Changes changes(Git git, Optional<String> base) throws InterruptedException {
        var paths = new TreeSet<String>();
        if (sha != null) {
            paths.addAll(
                    base.isPresent()
                            ? git.items("diff", "--name-only", "-z", "--relative", base.get())
                            : git.items("ls-files", "-z"));
        }
        paths.addAll(git.items("ls-files", "-o", "--exclude-standard", "-z"));
        return new Changes(base.orElse("0".repeat(40)), new ArrayList<>(paths));
    }

    /// The full ref that a person means by `name`: a tag when only a tag has that name, else a
    /// branch.
    public static String fullRef(Path folder, String name) throws InterruptedException {
        if (name.startsWith("refs/")) {
            return name;
        }
        var git = new Git(folder);
        boolean tag = git.line("rev-parse", "--verify", "--quiet", "refs/tags/" + name).isPresent();
        boolean branch =
                git.line("rev-parse", "--verify", "--quiet", "refs/heads/" + name).isPresent();
        return tag && !branch ? "refs/tags/" + name : "refs/heads/" + name;
    }
}

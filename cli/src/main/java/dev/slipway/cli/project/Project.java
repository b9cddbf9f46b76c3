package dev.slipway.cli.project;

import dev.slipway.planning.ProjectLocator;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A project folder with everything that is known of it.
///
/// @param located its root and workflow files
/// @param git what the enclosing repository says; absent without one
/// @param name `owner/name` of the remote when the folder is the whole repository, else the
///   folder's name
/// @param warnings for whoever typed the command
public record Project(
        ProjectLocator located, Optional<GitFacts> git, String name, List<String> warnings) {
    /// Looks at the project that `path` (a folder or a workflow file) belongs to.
    public static Project at(Path path) throws IOException, InterruptedException {
        ProjectLocator located = ProjectLocator.locate(path);
        var warnings = new ArrayList<String>();
        Optional<GitFacts> git = GitFacts.of(located.root(), warnings);
        return new Project(located, git, name(located.root(), git), warnings);
    }

    private static String name(Path root, Optional<GitFacts> git) {
        if (git.isPresent() && git.get().root().equals(GitFacts.real(root))) {
            @Nullable String remote = git.get().remote();
            if (remote != null) {
                return remote;
            }
        }
        @Nullable Path folder = root.getFileName();
        return folder == null ? "project" : folder.toString();
    }

    public Path root() {
        return located.root();
    }

    /// The files that belong to a run.
    ///
    /// @param leftOut folders that never do
    public WorkingTree tree(Collection<Path> leftOut) throws IOException, InterruptedException {
        return WorkingTree.of(root(), git.isPresent(), leftOut);
    }

    /// The commit, or in its place a name for the tree's content.
    public String sha(WorkingTree tree) throws IOException {
        @Nullable String commit = git.map(GitFacts::sha).orElse(null);
        return commit == null ? SourceBundle.treeHash(tree) : commit;
    }
}

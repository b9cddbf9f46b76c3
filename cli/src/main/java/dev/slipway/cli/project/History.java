package dev.slipway.cli.project;

import dev.slipway.wire.SourceLayout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The commits behind a working tree, so that steps find a repository where they expect one: a bare
/// clone in a temporary folder that {@link #close} deletes. All branches and tags with all their
/// commits; of a repository larger than {@link #LARGEST} only the commit that is checked out.
///
/// A project that is not the whole repository has none: its workspace is not the repository's.
public final class History implements AutoCloseable {
    private static final long LARGEST = 64L << 20;
    private static final List<String> PARTS = List.of("HEAD", "packed-refs", "shallow", "objects");

    private final Path clone;

    private History(Path clone) {
        this.clone = clone;
    }

    /// Clones the repository of `project`; absent when it has no commits, is only a part of a
    /// repository, or git refuses, which is told to its warnings.
    public static Optional<History> of(Project project) throws IOException, InterruptedException {
        boolean whole =
                project.git()
                        .filter(git -> git.sha() != null)
                        .filter(git -> git.root().equals(GitFacts.real(project.root())))
                        .isPresent();
        if (!whole) {
            return Optional.empty();
        }
        Path folder = Files.createTempDirectory("slipway-history-");
        var history = new History(folder);
        var git = new Git(project.root());
        var clone = new ArrayList<>(List.of("clone", "--quiet", "--bare", "--no-local"));
        if (size(git) > LARGEST) {
            clone.add("--depth=1");
        }
        clone.add(project.root().toString());
        clone.add(folder.toString());
        Optional<Git.Answer> answer = git.ask(clone.toArray(String[]::new));
        if (answer.filter(Git.Answer::isOk).isPresent()) {
            return Optional.of(history);
        }
        history.close();
        project.warnings()
                .add(
                        "the run gets no git history (jobs see the files, but no repository): "
                                + answer.map(it -> it.errors().strip()).orElse("git is gone"));
        return Optional.empty();
    }

    /// What the repository's objects take on the disk, in bytes.
    private static long size(Git git) throws InterruptedException {
        return git.ask("count-objects", "-v")
                .map(Git.Answer::output)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith("size: ") || line.startsWith("size-pack: "))
                .mapToLong(line -> 1024 * Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    /// Writes the repository into an archive, at {@link SourceLayout#HISTORY}.
    void write(TarWriter tar, OutputStream out) throws IOException {
        for (Path file : files()) {
            String name = clone.relativize(file).toString().replace('\\', '/');
            long size = Files.size(file);
            tar.beginFile(SourceLayout.HISTORY + "/" + name, 0644, size);
            try (InputStream in = Files.newInputStream(file)) {
                in.transferTo(out);
            }
            tar.endFile(size);
        }
    }

    private Iterable<Path> files() throws IOException {
        var files = new TreeSet<Path>();
        for (String part : PARTS) {
            if (Files.exists(clone.resolve(part))) {
                try (var below = Files.walk(clone.resolve(part))) {
                    below.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(
                clone,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @org.jspecify.annotations.Nullable IOException problem)
                            throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}

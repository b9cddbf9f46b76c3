package dev.slipway.cli.project;

import dev.slipway.error.ErrorCode;
import dev.slipway.error.SlipwayException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// The files of a project folder that belong to a run: with git what is tracked or new and not
/// ignored (uncommitted changes included), without git everything.
public final class WorkingTree {
    private final Path folder;
    private final List<String> paths;

    private WorkingTree(Path folder, Collection<String> paths) {
        this.folder = folder;
        this.paths = List.copyOf(paths);
    }

    /// Lists the files of `folder`.
    ///
    /// @param inGit whether git knows the folder
    /// @param leftOut folders that never belong to a run, like the farm's own data
    public static WorkingTree of(Path folder, boolean inGit, Collection<Path> leftOut)
            throws IOException, InterruptedException {
        var paths = new TreeSet<String>();
        if (inGit) {
            listByGit(folder, "", paths);
            paths.removeIf(
                    path -> leftOut.stream().anyMatch(out -> folder.resolve(path).startsWith(out)));
        } else {
            listAll(folder, leftOut, paths);
        }
        return new WorkingTree(folder, paths);
    }

    /// Relative paths with `/`, sorted.
    public List<String> paths() {
        return paths;
    }

    private static void listByGit(Path folder, String prefix, TreeSet<String> into)
            throws InterruptedException {
        var git = new Git(folder);
        for (String path : git.items("ls-files", "-co", "--exclude-standard", "-z")) {
            Path file = folder.resolve(path);
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                // A submodule, or a repository inside this one: git lists only its folder.
                String inner = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
                if (Files.exists(file.resolve(".git"))) {
                    listByGit(file, prefix + inner + "/", into);
                }
            } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                into.add(prefix + path);
            }
        }
    }

    private static void listAll(Path folder, Collection<Path> leftOut, TreeSet<String> into)
            throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes facts) {
                        boolean skipped = leftOut.contains(at) || at.endsWith(".git");
                        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                        if (facts.isRegularFile() || facts.isSymbolicLink()) {
                            into.add(folder.relativize(file).toString().replace('\\', '/'));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// Writes the files as a tar archive; equal trees give equal bytes.
    public void writeTar(OutputStream out) throws IOException {
        var tar = new TarWriter(out);
        write(tar, out);
        tar.finish();
    }

    /// Writes the files into an archive that goes on.
    void write(TarWriter tar, OutputStream out) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (String path : paths) {
            Path file = folder.resolve(path);
            if (Files.isSymbolicLink(file)) {
                tar.symlink(path, Files.readSymbolicLink(file).toString());
            } else if (Files.isRegularFile(file)) {
                long size = Files.size(file);
                tar.beginFile(path, Files.isExecutable(file) ? 0755 : 0644, size);
                copyExactly(file, size, out, buffer);
                tar.endFile(size);
            }
        }
    }

    private static void copyExactly(Path file, long size, OutputStream out, byte[] buffer)
            throws IOException {
        long left = size;
        try (InputStream in = Files.newInputStream(file)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new SlipwayException(
                            ErrorCode.STORAGE_FAILED,
                            "'" + file + "' became shorter while it was packed; run it again");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    /// How many files there are, for messages.
    public int size() {
        return paths.size();
    }

    /// Those paths that are workflow files' candidates: directly in `.github/workflows`.
    public List<String> workflowFiles() {
        var found = new ArrayList<String>();
        for (String path : paths) {
            String lower = path.toLowerCase(java.util.Locale.ROOT);
            if (path.startsWith(".github/workflows/")
                    && path.indexOf('/', ".github/workflows/".length()) < 0
                    && (lower.endsWith(".yml") || lower.endsWith(".yaml"))) {
                found.add(path);
            }
        }
        return found;
    }
}

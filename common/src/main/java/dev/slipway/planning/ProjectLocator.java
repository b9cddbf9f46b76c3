package dev.slipway.planning;

import dev.slipway.workflow.WorkflowParser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the project that a path belongs to, and its workflow files.
///
/// The project is the nearest folder from the path upwards that has `.github/workflows`, not
/// further up than the root of the git repository around the path; without one, the path itself.
///
/// @param root the project's folder, absolute
/// @param workflows its workflow files, absolute, sorted by name
/// @param file the workflow file that the path names, if it names a file
public record ProjectLocator(Path root, List<Path> workflows, Optional<Path> file) {

    private static final Path WORKFLOWS = Path.of(".github", "workflows");

    public ProjectLocator {
        workflows = List.copyOf(workflows);
    }

    /// Looks at a folder or a workflow file.
    ///
    /// @throws IOException when the path does not exist or cannot be read
    public static ProjectLocator locate(Path path) throws IOException {
        Path start = path.toAbsolutePath().normalize();
        if (!Files.exists(start)) {
            throw new java.nio.file.NoSuchFileException(path.toString());
        }
        boolean isFile = !Files.isDirectory(start);
        Path folder = isFile ? parent(start) : start;
        Path root = projectRoot(folder);
        return new ProjectLocator(
                root, files(root), isFile ? Optional.of(start) : Optional.empty());
    }

    private static Path projectRoot(Path folder) {
        if (folder.endsWith(WORKFLOWS)) {
            Path github = parent(folder);
            return parent(github);
        }
        Optional<Path> git = gitRoot(folder);
        if (git.isPresent()) {
            for (Path at = folder; at != null && at.startsWith(git.get()); at = at.getParent()) {
                if (Files.isDirectory(at.resolve(WORKFLOWS))) {
                    return at;
                }
            }
        }
        return folder;
    }

    private static Optional<Path> gitRoot(Path folder) {
        for (Path at = folder; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git"))) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    private static List<Path> files(Path root) throws IOException {
        Path folder = root.resolve(WORKFLOWS);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> WorkflowParser.isWorkflowFile(name(entry)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    /// A file of the project as workflows name it: relative to the root, with `/`.
    public String relative(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path relative = absolute.startsWith(root) ? root.relativize(absolute) : absolute;
        return relative.toString().replace('\\', '/');
    }

    /// The project's files as a source of reusable workflows. Never reads outside the project.
    public WorkflowSource source() {
        return name -> {
            Path file = root.resolve(name).normalize();
            if (!file.startsWith(root) || !Files.isRegularFile(file)) {
                return Optional.empty();
            }
            try {
                return Optional.of(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("cannot read the workflow file " + file, e);
            }
        };
    }
}

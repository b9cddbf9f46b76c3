package dev.slipway.lint;

import dev.slipway.planning.ProjectLocator;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.WorkflowParser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Checks files on disk: finds the project of each and which kind of file it is. Not thread-safe.
public final class LintFiles {

    private static final Set<String> ACTION_NAMES = Set.of("action.yml", "action.yaml");

    /// A project and what has been read of it.
    private record Project(ProjectLocator locator, Linter linter) {}

    private final Map<Path, Project> byFolder = new HashMap<>();
    private final Map<Path, Project> byRoot = new HashMap<>();

    /// All problems of one file; a file that cannot be read is a problem too.
    ///
    /// @param file as the caller named it; problems name it the same way
    public List<Problem> lint(Path file) {
        String name = file.toString();
        try {
            if (Files.isDirectory(file)) {
                return List.of(
                        Problem.error(
                                name,
                                Position.START,
                                "this is a folder; name the" + " workflow files in it"));
            }
            long size = Files.size(file);
            if (size > WorkflowParser.MAX_FILE_BYTES) {
                return List.of(WorkflowParser.tooLarge(name, size));
            }
            byte[] source = Files.readAllBytes(file);
            Project project = project(file);
            String last = Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
            return ACTION_NAMES.contains(last)
                    ? project.linter().action(name, source)
                    : project.linter().workflow(name, projectPath(project, file), source);
        } catch (java.nio.file.NoSuchFileException e) {
            return List.of(Problem.error(name, Position.START, "there is no such file"));
        } catch (IOException e) {
            return List.of(
                    Problem.error(
                            name, Position.START, "the file cannot be read: " + e.getMessage()));
        }
    }

    /// The workflow files that a folder stands for: those of its project; a file stands for itself.
    ///
    /// @throws IOException when the folder cannot be read
    public static Stream<Path> expand(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Stream.of(path);
        }
        Path absolute = path.toAbsolutePath().normalize();
        return ProjectLocator.locate(path).workflows().stream()
                .map(
                        file ->
                                file.startsWith(absolute)
                                        ? path.resolve(absolute.relativize(file)).normalize()
                                        : file);
    }

    private Project project(Path file) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path key = folder == null ? file : folder;
        Project known = byFolder.get(key);
        if (known == null) {
            ProjectLocator locator = ProjectLocator.locate(file);
            known =
                    byRoot.computeIfAbsent(
                            locator.root(),
                            root -> new Project(locator, new Linter(locator.source())));
            byFolder.put(key, known);
        }
        return known;
    }

    private static Optional<String> projectPath(Project project, Path file) {
        String path = project.locator().relative(file);
        return path.startsWith(".github/workflows/") ? Optional.of(path) : Optional.empty();
    }
}

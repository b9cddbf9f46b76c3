package dev.slipway.lint;

import dev.slipway.planning.ProjectLocator;
import dev.slipway.planning.WorkflowSource;
import dev.slipway.workflow.Position;
import dev.slipway.workflow.Problem;
import dev.slipway.workflow.WorkflowParser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                                name, Position.START, "there is no workflow file in this folder"));
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

    /// All problems of a workflow that comes from nowhere on disk; calls are not followed.
    ///
    /// @param name how problems name it
    /// @param source at most one byte more than {@link WorkflowParser#MAX_FILE_BYTES} is looked at
    public List<Problem> lint(String name, byte[] source) {
        return new Linter(WorkflowSource.NONE).workflow(name, Optional.empty(), source);
    }

    /// The workflow files that a folder stands for: those of its project or, without any, the YAML
    /// files in it. A file stands for itself, and so does a folder with nothing to check.
    ///
    /// @throws IOException when the folder cannot be read
    public static Stream<Path> expand(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Stream.of(path);
        }
        List<Path> files = new ArrayList<>(workflows(path).toList());
        if (files.isEmpty()) {
            try (Stream<Path> entries = Files.list(path)) {
                entries.filter(Files::isRegularFile)
                        .filter(file -> WorkflowParser.isWorkflowFile(file.toString()))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files.isEmpty() ? Stream.of(path) : files.stream();
    }

    /// The workflow files of the project that a folder is in.
    ///
    /// @throws IOException when the folder cannot be read
    public static Stream<Path> workflows(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        return ProjectLocator.locate(folder).workflows().stream()
                .map(
                        file ->
                                file.startsWith(absolute)
                                        ? folder.resolve(absolute.relativize(file)).normalize()
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

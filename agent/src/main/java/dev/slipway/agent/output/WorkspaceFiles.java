package dev.slipway.agent.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Files below a job's workspace.
public final class WorkspaceFiles implements SourceFiles {
    /// A matcher's file is a page of JSON.
    private static final long MAX_CONFIG_BYTES = 1024 * 1024;

    private final Path workspace;
    private final UnaryOperator<String> toHost;

    /// @param toHost turns a path in the job's container into one on the host; the identity when
    ///   there is no container
    public WorkspaceFiles(Path workspace, UnaryOperator<String> toHost) {
        this.workspace = workspace.toAbsolutePath().normalize();
        this.toHost = toHost;
    }

    @Override
    public String forAnnotation(String file) {
        try {
            Path path = Path.of(toHost.apply(file));
            Path absolute = workspace.resolve(path).normalize();
            if (!absolute.startsWith(workspace) || absolute.equals(workspace)) {
                return file;
            }
            return path.isAbsolute()
                    ? relative(absolute)
                    : workspace.relativize(absolute).toString();
        } catch (InvalidPathException e) {
            return file;
        }
    }

    @Override
    public Optional<String> forMatcher(String file, String fromPath) {
        try {
            Path path = Path.of(toHost.apply(file));
            if (!path.isAbsolute() && !fromPath.isBlank()) {
                Path from = Path.of(toHost.apply(fromPath)).getParent();
                path = from == null ? path : from.resolve(path);
            }
            Path absolute = workspace.resolve(path).normalize();
            return absolute.startsWith(workspace) && Files.isRegularFile(absolute)
                    ? Optional.of(relative(absolute))
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// Relative to the innermost checkout inside the workspace, or to the workspace.
    private String relative(Path file) {
        Path root = file.getParent();
        while (root != null && !root.equals(workspace) && !Files.exists(root.resolve(".git"))) {
            root = root.getParent();
        }
        return (root == null ? workspace : root).relativize(file).toString();
    }

    @Override
    public String read(String path) throws IOException {
        try {
            Path file = workspace.resolve(toHost.apply(path)).normalize();
            if (Files.size(file) > MAX_CONFIG_BYTES) {
                throw new IOException("%s is larger than 1 MiB".formatted(file));
            }
            return Files.readString(file);
        } catch (InvalidPathException e) {
            throw new IOException("'%s' is not a path".formatted(path), e);
        }
    }
}

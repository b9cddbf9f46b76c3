package dev.slipway.agent.runner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Finds programs the way a shell does.
final class Programs {
    private Programs() {}

    /// The first executable file of that name on a `PATH`; a name with a slash stands for itself.
    static Optional<Path> find(String name, String searchPath) {
        if (name.indexOf('/') >= 0) {
            return Optional.of(Path.of(name)).filter(Programs::isProgram);
        }
        for (String folder : searchPath.split(":")) {
            if (!folder.isEmpty()) {
                Path candidate = Path.of(folder, name);
                if (isProgram(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
